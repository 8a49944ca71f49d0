/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code verdicts.camel.yaml}, from its very file, in a real run. */
@Timeout(180)
@ExtendWith(OwnElasticsearch.class)
class EnrichExampleTest {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final JsonMapper JSON = new JsonMapper();

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;
    private Path settings;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @BeforeEach
    void settle() throws IOException {
        final Properties properties =
                RunSettings.ofFiles(elasticsearch, "logs-serveflow-enriched", work);
        properties.setProperty("conn.in", Files.createDirectory(work.resolve("conn")).toString());
        properties.setProperty(
                "conn.out", Files.createDirectory(work.resolve("enriched")).toString());
        Files.copy(
                ProjectFiles.path("examples/verdicts.camel.yaml"),
                Files.createDirectory(work.resolve("camel")).resolve("verdicts.camel.yaml"));
        settings = work.resolve("serveflow.properties");
        try (OutputStream out = Files.newOutputStream(settings)) {
            properties.store(out, null);
        }
    }

    @Test
    void shouldGiveEachRecordOfConnLogTheVerdictOnItsFlow() throws Exception {
        final List<String> conn = conn("");
        try (RouteApplication application =
                new RouteApplication(Optional.of(settings), new Properties())) {
            application.start();
            deliver("conn", "conn.log", conn);
            deliver("in", "serveflow.log", Files.readAllLines(ProjectFiles.records("mixed")));
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            await().atMost(LONGEST).until(() -> enriched("conn.log").size() == conn.size());

            assertThat(application.ledger().byDetail(Entry.ENRICHED))
                    .isEqualTo(Map.of("final", (long) conn.size()));
            assertThat(application.ledger().total(Entry.ENRICH_MISSED)).isZero();
        }
        final Map<String, JsonNode> verdicts = finals();
        for (int i = 0; i < conn.size(); i++) {
            final String line = enriched("conn.log").get(i);
            assertThat(line).startsWith(conn.get(i).replaceFirst("}$", ""));
            final JsonNode given = JSON.readTree(line).get("serveflow");
            final JsonNode verdict = verdicts.get(JSON.readTree(line).get("uid").asText());
            assertThat(given.get("verdict_id")).isEqualTo(verdict.at("/event/id"));
            assertThat(given.get("label")).isEqualTo(verdict.at("/serveflow/label"));
            assertThat(given.get("tier")).isEqualTo(verdict.at("/serveflow/tier"));
            assertThat(given.at("/bundle/version"))
                    .isEqualTo(verdict.at("/serveflow/bundle/version"));
        }
    }

    @Test
    void shouldGiveTheRecordsOfAnotherSensorTheirVerdictsByCommunityId() throws Exception {
        final List<String> conn = conn("S");
        try (RouteApplication application =
                new RouteApplication(Optional.of(settings), new Properties())) {
            application.start();
            deliver("in", "serveflow.log", Files.readAllLines(ProjectFiles.records("mixed")));
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            deliver("conn", "eve.json", conn);
            await().atMost(LONGEST).until(() -> enriched("eve.json").size() == conn.size());

            assertThat(application.ledger().byDetail(Entry.ENRICHED))
                    .isEqualTo(Map.of("final", (long) conn.size()));
        }
    }

    @Test
    void shouldHaveEachLogOnceAndWholeThoughItIsRestarted() throws Exception {
        final List<String> conn = conn("").subList(0, 2);
        final Path begun = work.resolve("enriched").resolve(".serveflow").resolve("begun");
        Files.createDirectories(begun.getParent());
        Files.writeString(begun, "what was written when it was killed\n");
        deliver("conn", "first.log", conn);

        passThrough("first.log");
        deliver("conn", "second.log", conn);
        passThrough("second.log");

        assertThat(enriched("first.log")).isEqualTo(conn);
        assertThat(enriched("second.log")).isEqualTo(conn);
        try (Stream<Path> files = Files.list(work.resolve("enriched"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(2);
        }
    }

    /** Runs until a log has passed, whose flows have no verdicts. */
    private void passThrough(final String log) throws Exception {
        final Properties soon = new Properties();
        soon.setProperty("conn.wait", "1ms");
        try (RouteApplication application = new RouteApplication(Optional.of(settings), soon)) {
            application.start();
            await().atMost(LONGEST).until(() -> !enriched(log).isEmpty());
        }
    }

    /** A line of conn.log for each flow of the samples, its id with something before it. */
    private static List<String> conn(final String before) throws IOException {
        final List<String> lines = new ArrayList<>();
        for (final String line : Files.readAllLines(ProjectFiles.records("mixed"))) {
            final JsonNode record = JSON.readTree(line);
            if (record.get("stage").asText().equals("first")) {
                lines.add(
                        JSON.createObjectNode()
                                .<ObjectNode>set("ts", record.get("ts"))
                                .put("uid", before + record.get("uid").asText())
                                .put("proto", record.get("proto").asText())
                                .put("conn_state", "SF")
                                .put("community_id", record.get("community_id").asText())
                                .toString());
            }
        }
        return lines;
    }

    private void deliver(final String folder, final String name, final List<String> lines)
            throws IOException {
        final Path whole = Files.write(work.resolve(name), lines);
        Files.move(whole, work.resolve(folder).resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> enriched(final String name) throws IOException {
        final List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(work.resolve("enriched"))) {
            for (final Path file : files.filter(one -> one.toString().endsWith(name)).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static Map<String, JsonNode> finals() throws IOException, InterruptedException {
        final Map<String, JsonNode> finals = new LinkedHashMap<>();
        for (final JsonNode one : StoredDocuments.of(elasticsearch, "logs-serveflow-enriched")) {
            if (StoredDocuments.stage(one).equals("final")) {
                finals.put(one.at("/log/id/uid").asText(), one);
            }
        }
        return finals;
    }
}
