/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The file that Kibana imports. This writes it: {@code mvn test -pl camel-routes -am
 * -Dtest=SavedObjectsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -DargLine=-Dserveflow.write=true}.
 */
class SavedObjectsTest {

    private static final Path FILE = ProjectFiles.path("kibana").resolve("serveflow.ndjson");
    private static final ObjectMapper JSON = new JsonMapper();
    private static final String LAYER_REFERENCE = "indexpattern-datasource-layer-layer";

    /** What the fields of a column of Lens may be, by the type that the column says. */
    private static final Map<String, Set<String>> FITTING =
            Map.of(
                    "string", Set.of("keyword"),
                    "ip", Set.of("ip"),
                    "number", Set.of("long", "float"),
                    "date", Set.of("date"));

    @Test
    void shouldBeWhatTheDashboardsSay() throws IOException {
        if (Boolean.getBoolean("serveflow.write")) {
            Files.writeString(FILE, SavedObjects.ndjson());
            return;
        }

        assertThat(Files.readString(FILE))
                .as("kibana/serveflow.ndjson; -DargLine=-Dserveflow.write=true writes it")
                .isEqualTo(SavedObjects.ndjson());
    }

    @Test
    void shouldBeOneDataViewAndFiveDashboardsWithIdsOfOurOwn() throws IOException {
        final List<JsonNode> objects = objects();

        assertThat(objects)
                .extracting(object -> object.get("type").asText() + " " + object.get("id").asText())
                .containsExactly(
                        "index-pattern serveflow-dataview",
                        "dashboard serveflow-traffic",
                        "dashboard serveflow-uncertain",
                        "dashboard serveflow-ports",
                        "dashboard serveflow-hosts",
                        "dashboard serveflow-cascade");
        assertThat(objects.get(0).at("/attributes/title").asText()).isEqualTo("logs-serveflow-*");
        assertThat(objects.get(0).at("/attributes/timeFieldName").asText()).isEqualTo("@timestamp");
    }

    /** Kibana refuses what is stamped newer than itself; 8.14 knows all of these. */
    @Test
    void shouldBeStampedWithVersionsThatTheOldestKibanaKnows() throws IOException {
        for (final JsonNode object : objects()) {
            assertThat(object.get("coreMigrationVersion").asText()).isEqualTo("8.8.0");
            assertThat(object.get("typeMigrationVersion").asText())
                    .isEqualTo(object.get("type").asText().equals("dashboard") ? "8.9.0" : "8.0.0");
            assertThat(object.has("migrationVersion")).isFalse();
        }
    }

    @Test
    void shouldReferToTheDataViewOnceForEachPanel() throws IOException {
        for (final JsonNode dashboard : dashboards()) {
            final List<String> expected = new ArrayList<>();
            for (final JsonNode panel : panels(dashboard)) {
                expected.add(panel.get("panelIndex").asText() + ":" + LAYER_REFERENCE);
                final JsonNode own = panel.at("/embeddableConfig/attributes/references");
                assertThat(own).hasSize(1);
                assertThat(own.get(0).get("name").asText()).isEqualTo(LAYER_REFERENCE);
                assertThat(own.get(0).get("id").asText()).isEqualTo(SavedObjects.DATA_VIEW);
            }
            assertThat(dashboard.get("references"))
                    .extracting(reference -> reference.get("name").asText())
                    .containsExactlyElementsOf(expected);
            assertThat(dashboard.get("references"))
                    .allSatisfy(
                            reference -> {
                                assertThat(reference.get("id").asText())
                                        .isEqualTo(SavedObjects.DATA_VIEW);
                                assertThat(reference.get("type").asText())
                                        .isEqualTo("index-pattern");
                            });
        }
    }

    @Test
    void shouldHaveEverythingThatALensPanelNeeds() throws IOException {
        for (final JsonNode dashboard : dashboards()) {
            for (final JsonNode panel : panels(dashboard)) {
                assertThat(panel.get("type").asText()).isEqualTo("lens");
                assertThat(panel.at("/gridData/i")).isEqualTo(panel.get("panelIndex"));
                final JsonNode lens = panel.at("/embeddableConfig/attributes");
                assertThat(lens.get("type").asText()).isEqualTo("lens");
                assertThat(lens.get("title").asText()).isNotEmpty();
                assertThat(lens.get("visualizationType").asText())
                        .isIn("lnsXY", "lnsMetric", "lnsDatatable", "lnsHeatmap");
                assertThat(lens.get("state").fieldNames())
                        .toIterable()
                        .containsExactlyInAnyOrder(
                                "visualization",
                                "query",
                                "filters",
                                "datasourceStates",
                                "internalReferences",
                                "adHocDataViews");
                assertThat(lens.at("/state/query/language").asText()).isEqualTo("kuery");
                assertThat(layer(panel).fieldNames())
                        .toIterable()
                        .containsExactlyInAnyOrder("columns", "columnOrder", "incompleteColumns");
            }
        }
    }

