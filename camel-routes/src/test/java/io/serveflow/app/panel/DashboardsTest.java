/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.panel.Bucket.Ranges;
import io.serveflow.app.panel.Bucket.Time;
import io.serveflow.app.panel.Panel.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is declared: five dashboards whose panels fit the fields of the templates. */
class DashboardsTest {

    private static final Map<Unit, Set<String>> FITTING =
            Map.of(
                    Unit.COUNT, Set.of("long"),
                    Unit.SHARE, Set.of("float"),
                    Unit.MILLIS, Set.of("float"),
                    Unit.MICROS, Set.of("long"),
                    Unit.TIME, Set.of("date"),
                    Unit.NAME, Set.of("keyword"),
                    Unit.PORT, Set.of("long"),
                    Unit.ADDRESS, Set.of("ip"),
                    Unit.FLOW, Set.of("keyword"));

    private final TemplateFields templates = TemplateFields.read();

    DashboardsTest() throws IOException {}

    @Test
    void shouldHaveTheDashboardsThatAreDocumented() {
        assertThat(Dashboards.all())
                .extracting(Dashboard::title)
                .containsExactly(
                        "Traffic", "Uncertain flows", "Port against label", "Hosts", "The cascade");
    }

    @Test
    void shouldGiveEachPanelAnIdOfItsOwn() {
        assertThat(panels()).extracting(Panel::id).doesNotHaveDuplicates();
    }

    @Test
    void shouldAskForFieldsOfTheTemplatesAlone() {
        assertThat(panels())
                .allSatisfy(
                        panel ->
                                assertThat(panel.fields())
                                        .as(panel.id())
                                        .isNotEmpty()
                                        .allMatch(templates::has));
    }

    @Test
    void shouldPutDocumentsIntoRowsByFieldsOfAFittingType() {
        for (final Panel panel : panels()) {
            for (final Bucket bucket : panel.buckets()) {
                assertThat(bucket instanceof Ranges ? Set.of("float") : FITTING.get(bucket.unit()))
                        .as("%s by %s", panel.id(), bucket.field())
                        .contains(templates.type(bucket.field()));
            }
        }
    }

    @Test
    void shouldMeasureFieldsOfAFittingType() {
        for (final Panel panel : panels()) {
            for (final Measure measure : panel.measures()) {
                switch (measure.operation()) {
                    case COUNT -> assertThat(measure.field()).isEmpty();
                    case DISTINCT ->
                            assertThat(templates.type(measure.field().orElseThrow()))
                                    .isIn("keyword", "ip", "long");
                    default ->
                            assertThat(FITTING.get(measure.unit()))
                                    .as("%s of %s", measure.label(), panel.id())
                                    .contains(templates.type(measure.field().orElseThrow()));
                }
            }
        }
    }

    @Test
    void shouldHaveTheBucketsThatItsKindIsDrawnFrom() {
        for (final Panel panel : panels()) {
            final List<Bucket> buckets = panel.buckets();
            final boolean last =
                    !buckets.isEmpty() && buckets.get(buckets.size() - 1) instanceof Time;
            assertThat(
                            switch (panel.kind()) {
                                case METRIC -> buckets.isEmpty() && panel.measures().size() == 1;
                                case BAR ->
                                        panel.measures().size() == 1
                                                && buckets.size() == (last ? 2 : 1);
                                case LINE -> buckets.size() == 1 && last;
                                case HEAT ->
                                        buckets.size() == 2
                                                && !last
                                                && panel.measures().size() == 1;
                                case TABLE -> !buckets.isEmpty() && !last;
                            })
                    .as(panel.id())
                    .isTrue();
        }
        assertThat(panels()).extracting(Panel::kind).contains(Kind.values());
    }

    @Test
    void shouldSayTheSameInKql() {
        assertThat(
                        Filter.all(
                                        Filter.is("event.dataset", "serveflow.prediction"),
                                        Filter.any(
                                                Filter.is("serveflow.label", "unknown"),
                                                Filter.below("serveflow.confidence", 0.5)),
                                        Filter.not(Filter.is("destination.port", "443", "853")))
                                .kql())
                .isEqualTo(
                        "event.dataset : \"serveflow.prediction\" and (serveflow.label :"
                                + " \"unknown\" or serveflow.confidence < 0.5) and not"
                                + " destination.port : (443 or 853)");
    }

    private static List<Panel> panels() {
        return Dashboards.all().stream().flatMap(one -> one.panels().stream()).toList();
    }
}
