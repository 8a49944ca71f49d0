/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.cli.Serveflow;
import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.fixture.WorkerProcess;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that is replaced on the machine of the sensor and in a worker, one after the other. */
@ExtendWith(OwnElasticsearch.class)
class LiveWorkerTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String BEFORE = "0.1.0";
    private static final Path NEXT = ProjectFiles.bundle("service-noports");

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    private final int management = freePort();

    /** The version of the bundle that comes in the place of the first one. */
    private String after;

    private Path ofWorker;
    private Path ofSensor;
    private Path log;
    private WorkerProcess worker;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @BeforeEach
    void startWorker() throws Exception {
        after =
                new JsonMapper()
                        .readTree(NEXT.resolve("bundle.json").toFile())
                        .at("/version")
                        .asText();
        ofWorker = before(work.resolve("worker-bundle"));
        ofSensor = before(work.resolve("sensor-bundle"));
        log = work.resolve("serveflow.log");
        final Properties settings = new Properties();
        settings.setProperty("serveflow.bundle", ofWorker.toString());
        settings.setProperty("serveflow.bundle.watch", "1");
        settings.setProperty("camel.management.enabled", "true");
        settings.setProperty("camel.management.port", Integer.toString(management));
        worker = WorkerProcess.start(work.resolve("worker"), settings);
    }

    private static Path before(final Path folder) throws Exception {
        ChangedBundle.in(folder);
        ChangedBundle.manifest(folder, manifest -> manifest.put("version", BEFORE));
        return folder;
    }

    @AfterEach
    void stopWorker() {
        worker.close();
    }

    /** The order that loses least: the sensor takes its bundle when the worker has it too. */
    @Test
    void shouldFollowTheWorkerWhereTheSensorHasTheBundleFirst() throws Exception {
        final String index = "logs-serveflow-sensorfirst";
        try (RouteApplication sensor = sensor(index)) {
            sensor.start();
            final long first = append("a");
            awaitFinals(index, first);
            assertThat(slow(index)).isNotEmpty().allMatch(one -> version(one).equals(BEFORE));

            use("--at", ofSensor.toString());
            await().atMost(LIMIT)
                    .until(() -> sensor.ledger().total(Ledger.Entry.BUNDLES_REFUSED) == 1);
            assertThat(sensor.ledger().total(Ledger.Entry.BUNDLE_SWAPS)).isZero();
            final String said =
                    use("--config", work.resolve("worker/serveflow.properties").toString());
            assertThat(said)
                    .contains("is at " + ofWorker + "; a running instance takes it within 1 s");
            await().atMost(LIMIT)
                    .until(() -> sensor.ledger().total(Ledger.Entry.BUNDLE_SWAPS) == 1);

            awaitFinals(index, first + append("b"));
            assertThat(slow(index))
                    .filteredOn(one -> uid(one).startsWith("b"))
                    .isNotEmpty()
                    .allMatch(one -> version(one).equals(after));
            assertThat(unavailable(index)).isZero();
            assertThat(sensor.ledger().total(Ledger.Entry.REPAIR_STORED)).isZero();
            assertThat(metrics())
                    .contains("serveflow_bundle_swaps_total{task=\"service\"} 1.0")
                    .containsPattern("serveflow_bundle_info\\{[^}]*version=\"" + after + "\"")
                    .doesNotContainPattern(
                            "serveflow_bundle_info\\{[^}]*version=\"" + BEFORE + "\"");
        }
    }

    /** Fast answers stand meanwhile, and are kept; nobody answers for another model. */
    @Test
    void shouldHaveNoSlowAnswersWhileTheWorkerAloneHasTheBundle() throws Exception {
        final String index = "logs-serveflow-workerfirst";
        try (RouteApplication sensor = sensor(index)) {
            sensor.start();
            use("--at", ofWorker.toString());
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() -> metrics().contains("serveflow_bundle_swaps_total"));

            final long first = append("a");
            awaitFinals(index, first);
            assertThat(slow(index)).isEmpty();
            final long stood = unavailable(index);
            assertThat(stood).isPositive();
            assertThat(sensor.ledger().total(Ledger.Entry.REPAIR_STORED)).isEqualTo(stood);

            use("--at", ofSensor.toString());
            await().atMost(LIMIT)
                    .until(() -> sensor.ledger().total(Ledger.Entry.BUNDLE_SWAPS) == 1);
            awaitFinals(index, first + append("b"));
            assertThat(slow(index))
                    .isNotEmpty()
                    .allMatch(one -> version(one).equals(after) && uid(one).startsWith("b"));
            assertThat(unavailable(index)).isEqualTo(stood);
        }
    }

    private RouteApplication sensor(final String index) throws Exception {
        final Properties settings = RunSettings.ofTail(elasticsearch, index, work, log);
        settings.setProperty("serveflow.bundle", ofSensor.toString());
        settings.setProperty("serveflow.bundle.watch", "1");
        settings.setProperty("serveflow.slow.endpoints", worker.address());
        settings.setProperty("serveflow.slow.deadline", "5000");
        return new RouteApplication(Optional.empty(), settings);
    }

    private static String use(final String option, final String where) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        assertThat(
                        Serveflow.execute(
                                new PrintWriter(out, true),
                                new PrintWriter(err, true),
                                "bundle",
                                "use",
                                option,
                                where,
                                NEXT.toString()))
                .as(err.toString())
                .isZero();
        return out.toString();
    }

    /** Appends the sample's flows under names of their own; returns how many. */
    private long append(final String prefix) throws Exception {
        final List<String> lines =
                Files.readAllLines(ProjectFiles.records("mixed")).stream()
                        .map(line -> line.replaceFirst("\"uid\":\"", "\"uid\":\"" + prefix))
                        .toList();
        Files.writeString(
                log,
                String.join("\n", lines).concat("\n"),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return lines.stream().filter(line -> line.contains("\"first\"")).count();
    }

    private static void awaitFinals(final String index, final long flows) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> stored(index).finals("service").size() == flows);
    }

    private static StoredVerdicts stored(final String index) throws Exception {
        return StoredVerdicts.of(elasticsearch, index);
    }

    private static List<JsonNode> slow(final String index) throws Exception {
        return stored(index).documents().stream()
                .filter(one -> one.at("/serveflow/tier").asText().equals("slow"))
                .toList();
    }

    private static long unavailable(final String index) throws Exception {
        return stored(index).finals("service").values().stream()
                .filter(one -> one.at("/serveflow/reason").asText().equals("slow_unavailable"))
                .count();
    }

    private static String version(final JsonNode document) {
        return document.at("/serveflow/bundle/version").asText();
    }

    private static String uid(final JsonNode document) {
        return document.at("/log/id/uid").asText();
    }

    private String metrics() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + management
                                                        + "/observe/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static int freePort() {
        try {
            return WorkerProcess.freePort();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