    @Test
    void shouldShowColumnsThatThereAre() throws IOException {
        for (final JsonNode dashboard : dashboards()) {
            for (final JsonNode panel : panels(dashboard)) {
                final List<String> ids = new ArrayList<>();
                layer(panel).get("columns").fieldNames().forEachRemaining(ids::add);
                assertThat(layer(panel).get("columnOrder"))
                        .extracting(JsonNode::asText)
                        .containsExactlyElementsOf(ids);
                final JsonNode seen = panel.at("/embeddableConfig/attributes/state/visualization");
                assertThat(shown(seen)).isNotEmpty().allMatch(ids::contains);
                layer(panel)
                        .get("columns")
                        .forEach(
                                column -> {
                                    final JsonNode by = column.at("/params/orderBy/columnId");
                                    assertThat(by.isMissingNode() || ids.contains(by.asText()))
                                            .isTrue();
                                });
            }
        }
    }

    @Test
    void shouldNameFieldsOfTheTemplatesWithAFittingType() throws IOException {
        final TemplateFields templates = TemplateFields.read();
        for (final JsonNode dashboard : dashboards()) {
            for (final JsonNode panel : panels(dashboard)) {
                for (final JsonNode column : layer(panel).get("columns")) {
                    final String field = column.get("sourceField").asText();
                    switch (column.get("operationType").asText()) {
                        case "count" -> assertThat(field).isEqualTo("___records___");
                        case "unique_count", "range" -> assertThat(templates.has(field)).isTrue();
                        default ->
                                assertThat(FITTING.get(column.get("dataType").asText()))
                                        .as("%s of %s", field, panel.get("panelIndex"))
                                        .contains(templates.type(field));
                    }
                }
            }
        }
    }

    @Test
    void shouldPlacePanelsInTheGridWithoutOverlap() throws IOException {
        for (final JsonNode dashboard : dashboards()) {
            final Set<String> taken = new java.util.HashSet<>();
            for (final JsonNode panel : panels(dashboard)) {
                final JsonNode grid = panel.get("gridData");
                final int right = grid.get("x").asInt() + grid.get("w").asInt();
                assertThat(right).isLessThanOrEqualTo(48);
                for (int x = grid.get("x").asInt(); x < right; x++) {
                    for (int y = 0; y < grid.get("h").asInt(); y++) {
                        assertThat(taken.add(x + " " + (grid.get("y").asInt() + y)))
                                .as("%s at %s", panel.get("panelIndex"), x)
                                .isTrue();
                    }
                }
            }
        }
    }

    /** The ids of columns that a visualization names. */
    private static List<String> shown(final JsonNode visualization) {
        final List<String> ids = new ArrayList<>();
        for (final String name :
                List.of("metricAccessor", "xAccessor", "yAccessor", "valueAccessor")) {
            if (visualization.has(name)) {
                ids.add(visualization.get(name).asText());
            }
        }
        visualization.path("columns").forEach(column -> ids.add(column.get("columnId").asText()));
        for (final JsonNode layer : visualization.path("layers")) {
            ids.add(layer.get("xAccessor").asText());
            layer.get("accessors").forEach(accessor -> ids.add(accessor.asText()));
            if (layer.has("splitAccessor")) {
                ids.add(layer.get("splitAccessor").asText());
            }
        }
        return ids;
    }

    private static JsonNode layer(final JsonNode panel) {
        return panel.at(
                "/embeddableConfig/attributes/state/datasourceStates/formBased/layers/layer");
    }

    private static JsonNode panels(final JsonNode dashboard) throws IOException {
        return JSON.readTree(dashboard.at("/attributes/panelsJSON").asText());
    }

    private static List<JsonNode> dashboards() throws IOException {
        return objects().stream()
                .filter(object -> object.get("type").asText().equals("dashboard"))
                .toList();
    }

    private static List<JsonNode> objects() throws IOException {
        final List<JsonNode> objects = new ArrayList<>();
        for (final String line : Files.readAllLines(FILE)) {
            objects.add(JSON.readTree(line));
        }
        return objects;
    }
}
