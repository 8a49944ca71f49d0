/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static io.serveflow.app.fixture.StoredDocuments.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cascades of other shapes than the shipped one, and several tasks at once, through the shipped
 * routes into a real Elasticsearch.
 */
@ExtendWith(OwnElasticsearch.class)
class CascadeShapesTest {

    private static final Path SERVICE = ProjectFiles.bundle("service");
    private static final Path DEVICE = ProjectFiles.bundle("device");

    /** In the log that is read. */
    private static final int FLOWS = 290;

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    /** Tiers on packet 1 alone, on more packets alone, and both, one to four of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fast",
                "slow",
                "fastest,fast",
                "fast,slow",
                "slow,slow2",
                "fastest,fast,slow",
                "fast,slow,slow2,slow3",
                "fastest,fast,slow,slow2"
            })
    void shouldRunACascadeOf(final String tiers) throws Exception {
        final List<String> names = List.of(tiers.split(","));
        final Path bundle = DerivedBundle.write(SERVICE, work.resolve("bundle"), "1.0.0", names);
        final String index = "logs-serveflow-shape." + tiers.replace(',', '.');
        final Ledger ledger = run(index, Map.of("serveflow.bundle", bundle.toString()));

        final StoredVerdicts verdicts = verdicts(index);
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isZero();
        assertThat(verdicts.finals("service")).hasSize((int) ledger.total(Ledger.Entry.FLOWS));
        assertThat(verdicts.documents())
                .extracting(document -> text(document, "tier"))
                .isSubsetOf(names);
        assertThat(verdicts.finals("service").values())
                .extracting(document -> text(document, "tier"))
                .contains(names.get(names.size() - 1));
        verdicts.assertLinked();
        final long contextsUsed =
                names.get(0).equals("slow")
                        ? ledger.total(Ledger.Entry.FLOWS)
                        : VerdictCounts.of(ledger).provisional();
        final long firstsAndContexts =
                ledger.total(Ledger.Entry.FLOWS)
                        + contextsUsed
                        + ledger.total(Ledger.Entry.SUPERSEDED);
        assertThat(ledger.total(Ledger.Entry.EVENTS)).isEqualTo(firstsAndContexts);
    }

    @Test
    void shouldGiveTwoTasksAtOnceWhatEachGivesAlone() throws Exception {
        run("logs-serveflow-service", Map.of("serveflow.bundle", SERVICE.toString()));
        run("logs-serveflow-device", Map.of("serveflow.bundle", DEVICE.toString()));
        final String both = "logs-serveflow-both";
        final Ledger ledger =
                run(both, Map.of("serveflow.bundles", "service:" + SERVICE + ",device:" + DEVICE));

        final StoredVerdicts verdicts = verdicts(both);
        verdicts.assertLinked();
        for (final String task : List.of("service", "device")) {
            assertThat(verdicts.answers(task))
                    .hasSize((int) ledger.total(Ledger.Entry.FLOWS))
                    .isEqualTo(verdicts("logs-serveflow-" + task).answers(task));
        }
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isZero();
    }

    /** Where the next records come in while the verdicts of one task are being stored. */
    @Test
    void shouldGiveEachOfTwoTasksItsContextsFromALogThatIsFollowed() throws Exception {
        final String index = "logs-serveflow-followed";
        final Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "serveflow.bundles",
                                "service:" + SERVICE + ",device:" + DEVICE,
                                "serveflow.sources",
                                "tail",
                                "serveflow.tail.path",
                                work.resolve("in/mixed.log").toString(),
                                "serveflow.tail.positionFile",
                                work.resolve("position").toString()));
        final Ledger ledger;
        try (RouteApplication application = application(index, settings)) {
            application.start();
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    application.ledger().total(Ledger.Entry.FLOWS) == FLOWS
                                            && application.isSettled(0));
            ledger = application.ledger();
        }

        final StoredVerdicts verdicts = verdicts(index);
        verdicts.assertLinked();
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK)).isEmpty();
        run("logs-serveflow-both", Map.of("serveflow.bundles", settings.get("serveflow.bundles")));
        for (final String task : List.of("service", "device")) {
            assertThat(verdicts.answers(task))
                    .isEqualTo(verdicts("logs-serveflow-both").answers(task));
        }
    }

    @Test
    void shouldRunATaskOnPacketOneBesideOneThatReadsEveryContext() throws Exception {
        final Path late =
                DerivedBundle.write(
                        DEVICE, work.resolve("late"), "1.0.0", List.of("slow", "slow2"));
        final String index = "logs-serveflow-late";
        final Ledger ledger =
                run(index, Map.of("serveflow.bundles", "device:" + late + ",service:" + SERVICE));

        final StoredVerdicts verdicts = verdicts(index);
        verdicts.assertLinked();
        for (final String task : List.of("service", "device")) {
            assertThat(verdicts.finals(task)).hasSize((int) ledger.total(Ledger.Entry.FLOWS));
        }
        assertThat(verdicts.finals("device").values())
                .extracting(document -> text(document, "tier"))
                .containsOnly("slow", "slow2");
    }

    @Test
    void shouldRunABundleFromAFolderWhateverItIsCalled() throws Exception {
        final Path folder = work.resolve("my a+b&c=d 50% 50%25 x?y#z (1)");
        final Path bundle = DerivedBundle.write(SERVICE, folder, "1.0.0", List.of("fast"));
        final String index = "logs-serveflow-folder";
        final Ledger ledger = run(index, Map.of("serveflow.bundle", bundle.toString()));

        assertThat(verdicts(index).finals("service"))
                .hasSize((int) ledger.total(Ledger.Entry.FLOWS));
    }

    @Test
    void shouldNotStartWithABundleOfAnotherTask() throws Exception {
        try (RouteApplication application =
                application(
                        "logs-serveflow-wrong", Map.of("serveflow.bundles", "device:" + SERVICE))) {
            assertThatThrownBy(application::start)
                    .hasMessage(
                            "bundle %s answers the task service, but serveflow.bundles names it for"
                                            .formatted(SERVICE)
                                    + " device; write service:"
                                    + SERVICE);
        }
    }

    @Test
    void shouldNotStartWithARouteFileThatReplacesNothingAnyMore() throws IOException {
        final Path own = Files.createDirectories(work.resolve("camel")).resolve("fast.camel.yaml");
        Files.writeString(own, "[]");

        assertThatThrownBy(() -> new RouteApplication(Optional.of(work), new Properties()))
                .hasMessage(
                        "route file %s replaces no shipped file any more; what it did is in"
                                        .formatted(own)
                                + " cascade.camel.yaml now, so put a file of that name in its"
                                + " place, or give it another name if it is a route of your own");
    }

    @Test
    void shouldNotStartWithARouteFileThatSendsToARouteOfAnEarlierVersion() throws IOException {
        final Path own = Files.createDirectories(work.resolve("camel")).resolve("flows.camel.yaml");
        Files.writeString(
                own,
                """
                - route:
                    from:
                      uri: direct:flows
                      steps:
                        - to: direct:fastest
                """);

        assertThatThrownBy(() -> new RouteApplication(Optional.of(work), new Properties()))
                .hasMessage(
                        "route file %s sends to direct:fastest, a route of an earlier version that"
                                        .formatted(own)
                                + " is gone; send first records to \"{{cascades.first}}\", as the"
                                + " shipped flows.camel.yaml does");
    }

    private Ledger run(final String index, final Map<String, String> settings) throws Exception {
        try (RouteApplication application = application(index, settings)) {
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            return application.ledger();
        }
    }

    private RouteApplication application(final String index, final Map<String, String> more)
            throws IOException {
        final Properties settings = RunSettings.ofFiles(elasticsearch, index, work);
        final Path log = work.resolve("in/mixed.log");
        if (Files.notExists(log)) {
            Files.copy(ProjectFiles.records("mixed"), log);
        }
        more.forEach(settings::setProperty);
        return new RouteApplication(Optional.empty(), settings);
    }

    private static StoredVerdicts verdicts(final String index) throws Exception {
        return StoredVerdicts.of(elasticsearch, index);
    }
}
