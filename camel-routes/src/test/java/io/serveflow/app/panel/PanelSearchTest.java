/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.IndexedSamples;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The panels, asked of a real Elasticsearch that has verdicts of the shipped routes. */
@ExtendWith(OwnElasticsearch.class)
class PanelSearchTest {

    private static final String INDEX = "logs-serveflow-panels";

    @TempDir private static Path work;

    private static LocalElasticsearch elasticsearch;
    private static PanelSearch search;
    private static List<JsonNode> documents;

    @BeforeAll
    static void store(final LocalElasticsearch server) throws Exception {
        elasticsearch = server;
        IndexedSamples.store(server, INDEX, work);
        documents = StoredDocuments.all(server, INDEX);
        search = new PanelSearch(() -> Optional.of(ElasticConnection.to(server.uri())), INDEX);
    }

    @AfterAll
    static void close() throws IOException {
        if (search != null) {
            search.close();
        }
    }

    @Test
    void shouldHaveRowsInEveryPanel() {
        assertThat(documents).hasSizeGreaterThan(500);
        for (final Dashboard dashboard : Dashboards.all()) {
            final ObjectNode answer = search.show(dashboard, Scope.ALL);
            assertThat(answer.has("problem")).as(answer.toString()).isFalse();
            for (final Panel panel : dashboard.panels()) {
                final JsonNode shown = answer.at("/panels/" + panel.id());
                assertThat(shown.path("problem").asText()).as(panel.id()).isEmpty();
                assertThat(shown.path("rows")).as(panel.id()).isNotEmpty();
                for (final JsonNode row : shown.get("rows")) {
                    assertThat(row)
                            .as(panel.id())
                            .hasSize(panel.buckets().size() + panel.measures().size())
                            .noneMatch(JsonNode::isNull);
                }
            }
        }
    }

    @Test
    void shouldCountWhatTheDocumentsSay() {
        assertThat(numbers(rows("traffic", "traffic-labels", Scope.ALL)))
                .isEqualTo(counted(documents, "label"));
        assertThat(numbers(rows("cascade", "cascade-tiers", Scope.ALL)))
                .isEqualTo(counted(documents, "tier"));
        assertThat(numbers(rows("cascade", "cascade-reasons", Scope.ALL)))
                .isEqualTo(counted(documents, "reason"));
        assertThat(rows("traffic", "traffic-flows", Scope.ALL).get(0).get(0).asLong())
                .isEqualTo(finals(documents).size());
    }

    @Test
    void shouldCountEveryFlowOnceOverTime() {
        for (final String panel : List.of("traffic-over-time", "cascade-tiers-over-time")) {
            long sum = 0;
            for (final JsonNode row : rows(panel.split("-")[0], panel, Scope.ALL)) {
                sum += row.get(2).asLong();
            }
            assertThat(sum).as(panel).isEqualTo(finals(documents).size());
        }
    }

