/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.log.RefusedRequestFilter;
import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict.BundleRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Metrics and health of the shipped routes and settings, asked over HTTP as a monitoring system
 * asks; both servers run, as they do in production.
 */
@ExtendWith(OwnElasticsearch.class)
class ObservabilityTest {

    private static final Path BUNDLE = ProjectFiles.bundle("service");
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    private final HttpClient http = HttpClient.newHttpClient();
    private URI console;
    private URI observe;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    /** Where a test that stops it fails before its end, the next one has it all the same. */
    @AfterEach
    void startElasticsearchAgain() throws IOException {
        elasticsearch.start();
    }

    @Test
    void shouldCountInItsMetricsWhatTheLedgerCounts() throws Exception {
        try (RouteApplication application = application("logs-serveflow-metrics")) {
            deliver("mixed.log");
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));

            final Ledger ledger = application.ledger();
            final Map<String, Double> samples = scrape();
            assertThat(byTag(samples, "serveflow_events_total", "source"))
                    .isEqualTo(ledger.byDetail(Ledger.Entry.EVENTS));
            assertThat(ledger.byDetail(Ledger.Entry.ESCALATED))
                    .containsOnlyKeys("service/fastest-fast", "service/fast-slow")
                    .allSatisfy(
                            (detail, count) ->
                                    assertThat(samples)
                                            .containsEntry(
                                                    "serveflow_escalated_total{hop=\"%s\",task=\"service\"}"
                                                            .formatted(detail.split("/")[1]),
                                                    (double) count));
            assertThat(ledger.byDetail(Ledger.Entry.VERDICTS))
                    .isNotEmpty()
                    .allSatisfy(
                            (detail, count) -> {
                                final String[] parts = detail.split("/");
                                assertThat(samples)
                                        .containsEntry(
                                                "serveflow_verdicts_total{stage=\"%s\",task=\"%s\",tier=\"%s\"}"
                                                        .formatted(parts[2], parts[0], parts[1]),
                                                (double) count);
                            });
            assertThat(samples)
                    .containsEntry("serveflow_flows_total", total(ledger, Ledger.Entry.FLOWS))
                    .containsEntry("serveflow_indexed_total", total(ledger, Ledger.Entry.INDEXED))
                    .containsEntry(
                            "serveflow_superseded_total", total(ledger, Ledger.Entry.SUPERSEDED))
                    .containsEntry("serveflow_duplicates_total", 0.0)
                    .containsEntry("serveflow_slow_queue", 0.0)
                    .containsEntry("serveflow_slow_threshold", 0.0)
                    .containsKey("serveflow_slow_delay_seconds");
        }
    }

    @Test
    void shouldMeasureTheLatencyOfEveryVerdict() throws Exception {
        try (RouteApplication application = application("logs-serveflow-latency")) {
            deliver("mixed.log");
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));

            final VerdictCounts verdicts = VerdictCounts.of(application.ledger());
            assertThat(scrape())
                    .containsEntry(
                            "serveflow_latency_seconds_count{stage=\"final\",task=\"service\"}",
                            (double) verdicts.last())
                    .containsEntry(
                            "serveflow_latency_seconds_count{stage=\"provisional\",task=\"service\"}",
                            (double) verdicts.provisional())
                    .containsEntry(
                            "serveflow_latency_seconds_bucket{stage=\"final\",task=\"service\",le=\"+Inf\"}",
                            (double) verdicts.last())
                    .containsKey(
                            "serveflow_latency_seconds_bucket{stage=\"final\",task=\"service\",le=\"1.0E-4\"}")
                    .containsKey(
                            "serveflow_latency_seconds_bucket{stage=\"final\",task=\"service\",le=\"60.0\"}");
        }
    }

    @Test
    void shouldNameTheBundleInUse() throws Exception {
        final BundleRef ref;
        try (Bundle bundle = Bundle.load(BUNDLE)) {
            ref = bundle.ref();
        }
        try (RouteApplication application = application("logs-serveflow-bundle")) {
            application.start();

            assertThat(scrape())
                    .containsEntry(
                            "serveflow_bundle_info{sha256=\"%s\",task=\"%s\",version=\"%s\"}"
                                    .formatted(ref.sha256(), ref.task(), ref.version()),
                            1.0);
        }
    }

    @Test
    void shouldServeTheConsoleBesideTheMetrics() throws Exception {
        try (RouteApplication application = application("logs-serveflow-beside")) {
            application.start();

            assertThat(get(console).body()).contains("<title>ServeFlow console</title>");
            assertThat(get(console.resolve("/observe/metrics")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void shouldServeTheConsoleOnThePortOfTheMetrics() throws Exception {
        final int port = freePort();
        try (RouteApplication application =
                application("logs-serveflow-shared", BUNDLE, port, port)) {
            application.start();

            assertThat(get(console).body()).contains("<title>ServeFlow console</title>");
            assertThat(get(observe.resolve("health")).statusCode()).isEqualTo(200);
            assertThat(get(observe.resolve("metrics")).body()).contains("serveflow_flows_total");
        }
    }

    @Test
    void shouldRefuseAPortThatIsTaken() throws Exception {
        try (RouteApplication application = application("logs-serveflow-taken");
                ServerSocket taken =
                        new ServerSocket(observe.getPort(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(application::start)
                    .hasMessageContaining("127.0.0.1 port " + taken.getLocalPort())
                    .hasMessageEndingWith("set camel.management.port to a free port");
        }
    }

    @Test
    void shouldShowInTheConsoleWhatElasticsearchDoesNotTake() throws Exception {
        try (RouteApplication application = application("logs-serveflow-held-shown")) {
            deliver("mixed.log");
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            assertThat(heldInConsole()).isZero();

            elasticsearch.stop();
            deliver("dns.log");
            await().atMost(LONGEST).until(() -> heldInConsole() > 0);

            elasticsearch.start();
            await().atMost(LONGEST).until(() -> application.isSettled(2));
            await().atMost(LONGEST).until(() -> heldInConsole() == 0);
        }
    }

    @Test
    void shouldBeReadyOnlyWhileElasticsearchAnswers() throws Exception {
        try (RouteApplication application = application("logs-serveflow-ready")) {
            deliver("mixed.log");
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            assertThat(health("live")).isEqualTo("UP");
            assertThat(health("ready")).isEqualTo("UP");

            elasticsearch.stop();
            deliver("dns.log");
            await().atMost(LONGEST).until(() -> health("ready").equals("DOWN"));
            assertThat(health("live")).isEqualTo("UP");
            final HttpResponse<String> answer = get(observe.resolve("health/ready"));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .contains("serveflow-index-logs-serveflow-ready")
                    .contains("Elasticsearch cannot be reached");

            elasticsearch.start();
            await().atMost(LONGEST).until(() -> application.isSettled(2));
            await().atMost(LONGEST).until(() -> health("ready").equals("UP"));
            assertThat(byTag(scrape(), "serveflow_retried_total", "reason"))
                    .isEqualTo(application.ledger().byDetail(Ledger.Entry.RETRIED))
                    .isNotEmpty();
        }
    }

    @Test
    void shouldAnswerHealthRequestsAsMonitoringAsksForIt() throws Exception {
        try (RouteApplication application = application("logs-serveflow-exposure")) {
            application.start();

            assertThat(get(observe.resolve("health?exposureLevel=oneline")).body())
                    .isEqualTo("{\"status\":\"UP\"}");
            assertThat(get(observe.resolve("health/")).body()).isEqualTo("{\"status\":\"UP\"}");
            final HttpResponse<String> full =
                    get(observe.resolve("health/ready?exposureLevel=full&data=true"));
            assertThat(header(full, "Content-Type")).isEqualTo("application/json");
            assertThat(header(full, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(new JsonMapper().readTree(full.body()).get("checks"))
                    .isNotEmpty()
                    .allSatisfy(check -> assertThat(check.get("status").asText()).isEqualTo("UP"))
                    .anySatisfy(
                            check ->
                                    assertThat(check.at("/data/urls").asText())
                                            .isEqualTo(elasticsearch.uri().toString()));
            assertThat(get(observe.resolve("health/other")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void shouldFindTheTrafficThatItsBundleWasMadeWithAsTrained() throws Exception {
        try (RouteApplication application = application("logs-serveflow-same", madeWithMixed())) {
            deliver("mixed.log");
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));

            final Map<String, Double> samples = scrape();
            assertThat(samples)
                    .containsEntry(
                            "serveflow_drift_flows{task=\"service\"}",
                            total(application.ledger(), Ledger.Entry.FLOWS));
            for (final String distribution : List.of("labels", "tiers", "payload-size")) {
                assertThat(samples.get(psi(distribution))).as(distribution).isLessThan(0.1);
            }
            assertThat(drift().get("message").asText()).startsWith("service: as trained: ");
        }
    }

    private long heldInConsole() throws Exception {
        return new JsonMapper()
                .readTree(get(console.resolve("/api/status")).body())
                .at("/held/documents")
                .asLong();
    }

    @Test
    void shouldReportDriftAndStayReady() throws Exception {
        try (RouteApplication application = application("logs-serveflow-moved", madeWithMixed())) {
            deliver("dns.log");
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));

            assertThat(scrape().get(psi("labels"))).isGreaterThan(0.25);
            assertThat(drift().get("status").asText()).isEqualTo("UP");
            assertThat(drift().get("message").asText()).startsWith("service: drifted: ");
            assertThat(drift().at("/data/service.state").asText()).isEqualTo("moved");
            assertThat(health("ready")).isEqualTo("UP");
            assertThat(get(console.resolve("/api/status")).body())
                    .contains("\"drift\":[\"service: drifted: ");
        }
    }

    @Test
    void shouldMeasureNoDriftOfABundleWithoutReference() throws Exception {
        final Path bundle = SampleReference.writeNone(BUNDLE, work.resolve("bundle"));
        try (RouteApplication application = application("logs-serveflow-nothing", bundle)) {
            application.start();

            assertThat(scrape().keySet()).noneMatch(name -> name.startsWith("serveflow_drift"));
            assertThat(drift().get("message").asText())
                    .isEqualTo("no bundle in use has a reference");
        }
    }

    private Path madeWithMixed() throws IOException {
        return SampleReference.write(BUNDLE, ProjectFiles.records("mixed"), work.resolve("bundle"));
    }

    private JsonNode drift() throws Exception {
        final JsonNode answer =
                new JsonMapper()
                        .readTree(
                                get(observe.resolve("health?exposureLevel=full&data=true")).body());
        for (final JsonNode check : answer.get("checks")) {
            if (check.get("name").asText().equals("serveflow-drift")) {
                return check;
            }
        }
        throw new AssertionError("no check of drift in " + answer);
    }

    @Test
    void shouldAnswerWithLinksWhereHealthAndMetricsBegin() throws Exception {
        try (RouteApplication application = application("logs-serveflow-links")) {
            application.start();
            for (final URI begin : List.of(observe, observe.resolve("/observe"))) {
                final HttpResponse<String> answer = get(begin);

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body())
                        .contains("href=\"/observe/health\"")
                        .contains("href=\"/observe/metrics\"");
            }
        }
    }

    @Test
    void shouldAnswerHeadLikeGetWithoutABody() throws Exception {
        try (RouteApplication application = application("logs-serveflow-head")) {
            application.start();
            for (final URI page :
                    List.of(
                            console,
                            console.resolve("api/status"),
                            observe,
                            observe.resolve("health"),
                            observe.resolve("metrics"))) {
                final HttpResponse<String> answer =
                        http.send(
                                HttpRequest.newBuilder(page)
                                        .version(HttpClient.Version.HTTP_1_1)
                                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

                assertThat(answer.statusCode()).as("%s", page).isEqualTo(200);
                assertThat(answer.body()).isEmpty();
                assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
            }
        }
    }

    @Test
    void shouldRefuseHostsThatAreNotItsOwn() throws Exception {
        try (RouteApplication application = application("logs-serveflow-hosts")) {
            application.start();
            for (final URI server : List.of(console, observe.resolve("health"))) {
                assertThat(status(server, "evil.example:" + server.getPort())).contains(" 421 ");
                assertThat(status(server, "127.0.0.1.evil.example")).contains(" 421 ");
                assertThat(status(server, "localhost:" + server.getPort())).contains(" 200 ");
                assertThat(status(server, "LOCALHOST")).contains(" 200 ");
                assertThat(status(server, "[::1]:" + server.getPort())).contains(" 200 ");
                assertThat(status(server, "192.0.2.7")).contains(" 200 ");
                assertThat(status(server, "sensor1.example")).contains(" 200 ");
            }
        }
    }

    @Test
    void shouldTellBrowsersWhatThePageMayDo() throws Exception {
        try (RouteApplication application = application("logs-serveflow-policy")) {
            application.start();
            final HttpResponse<String> page = get(console);
            assertThat(header(page, "Content-Security-Policy"))
                    .contains("default-src 'none'")
                    .contains("script-src 'sha256-")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.body()).doesNotContain("style=\"").doesNotContain("onclick");
            for (final HttpResponse<String> answer :
                    List.of(page, get(console.resolve("api/status")), get(observe))) {
                assertThat(header(answer, "Content-Security-Policy")).contains("'none'");
                assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(header(answer, "X-Frame-Options")).isEqualTo("DENY");
                assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
            }
        }
    }

    @Test
    void shouldRefuseARequestThatNamesNoHostWithoutAnErrorInTheLog() throws Exception {
        final Logger logger = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        final ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.addFilter(new RefusedRequestFilter());
        lines.start();
        try (RouteApplication application = application("logs-serveflow-no-host")) {
            application.start();
            logger.addAppender(lines);
            for (final URI page :
                    List.of(
                            console,
                            console.resolve("api/status"),
                            observe.resolve("health"),
                            observe.resolve("metrics"))) {
                assertThat(answer(page, "GET " + page.getPath() + " HTTP/1.1\r\n"))
                        .as(page.getPath())
                        .startsWith("HTTP/1.1 400 ");
            }
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).noneMatch(line -> line.getLevel() == Level.ERROR);
    }

    private static String header(final HttpResponse<String> answer, final String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** The first line of the answer to a request for a host; Java's own client forbids that. */
    private static String status(final URI server, final String host) throws IOException {
        return answer(server, "GET " + server.getPath() + " HTTP/1.1\r\nHost: " + host + "\r\n")
                .lines()
                .findFirst()
                .orElse("no answer");
    }

    private static String answer(final URI server, final String request) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream()
                    .write(
                            (request + "Connection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String psi(final String distribution) {
        return "serveflow_drift_psi{distribution=\"%s\",task=\"service\"}".formatted(distribution);
    }

    private RouteApplication application(final String index) throws IOException {
        return application(index, BUNDLE);
    }

    private RouteApplication application(final String index, final Path bundle) throws IOException {
        return application(index, bundle, freePort(), freePort());
    }

    private RouteApplication application(
            final String index, final Path bundle, final int consolePort, final int managementPort)
            throws IOException {
        console = URI.create("http://127.0.0.1:" + consolePort + "/");
        observe = URI.create("http://127.0.0.1:" + managementPort + "/observe/");
        final Properties settings = RunSettings.ofFiles(elasticsearch, index, work);
        settings.setProperty("serveflow.bundle", bundle.toString());
        settings.setProperty("serveflow.drift.window", "1000");
        settings.setProperty("serveflow.drift.least", "50");
        settings.setProperty("serveflow.console.allowedHosts", "sensor1.example");
        settings.setProperty("serveflow.console.port", Integer.toString(consolePort));
        settings.setProperty("camel.management.enabled", "true");
        settings.setProperty("camel.management.port", Integer.toString(managementPort));
        return new RouteApplication(Optional.empty(), settings);
    }

    /** Puts a sample into the input folder, whole from the first moment. */
    private void deliver(final String file) throws IOException {
        final Path copy =
                Files.copy(ProjectFiles.path("samples/records").resolve(file), work.resolve(file));
        Files.move(copy, work.resolve("in").resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private String health(final String kind) throws Exception {
        final JsonNode answer =
                new JsonMapper().readTree(get(observe.resolve("health/" + kind)).body());
        return answer.get("status").asText();
    }

    /** The samples of a scrape by name and labels, as they are written. */
    private Map<String, Double> scrape() throws Exception {
        final HttpResponse<String> answer = get(observe.resolve("metrics"));
        assertThat(answer.statusCode()).isEqualTo(200);
        final Map<String, Double> samples = new LinkedHashMap<>();
        answer.body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(
                        line -> {
                            final int space = line.lastIndexOf(' ');
                            samples.put(
                                    line.substring(0, space),
                                    Double.valueOf(line.substring(space + 1)));
                        });
        return samples;
    }

    /** The samples of a metric that has one label, by that label's value. */
    private static Map<String, Long> byTag(
            final Map<String, Double> samples, final String name, final String tag) {
        final String start = name + "{" + tag + "=\"";
        final Map<String, Long> values = new LinkedHashMap<>();
        samples.forEach(
                (sample, value) -> {
                    if (sample.startsWith(start)) {
                        values.put(
                                sample.substring(start.length(), sample.length() - 2),
                                value.longValue());
                    }
                });
        return values;
    }

    private static double total(final Ledger ledger, final Ledger.Entry entry) {
        return ledger.total(entry);
    }

    private HttpResponse<String> get(final URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
