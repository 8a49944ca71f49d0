/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cascades of other shapes than the shipped one, and several tasks at once, through the shipped
 * routes into a real Elasticsearch.
 */
class CascadeShapesTest {

    private static final Path SERVICE = ProjectFiles.bundle("service");
    private static final Path DEVICE = ProjectFiles.bundle("device");

    /** In the log that is read. */
    private static final int FLOWS = 290;

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new JsonMapper();

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void startElasticsearch() throws IOException {
        elasticsearch = LocalElasticsearch.started();
    }

    @AfterAll
    static void stopElasticsearch() {
        elasticsearch.close();
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

        final List<JsonNode> documents = documents(index);
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
        assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isZero();
        assertThat(finals(documents, "service")).hasSize((int) ledger.total(Ledger.Entry.FLOWS));
        assertThat(documents).extracting(document -> text(document, "tier")).isSubsetOf(names);
        assertThat(finals(documents, "service").values())
                .extracting(document -> text(document, "tier"))
                .contains(names.get(names.size() - 1));
        assertLinked(documents);
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

        final List<JsonNode> documents = documents(both);
        assertLinked(documents);
        for (final String task : List.of("service", "device")) {
            assertThat(answers(documents, task))
                    .hasSize((int) ledger.total(Ledger.Entry.FLOWS))
                    .isEqualTo(answers(documents("logs-serveflow-" + task), task));
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

        final List<JsonNode> documents = documents(index);
        assertLinked(documents);
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK)).isEmpty();
        run("logs-serveflow-both", Map.of("serveflow.bundles", settings.get("serveflow.bundles")));
        for (final String task : List.of("service", "device")) {
            assertThat(answers(documents, task))
                    .isEqualTo(answers(documents("logs-serveflow-both"), task));
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

        final List<JsonNode> documents = documents(index);
        assertLinked(documents);
        for (final String task : List.of("service", "device")) {
            assertThat(finals(documents, task)).hasSize((int) ledger.total(Ledger.Entry.FLOWS));
        }
        assertThat(finals(documents, "device").values())
                .extracting(document -> text(document, "tier"))
                .containsOnly("slow", "slow2");
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

    /** Every document that another one names is there, and is provisional, of the same task. */
    private static void assertLinked(final List<JsonNode> documents) {
        final Map<String, JsonNode> byId =
                documents.stream()
                        .collect(
                                Collectors.toMap(
                                        document -> document.at("/event/id").asText(),
                                        document -> document));
        final List<JsonNode> following =
                documents.stream()
                        .filter(document -> document.at("/serveflow/supersedes").isTextual())
                        .toList();
        for (final JsonNode document : following) {
            final JsonNode before = byId.get(document.at("/serveflow/supersedes").asText());
            assertThat(before).as("what %s supersedes", document).isNotNull();
            assertThat(text(before, "stage")).isEqualTo("provisional");
            assertThat(text(before, "task")).isEqualTo(text(document, "task"));
            assertThat(before.at("/log/id/uid")).isEqualTo(document.at("/log/id/uid"));
            assertThat(document.at("/serveflow/revised").asBoolean())
                    .isEqualTo(!text(before, "label").equals(text(document, "label")));
        }
        final Set<String> superseded =
                following.stream()
                        .map(document -> document.at("/serveflow/supersedes").asText())
                        .collect(Collectors.toSet());
        assertThat(superseded)
                .isEqualTo(
                        documents.stream()
                                .filter(document -> text(document, "stage").equals("provisional"))
                                .map(document -> document.at("/event/id").asText())
                                .collect(Collectors.toSet()));
    }

    /** The final document of each flow for a task, of which there is one. */
    private static Map<String, JsonNode> finals(final List<JsonNode> documents, final String task) {
        return documents.stream()
                .filter(document -> text(document, "stage").equals("final"))
                .filter(document -> text(document, "task").equals(task))
                .collect(
                        Collectors.toMap(
                                document -> document.at("/log/id/uid").asText(),
                                document -> document));
    }

    /** What each flow's final document says, but for the times that it took. */
    private static Map<String, String> answers(final List<JsonNode> documents, final String task) {
        return finals(documents, task).entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                flow ->
                                        List.of("tier", "label", "confidence", "supersedes")
                                                .stream()
                                                .map(field -> text(flow.getValue(), field))
                                                .collect(Collectors.joining(" "))));
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
        final Path in = Files.createDirectories(work.resolve("in"));
        if (Files.notExists(in.resolve("mixed.log"))) {
            Files.copy(ProjectFiles.records("mixed"), in.resolve("mixed.log"));
        }
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty("serveflow.input", in.toString());
        settings.setProperty("serveflow.input.settle", "1");
        settings.setProperty("serveflow.elasticsearch.urls", elasticsearch.uri().toString());
        settings.setProperty("serveflow.index", index);
        settings.setProperty(
                "serveflow.dead-letters", work.resolve("dead-letters.ndjson").toString());
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.enabled", "false");
        more.forEach(settings::setProperty);
        return new RouteApplication(Optional.empty(), settings);
    }

    private List<JsonNode> documents(final String index) throws Exception {
        post("/" + index + "/_refresh");
        final List<JsonNode> documents = new ArrayList<>();
        JSON.readTree(
                        http.send(
                                        HttpRequest.newBuilder(
                                                        elasticsearch
                                                                .uri()
                                                                .resolve(
                                                                        "/"
                                                                                + index
                                                                                + "/_search?size=10000"))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body())
                .at("/hits/hits")
                .forEach(
                        hit -> {
                            if (hit.at("/_source/event/dataset")
                                    .asText()
                                    .equals("serveflow.prediction")) {
                                documents.add(hit.get("_source"));
                            }
                        });
        return documents;
    }

    private void post(final String path) throws Exception {
        http.send(
                HttpRequest.newBuilder(elasticsearch.uri().resolve(path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private static String text(final JsonNode document, final String field) {
        return document.path("serveflow").path(field).asText();
    }
}
