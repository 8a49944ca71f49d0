/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.fixture.WorkerProcess;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.testing.tls.Certificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped cascade whose slow tier another process scores, with a real Elasticsearch. */
@ExtendWith(OwnElasticsearch.class)
class RemoteSlowTierTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String RECORDS = "mixed.ndjson";
    private static final String OPTION = "camel.component.serveflow.configuration.";

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @Test
    void shouldStoreTheVerdictsThatOneProcessStores() throws Exception {
        final Map<String, String> here =
                verdicts("logs-serveflow-here", new Properties()).answers("service");
        try (WorkerProcess worker = worker(new Properties())) {
            final StoredVerdicts there =
                    verdicts("logs-serveflow-there", endpoints(worker.address()));

            assertThat(there.count("service", "slow", "final")).isGreaterThan(10);
            assertThat(there.answers("service")).isEqualTo(here);
        }
    }

    /** Both sides as {@code docs/scaling.md} has an operator set them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStoreTheVerdictsOfAWorkerBehindTls(final boolean mutual) throws Exception {
        final Certificate certificate = Certificate.valid(work);
        final Properties serving = new Properties();
        serving.setProperty("serveflow.worker.certificate", certificate.chain().toString());
        serving.setProperty("serveflow.worker.privateKey", certificate.key().toString());
        if (mutual) {
            serving.setProperty(
                    "serveflow.worker.clientCertificates", certificate.authority().toString());
        }
        try (WorkerProcess worker = worker(serving)) {
            final Properties asking = endpoints(worker.address());
            asking.setProperty(OPTION + "tls", "true");
            asking.setProperty(OPTION + "trustedCertificates", certificate.authority().toString());
            if (mutual) {
                asking.setProperty(OPTION + "certificate", certificate.chain().toString());
                asking.setProperty(OPTION + "privateKey", certificate.key().toString());
            }

            final StoredVerdicts stored = verdicts("logs-serveflow-tls-" + mutual, asking);

            assertThat(Files.readString(worker.log())).contains(" with TLS");
            assertThat(stored.count("service", "slow", "final")).isGreaterThan(10);
            assertThat(stored.finals("service").values())
                    .noneMatch(document -> reason(document).equals("slow_unavailable"));
        }
    }

    @Test
    void shouldLetTheFastAnswerStandWhereNoServerIs() throws Exception {
        final StoredVerdicts stored =
                verdicts(
                        "logs-serveflow-alone", endpoints("127.0.0.1:" + WorkerProcess.freePort()));

        stored.assertLinked();
        assertThat(stored.count("service", "slow", "final")).isZero();
        assertThat(
                        stored.finals("service").values().stream()
                                .filter(document -> reason(document).equals("slow_unavailable")))
                .hasSizeGreaterThan(10);
    }

    @Test
    void shouldAnswerHealthAndMetricsWhereItScores() throws Exception {
        final int management = WorkerProcess.freePort();
        final Properties settings = new Properties();
        settings.setProperty("camel.management.enabled", "true");
        settings.setProperty("camel.management.port", Integer.toString(management));
        try (WorkerProcess worker = worker(settings)) {
            verdicts("logs-serveflow-counted", endpoints(worker.address()));

            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(
                            () ->
                                    assertThat(get(management, "/observe/health"))
                                            .isEqualTo("{\"status\":\"UP\"}"));
            assertThat(get(management, "/observe/metrics"))
                    .containsPattern("serveflow_worker_rows_total\\{model=\"service-slow\"} [1-9]")
                    .contains("serveflow_worker_refused_total{model=\"service-fast\"} 0.0")
                    .contains("serveflow_bundle_info{");
            assertThat(worker.stop()).isEqualTo(143);
            assertThat(Files.readString(worker.log()))
                    .contains("scores service-fastest, service-fast, service-slow at 127.0.0.1:")
                    .contains("Stopped");
        }
    }

    private static String get(final int port, final String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String reason(final JsonNode document) {
        return document.at("/serveflow/reason").asText();
    }

    private static Properties endpoints(final String addresses) {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.slow.endpoints", addresses);
        settings.setProperty("serveflow.slow.deadline", "5000");
        return settings;
    }

    private WorkerProcess worker(final Properties settings) throws Exception {
        final Properties all = new Properties();
        all.putAll(settings);
        all.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        return WorkerProcess.start(work.resolve("worker"), all);
    }

    /** What an application makes of the sample's records. */
    private StoredVerdicts verdicts(final String index, final Properties more) throws Exception {
        final Path folder = Files.createDirectories(work.resolve(index));
        final Properties settings = RunSettings.ofFiles(elasticsearch, index, folder);
        settings.putAll(more);
        Files.copy(ProjectFiles.records("mixed"), folder.resolve("in").resolve(RECORDS));
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(LIMIT).until(() -> application.isSettled(1));
        }
        return StoredVerdicts.of(elasticsearch, index);
    }
}
