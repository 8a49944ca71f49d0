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
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.fixture.WorkerProcess;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples for Camel and those of roles, from their very files; the others for the application
 * have their own tests.
 */
@ExtendWith({OwnElasticsearch.class, SharedKafka.class})
class ExamplesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private static final String CONN =
            """
            {"ts":1700000000.1,"uid":"C%d","id.orig_h":"10.0.0.5","id.orig_p":51514,\
            "id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp","service":"ssl",\
            "duration":1.5,"orig_bytes":100,"resp_bytes":2000,"conn_state":"SF",\
            "history":"ShADadFf","orig_pkts":8,"orig_ip_bytes":428,"resp_pkts":7,\
            "resp_ip_bytes":2372}
            """;

    @TempDir private Path folder;
    private Path in;
    private Path out;

    @BeforeEach
    void makeFolders() throws IOException {
        in = Files.createDirectories(folder.resolve("in"));
        out = Files.createDirectories(folder.resolve("out"));
    }

    @Test
    void shouldClassifyACaptureInOneStep() throws Exception {
        Files.copy(ProjectFiles.captures().resolve("dns.pcap"), in.resolve("dns.pcap"));
        try (Running running = new Running("classify-lines", Map.of())) {
            final List<JsonNode> verdicts = running.verdicts(61);

            assertThat(verdicts)
                    .allSatisfy(
                            verdict ->
                                    assertThat(verdict.at("/serveflow/label").asText())
                                            .isEqualTo("dns"));
        }
    }

    @Test
    void shouldAnswerTwoQuestionsAboutEachFlow() throws Exception {
        Files.copy(ProjectFiles.captures().resolve("dns.pcap"), in.resolve("dns.pcap"));
        final Map<String, String> bundles =
                Map.of(
                        "example.service", ProjectFiles.bundle("service").toString(),
                        "example.device", ProjectFiles.bundle("device").toString());
        try (Running running = new Running("two-tasks", bundles)) {
            assertThat(running.verdicts(2 * 61))
                    .extracting(verdict -> verdict.at("/serveflow/task").asText())
                    .containsOnly("service", "device");
        }
    }

    @Test
    void shouldLetConnRecordsPassWithALabel() throws Exception {
        Files.writeString(
                in.resolve("conn.log"), CONN.formatted(1) + "not a record\n" + CONN.formatted(2));
        final Map<String, String> more =
                Map.of(
                        "example.tier",
                        "slow",
                        "example.bundle",
                        ProjectFiles.path("camel-routes/src/test/resources/bundles/tiny-conn")
                                .toString());
        try (Running running = new Running("enrich-conn", more)) {
            final List<String> lines = running.lines("conn.log", 3);

            assertThat(lines.get(1)).isEqualTo("not a record");
            final JsonNode enriched = JSON.readTree(lines.get(2));
            assertThat(enriched.get("uid").asText()).isEqualTo("C2");
            assertThat(enriched.get("serveflow.label").asText()).isNotEmpty();
            assertThat(enriched.get("serveflow.confidence").asDouble()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void shouldAlertOnALabel() throws Exception {
        Files.copy(ProjectFiles.captures().resolve("dns.pcap"), in.resolve("dns.pcap"));
        try (Running running = new Running("alert-on-label", Map.of("example.label", "dns"))) {
            assertThat(running.lines("alerts.txt", 61))
                    .allSatisfy(
                            line ->
                                    assertThat(line)
                                            .matches("dns from [0-9a-f.:]+ to [0-9a-f.:]+"));
            assertThat(running.verdicts(61)).hasSize(61);
        }
    }

    @Test
    void shouldAskTheBetterTierByAnEditedChoice() throws Exception {
        Files.copy(ProjectFiles.records("dns"), in.resolve("serveflow.log"));
        final long flows =
                Files.readAllLines(ProjectFiles.records("dns")).stream()
                        .filter(line -> line.contains("\"stage\":\"first\""))
                        .count();
        try (Running running = new Running("edited-choice", Map.of("example.label", "dns"))) {
            assertThat(running.verdicts((int) flows))
                    .extracting(verdict -> verdict.at("/serveflow/tier").asText())
                    .containsOnly("fast");
        }
    }

    @Test
    void shouldHaveAWorkerScoreAFileThatWaitedForIt() throws Exception {
        Files.copy(ProjectFiles.captures().resolve("dns.pcap"), in.resolve("dns.pcap"));
        final Properties settings = new Properties();
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        try (WorkerProcess worker = WorkerProcess.start(folder.resolve("worker"), settings)) {
            worker.kill();
            try (Running running =
                    new Running("remote-slow", Map.of("example.endpoints", worker.address()))) {
                worker.startAgain();

                assertThat(running.verdicts(61))
                        .extracting(verdict -> verdict.at("/serveflow/tier").asText())
                        .containsOnly("slow");
            }
        }
    }

    @Test
    void shouldGoFromALogToAnIndexWithKamelets(final LocalElasticsearch elasticsearch)
            throws Exception {
        final String index = "logs-serveflow-kamelets";
        final List<String> firsts =
                Files.readAllLines(ProjectFiles.records("dns")).stream()
                        .filter(line -> line.contains("\"stage\":\"first\""))
                        .toList();
        final Map<String, String> more =
                Map.of(
                        "example.log", ProjectFiles.records("dns").toString(),
                        "example.state", out.toString(),
                        "example.urls", elasticsearch.uri().toString(),
                        "example.index", index,
                        "camel.component.serveflow-tail.deadLetters",
                                out.resolve("unread.ndjson").toString());
        try (Running running = new Running("kamelets", more)) {
            await().atMost(PATIENCE)
                    .until(() -> StoredDocuments.of(elasticsearch, index).size() == firsts.size());
            assertThat(running.main.isStarted()).isTrue();
            assertThat(out.resolve("refused.ndjson")).satisfies(ExamplesTest::isEmpty);
        }
    }

    @Test
    void shouldLinkAProcessOfEachRoleByKafka(
            final LocalElasticsearch elasticsearch, final LocalKafka kafka) throws Exception {
        final String index = "logs-serveflow-roles";
        final List<Process> processes = new ArrayList<>();
        try {
            for (final String role : List.of("index", "slow", "fast")) {
                processes.add(begin(role, kafka, elasticsearch, index));
            }
            final Set<String> flows = new HashSet<>();
            for (final String line : Files.readAllLines(ProjectFiles.records("mixed"))) {
                flows.add(JSON.readTree(line).get("uid").asText());
            }
            await().atMost(Duration.ofMinutes(3))
                    .until(
                            () ->
                                    StoredDocuments.count(
                                                    elasticsearch, index, "serveflow.final:true")
                                            >= flows.size());

            final StoredVerdicts stored = StoredVerdicts.of(elasticsearch, index);
            assertThat(stored.finals("service").keySet()).isEqualTo(flows);
            assertThat(stored.count("service", "slow", "final")).isGreaterThan(10);
            stored.assertLinked();
            assertThat(processes).allMatch(Process::isAlive);
        } finally {
            for (final Process process : processes) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** A process with the very file of a role; only addresses and paths are of this machine. */
    private Process begin(
            final String role,
            final LocalKafka kafka,
            final LocalElasticsearch elasticsearch,
            final String index)
            throws IOException {
        final Path work = Files.createDirectories(folder.resolve(role));
        return ServeflowProcess.command(
                        Stream.of(
                                        "serveflow.home=" + ProjectFiles.path(""),
                                        "serveflow.kafka.brokers=" + kafka.brokers(),
                                        "serveflow.elasticsearch.urls=" + elasticsearch.uri(),
                                        "serveflow.index=" + index,
                                        "serveflow.tail.path=" + ProjectFiles.records("mixed"),
                                        "serveflow.tail.positionFile=" + work.resolve("position"),
                                        "serveflow.deadLetters=" + work.resolve("unread.ndjson"),
                                        "serveflow.repair=" + work.resolve("repair.ndjson"),
                                        "serveflow.console.port=0",
                                        "camel.management.port=" + WorkerProcess.freePort())
                                .map(setting -> "-D" + setting)
                                .toList(),
                        List.of(
                                "run",
                                "--config",
                                ProjectFiles.path("examples/roles/" + role + ".properties")
                                        .toString()))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("process.log").toFile())
                .start();
    }

    private static void isEmpty(final Path deadLetters) {
        assertThat(!Files.exists(deadLetters) || deadLetters.toFile().length() == 0).isTrue();
    }

    @Test
    void shouldListEveryExample() throws IOException {
        final String page = Files.readString(ProjectFiles.path("examples/README.md"));
        final Path examples = ProjectFiles.path("examples");
        try (Stream<Path> files = Files.walk(examples)) {
            assertThat(files.map(file -> examples.relativize(file).toString()))
                    .filteredOn(name -> name.matches(".*\\.(camel\\.yaml|properties)"))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(name -> assertThat(page).contains("(" + name + ")"));
        }
    }

    /** An example at work, with the shipped bundle for services unless another is named. */
    private final class Running implements AutoCloseable {

        private final Main main = new Main();

        private Running(final String example, final Map<String, String> more) throws Exception {
            main.setDefaultPropertyPlaceholderLocation("false");
            main.addInitialProperty("example.in", in.toString());
            main.addInitialProperty("example.out", out.toString());
            main.addInitialProperty("example.bundle", ProjectFiles.bundle("service").toString());
            more.forEach(main::addInitialProperty);
            main.configure()
                    .withRoutesIncludePattern(
                            "file:" + ProjectFiles.path("examples/" + example + ".camel.yaml"));
            main.start();
        }

        /** The lines of a file, once it has as many. */
        private List<String> lines(final String name, final int count) {
            final Path file = out.resolve(name);
            await().atMost(PATIENCE)
                    .until(() -> Files.exists(file) && Files.readAllLines(file).size() >= count);
            try {
                return Files.readAllLines(file);
            } catch (final IOException e) {
                throw new AssertionError(e);
            }
        }

        private List<JsonNode> verdicts(final int count) throws IOException {
            final List<JsonNode> verdicts = new ArrayList<>();
            for (final String line : lines("verdicts.ndjson", count)) {
                verdicts.add(JSON.readTree(line));
            }
            return verdicts;
        }

        @Override
        public void close() {
            main.stop();
        }
    }
}