    @Test
    void shouldHaveARowForTheValuesThatAreNotShown() {
        final Panel few =
                new Panel(
                        "few",
                        "Few",
                        "Two labels and the rest.",
                        Panel.Kind.BAR,
                        Filter.is("serveflow.stage", "final"),
                        List.of(
                                new Bucket.Values("Label", "serveflow.label", Unit.NAME, 2)
                                        .withOthers(),
                                new Bucket.Time("Time", "@timestamp")),
                        List.of(Measure.count("Flows")),
                        48,
                        10);

        final JsonNode answer =
                search.show(new Dashboard("few", "Few", "Few.", List.of(few)), Scope.ALL);

        final Map<String, Long> sums = new HashMap<>();
        answer.at("/panels/few/rows")
                .forEach(row -> sums.merge(row.get(0).asText(), row.get(2).asLong(), Long::sum));
        assertThat(sums).hasSize(3).containsKey("other");
        assertThat(sums.values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(finals(documents).size());
    }

    @Test
    void shouldQueueTheLeastCertainFlowFirst() {
        final JsonNode rows = rows("uncertain", "uncertain-queue", Scope.ALL);

        assertThat(rows.get(0).get(1).asDouble())
                .isEqualTo(
                        finals(documents).stream()
                                .mapToDouble(one -> one.at("/serveflow/confidence").asDouble())
                                .min()
                                .orElseThrow(),
                        org.assertj.core.api.Assertions.within(1e-6));
        final String uid = rows.get(0).get(0).asText();
        assertThat(
                        finals(documents).stream()
                                .filter(one -> one.at("/log/id/uid").asText().equals(uid))
                                .map(one -> one.at("/source/ip").asText()))
                .contains(rows.get(0).get(3).asText());
    }

    @Test
    void shouldNarrowAllPanelsToALabelAHostAndATime() {
        final JsonNode some = finals(documents).get(0);
        final String label = some.at("/serveflow/label").asText();
        final String host = some.at("/source/ip").asText();
        final String time = some.get("@timestamp").asText();

        final Scope scope =
                Scope.of(Map.of("label", label, "host", host, "from", time.substring(0, 23) + "Z"));

        assertThat(rows("traffic", "traffic-flows", scope).get(0).get(0).asLong())
                .isPositive()
                .isEqualTo(
                        finals(documents).stream()
                                .filter(one -> one.at("/serveflow/label").asText().equals(label))
                                .filter(
                                        one ->
                                                one.at("/source/ip").asText().equals(host)
                                                        || one.at("/destination/ip")
                                                                .asText()
                                                                .equals(host))
                                .filter(
                                        one ->
                                                one.get("@timestamp")
                                                                .asText()
                                                                .substring(0, 23)
                                                                .compareTo(time.substring(0, 23))
                                                        >= 0)
                                .count());
    }

    /** Kibana is asked in KQL, which on these filters is the syntax of Lucene in other letters. */
    @Test
    void shouldFindTheSameDocumentsByTheKqlOfEachPanel() throws Exception {
        for (final Dashboard dashboard : Dashboards.all()) {
            for (final Panel panel : dashboard.panels()) {
                final String lucene =
                        panel.filter()
                                .kql()
                                .replace(" : ", ":")
                                .replace(" and ", " AND ")
                                .replace(" or ", " OR ")
                                .replaceAll("\\bnot ", "NOT ")
                                .replace(" < ", ":<");
                assertThat(
                                StoredDocuments.count(
                                        elasticsearch,
                                        INDEX,
                                        URLEncoder.encode(lucene, StandardCharsets.UTF_8)))
                        .as(panel.id())
                        .isPositive()
                        .isEqualTo(
                                documents.stream()
                                        .filter(one -> matches(panel.filter(), one))
                                        .count());
            }
        }
    }

    private static boolean matches(final Filter filter, final JsonNode document) {
        if (filter instanceof Filter.All all) {
            return all.filters().stream().allMatch(one -> matches(one, document));
        }
        if (filter instanceof Filter.Any any) {
            return any.filters().stream().anyMatch(one -> matches(one, document));
        }
        if (filter instanceof Filter.Not not) {
            return !matches(not.filter(), document);
        }
        if (filter instanceof Filter.Below below) {
            return field(document, below.field()).isNumber()
                    && field(document, below.field()).floatValue() < below.bound();
        }
        return filter instanceof Filter.Is is
                && is.values().contains(field(document, is.field()).asText());
    }

    private static JsonNode field(final JsonNode document, final String name) {
        return document.at("/" + name.replace('.', '/'));
    }

    @Test
    void shouldFindAllDocumentsOfAFlow() {
        final JsonNode provisional =
                documents.stream()
                        .filter(one -> one.at("/serveflow/stage").asText().equals("provisional"))
                        .findFirst()
                        .orElseThrow();
        final String uid = provisional.at("/log/id/uid").asText();

        final ObjectNode answer = search.flow(provisional.at("/observer/name").asText(), uid);

        assertThat(answer.get("documents"))
                .hasSizeGreaterThan(1)
                .allSatisfy(one -> assertThat(one.at("/log/id/uid").asText()).isEqualTo(uid));
    }

    @Test
    void shouldSayThatNothingIsLikeThat() {
        assertThat(
                        search.show(
                                        Dashboards.all().get(0),
                                        Scope.of(Map.of("label", "nothing_is_called_this")))
                                .get("problem")
                                .asText())
                .isEqualTo("Nothing in " + INDEX + " is like that; take a wider search");
    }

    @Test
    void shouldSayThatTheDataStreamIsNotThereYet() throws IOException {
        try (PanelSearch other =
                new PanelSearch(
                        () -> Optional.of(ElasticConnection.to(elasticsearch.uri())),
                        "logs-serveflow-none")) {
            assertThat(other.show(Dashboards.all().get(0), Scope.ALL).get("problem").asText())
                    .isEqualTo(
                            "Elasticsearch has no data stream logs-serveflow-none yet; the first"
                                    + " verdict makes it");
        }
    }

    @Test
    void shouldSayThatVerdictsGoElsewhere() throws IOException {
        try (PanelSearch other = new PanelSearch(Optional::empty, INDEX)) {
            assertThat(other.show(Dashboards.all().get(0), Scope.ALL).get("problem").asText())
                    .startsWith("This process puts no verdicts into Elasticsearch");
        }
    }

    @Test
    void shouldSayThatElasticsearchCannotBeReached() throws IOException {
        final URI nobody = URI.create("http://127.0.0.1:1");
        try (PanelSearch other =
                new PanelSearch(() -> Optional.of(ElasticConnection.to(nobody)), INDEX)) {
            assertThat(other.show(Dashboards.all().get(0), Scope.ALL).get("problem").asText())
                    .startsWith("Elasticsearch at [http://127.0.0.1:1] cannot be reached")
                    .doesNotContain("\n");
        }
    }

    private static JsonNode rows(final String dashboard, final String panel, final Scope scope) {
        return search.show(Dashboards.find(dashboard).orElseThrow(), scope)
                .at("/panels/" + panel + "/rows");
    }

    private static Map<String, Long> numbers(final JsonNode rows) {
        final Map<String, Long> numbers = new HashMap<>();
        rows.forEach(row -> numbers.put(row.get(0).asText(), row.get(1).asLong()));
        return numbers;
    }

    private static Map<String, Long> counted(final List<JsonNode> documents, final String field) {
        return finals(documents).stream()
                .collect(
                        Collectors.groupingBy(
                                one -> one.at("/serveflow/" + field).asText(),
                                Collectors.counting()));
    }

    private static List<JsonNode> finals(final List<JsonNode> documents) {
        return documents.stream()
                .filter(one -> one.at("/serveflow/stage").asText().equals("final"))
                .toList();
    }
}
