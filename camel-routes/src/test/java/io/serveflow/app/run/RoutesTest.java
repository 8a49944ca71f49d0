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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.BuildInfo;
import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.settings.Settings;
import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict.BundleRef;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped YAML routes with the shipped bundle, sensor files in, a real Elasticsearch behind.
 */
@ExtendWith(OwnElasticsearch.class)
class RoutesTest {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new JsonMapper();

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> askedSlow = ConcurrentHashMap.newKeySet();

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @Test
    void shouldIndexEveryVerdictOfEveryFlow() throws Exception {
        final String index = "logs-serveflow-every";
        try (RouteApplication application = application(index, "mixed.log")) {
            application.start();
            awaitIndexed(application, 1);

            final Ledger ledger = application.ledger();
            final VerdictCounts verdicts = VerdictCounts.of(ledger);
            assertThat(verdicts.last()).isEqualTo(ledger.total(Ledger.Entry.FLOWS)).isPositive();
            assertThat(StoredDocuments.of(elasticsearch, index))
                    .hasSize(Math.toIntExact(verdicts.last() + verdicts.provisional()));
            assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
            assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isZero();
        }
    }

    @Test
    void shouldAccountForEveryEvent() throws Exception {
        try (RouteApplication application = application("logs-serveflow-account", "mixed.log")) {
            application.start();
            awaitIndexed(application, 1);

            final Ledger ledger = application.ledger();
            final long firsts = ledger.total(Ledger.Entry.FLOWS);
            final long contextsUsed = VerdictCounts.of(ledger).provisional();
            assertThat(ledger.total(Ledger.Entry.EVENTS))
                    .isEqualTo(firsts + contextsUsed + ledger.total(Ledger.Entry.SUPERSEDED));
        }
    }

    @Test
    void shouldNeverAskTheSlowTierForAFlowThatIsCertainAtPacketOne() throws Exception {
        final String index = "logs-serveflow-certain";
        try (RouteApplication application = application(index, "mixed.log")) {
            application.start();
            awaitIndexed(application, 1);

            final Set<String> certain =
                    StoredDocuments.of(elasticsearch, index).stream()
                            .filter(document -> text(document, "reason").equals("certain"))
                            .map(RoutesTest::uid)
                            .collect(Collectors.toSet());
            assertThat(certain).isNotEmpty();
            assertThat(askedSlow).isNotEmpty().doesNotContainAnyElementsOf(certain);
        }
    }

    @Test
    void shouldFollowAProvisionalVerdictWithAFinalOneThatNamesIt() throws Exception {
        final String index = "logs-serveflow-provisional";
        try (RouteApplication application = application(index, "mixed.log")) {
            application.start();
            awaitIndexed(application, 1);

            final List<JsonNode> documents = StoredDocuments.of(elasticsearch, index);
            final List<JsonNode> provisional =
                    documents.stream()
                            .filter(document -> text(document, "stage").equals("provisional"))
                            .toList();
            assertThat(provisional).isNotEmpty();
            for (final JsonNode before : provisional) {
                final List<JsonNode> after =
                        documents.stream()
                                .filter(document -> uid(document).equals(uid(before)))
                                .filter(document -> text(document, "stage").equals("final"))
                                .toList();
                assertThat(after).hasSize(1);
                assertThat(text(before, "tier")).isEqualTo("fast");
                assertThat(text(after.get(0), "tier")).isEqualTo("slow");
                assertThat(text(after.get(0), "supersedes"))
                        .isEqualTo(before.at("/event/id").asText());
                assertThat(after.get(0).at("/serveflow/revised").asBoolean())
                        .isEqualTo(!text(before, "label").equals(text(after.get(0), "label")));
            }
        }
    }

    @Test
    void shouldIndexNothingTwiceWhenAFileIsReplayed() throws Exception {
        final String index = "logs-serveflow-replay";
        for (int run = 0; run < 2; run++) {
            try (RouteApplication application = application(index, "mixed.log")) {
                application.start();
                awaitIndexed(application, 1);
            }
        }

        final List<JsonNode> documents = StoredDocuments.of(elasticsearch, index);
        assertThat(documents.stream().map(document -> document.at("/event/id").asText()).distinct())
                .hasSameSizeAs(documents);
    }

    @Test
    void shouldKeepABrokenLineAsADeadLetterAndReadOn() throws Exception {
        final String index = "logs-serveflow-broken";
        try (RouteApplication application = application(index, "mixed.log")) {
            final Path log = work.resolve("in/mixed.log");
            final List<String> lines = new ArrayList<>(Files.readAllLines(log));
            lines.add(1, "{\"ts\":1700000000.1,\"uid\":");
            Files.write(log, lines);
            application.start();
            awaitIndexed(application, 1);

            assertThat(application.ledger().byDetail(Ledger.Entry.DEAD_LETTERED))
                    .containsExactly(Map.entry("bad_json", 1L));
            assertThat(Files.readString(work.resolve("dead-letters.ndjson")))
                    .contains("mixed.log")
                    .contains("bad_json");
            assertThat(VerdictCounts.of(application.ledger()).last())
                    .isEqualTo(application.ledger().total(Ledger.Entry.FLOWS));
        }
    }

    @Test
    void shouldKeepAFileThatIsNoSensorsAsADeadLetter() throws Exception {
        try (RouteApplication application = application("logs-serveflow-unreadable", "mixed.log")) {
            Files.writeString(work.resolve("in/notes.txt"), "nothing that a sensor writes\n");
            application.start();
            awaitIndexed(application, 2);

            assertThat(application.ledger().byDetail(Ledger.Entry.DEAD_LETTERED))
                    .containsExactly(Map.entry("unreadable_file", 1L));
        }
    }

    @Test
    void shouldReadAFileAgainThatHasGrown() throws Exception {
        final String index = "logs-serveflow-grown";
        try (RouteApplication application = application(index, "mixed.log")) {
            final Path log = work.resolve("in/mixed.log");
            final List<String> lines = Files.readAllLines(log);
            Files.write(log, lines.subList(0, lines.size() / 2));
            application.start();
            awaitIndexed(application, 1);
            final long before = application.ledger().total(Ledger.Entry.INDEXED);

            Files.write(log, lines);

            awaitIndexed(application, 2);
            await().atMost(LONGEST)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    application.ledger().total(Ledger.Entry.INDEXED)
                                                            - application
                                                                    .ledger()
                                                                    .total(Ledger.Entry.DUPLICATES))
                                            .isGreaterThan(before));
        }
    }

    @Test
    void shouldNotWaitForAnEmptyFileToBecomeLonger() throws Exception {
        try (RouteApplication application = application("logs-serveflow-empty", "mixed.log")) {
            Files.createFile(work.resolve("in/a-before-the-others.log"));
            application.start();
            awaitIndexed(application, 2);

            assertThat(application.ledger().total(Ledger.Entry.DEAD_LETTERED)).isZero();
        }
    }

    /** A service sees the folder read-only; Camel's lock would write a file beside each. */
    @Test
    void shouldWriteNothingIntoTheFolderOfSensorFiles() throws Exception {
        try (RouteApplication application = application("logs-serveflow-read", "mixed.log")) {
            final FileTime unchanged = FileTime.from(Instant.parse("2026-11-22T12:00:00Z"));
            Files.setLastModifiedTime(work.resolve("in"), unchanged);
            application.start();
            awaitIndexed(application, 1);

            assertThat(Files.getLastModifiedTime(work.resolve("in"))).isEqualTo(unchanged);
        }
    }

    @Test
    void shouldReadEachOfMoreThanAThousandFilesOnce() throws Exception {
        final int files = 1_100;
        try (RouteApplication application = application("logs-serveflow-many")) {
            for (int i = 0; i < files; i++) {
                Files.createFile(work.resolve("in/empty-" + i + ".log"));
            }
            Files.copy(ProjectFiles.records("mixed"), work.resolve("in/z-last-of-all.log"));
            application.start();
            awaitIndexed(application, files + 1);
            /* Another file shows that the folder has been looked at again. */
            Files.createFile(work.resolve("in/later.log"));
            awaitIndexed(application, files + 2);

            assertThat(application.inputsDone().count()).isEqualTo(files + 2);
        }
    }

    @Test
    void shouldStartWithoutElasticsearchWhereTemplatesAreLeftToOthers() throws Exception {
        final Properties settings = settings("logs-serveflow-without");
        settings.setProperty("serveflow.elasticsearch.urls", "http://127.0.0.1:1");
        settings.setProperty("serveflow.elasticsearch.templates", "false");

        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();

            assertThat(application.context().isStarted()).isTrue();
        }
    }

    @Test
    void shouldFollowNoLinkOutOfTheFolderOfSensorFiles() throws Exception {
        final Path outside = Files.createDirectories(work.resolve("outside"));
        Files.copy(ProjectFiles.records("dns"), outside.resolve("dns.log"));
        try (RouteApplication application = application("logs-serveflow-links")) {
            Files.createSymbolicLink(work.resolve("in/file.log"), outside.resolve("dns.log"));
            Files.createSymbolicLink(work.resolve("in/folder"), outside);
            Files.createFile(work.resolve("in/z-own.log"));
            Files.createSymbolicLink(work.resolve("in/z-same.log"), work.resolve("in/z-own.log"));
            application.start();
            await().atMost(LONGEST).until(() -> application.inputsDone().count() >= 2);
            await().atMost(LONGEST)
                    .untilAsserted(
                            () ->
                                    assertThat(application.ledger().byDetail(Ledger.Entry.SKIPPED))
                                            .containsEntry(FilesInside.OUTSIDE, 2L));

            assertThat(application.ledger().total(Ledger.Entry.EVENTS)).isZero();
        }
    }

    @Test
    void shouldSayWhatRunsInOneLine() throws Exception {
        final Properties settings = settings("logs-serveflow-line");
        assertThat(
                        StartLine.of(
                                Settings.load(
                                        new Settings.Sources(
                                                ProjectFiles.root(),
                                                Optional.empty(),
                                                ProcessSettings.none(),
                                                settings,
                                                Set.of())),
                                List.of(new BundleRef("serveflow-service", "1.2", "service", "ab")),
                                RouteFiles.beside(Optional.of(ownRoutes())),
                                OptionalInt.of(18088)))
                .isEqualTo(
                        "serveflow "
                                + BuildInfo.version()
                                + " is running: sources files; bundle serveflow-service 1.2; index"
                                + " logs-serveflow-line at "
                                + elasticsearch.uri()
                                + "; no health; console http://127.0.0.1:18088/; own routes"
                                + " cascade.camel.yaml (instead of the shipped), mine.camel.yaml");
    }

    private Path ownRoutes() throws IOException {
        final Path folder = Files.createDirectories(work.resolve("camel"));
        Files.writeString(folder.resolve("cascade.camel.yaml"), "[]");
        Files.writeString(folder.resolve("mine.camel.yaml"), "[]");
        return work;
    }

    @Test
    void shouldRefuseDeadLettersAmongTheSensorFiles() throws Exception {
        final Properties settings = settings("logs-serveflow-loop");
        settings.setProperty("serveflow.deadLetters", work.resolve("in/dead.ndjson").toString());

        assertThatThrownBy(() -> new RouteApplication(Optional.empty(), settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("serveflow.deadLetters")
                .hasMessageContaining("dead.ndjson");
        assertThat(work.resolve("in/dead.ndjson")).doesNotExist();
    }

    @Test
    void shouldRefuseAWindowOfDriftThatCanNeverSayAnything() throws Exception {
        final Properties settings = settings("logs-serveflow-drift");
        settings.setProperty("serveflow.drift.window", "1000");
        settings.setProperty("serveflow.drift.least", "1000");
        assertThatThrownBy(() -> new RouteApplication(Optional.empty(), settings))
                .hasMessage(
                        "setting serveflow.drift.least is '1000'; it must be at most 900, nine"
                                + " tenths of serveflow.drift.window");
        settings.setProperty("serveflow.drift.window", "many");
        assertThatThrownBy(() -> new RouteApplication(Optional.empty(), settings))
                .hasMessage(
                        "setting serveflow.drift.window is 'many'; it must be a whole number from"
                                + " 10 to 1000000000");
    }

    @Test
    void shouldUseTheTypesOfTheTemplate() throws Exception {
        final String index = "logs-serveflow-types";
        try (RouteApplication application = application(index, "mixed.log")) {
            application.start();
            awaitIndexed(application, 1);

            final JsonNode fields =
                    StoredDocuments.get(elasticsearch, "/" + index + "/_mapping")
                            .elements()
                            .next()
                            .at("/mappings/properties");
            assertThat(fields.at("/source/properties/ip/type").asText()).isEqualTo("ip");
            assertThat(fields.at("/serveflow/properties/label/type").asText()).isEqualTo("keyword");
            assertThat(fields.at("/serveflow/properties/top/type").asText()).isEqualTo("flattened");
        }
    }

    /** Windows are over when a later one begins, and when the application stops. */
    @Test
    void shouldIndexWhatEachHostIs() throws Exception {
        final String index = "logs-serveflow-hosts";
        final Properties voting = new Properties();
        voting.setProperty(
                "serveflow.bundle",
                ChangedBundle.voting(work.resolve("voting"), "mean").toString());
        voting.setProperty("serveflow.hosts.grace", "0");
        final Ledger ledger;
        try (RouteApplication application = application(index, voting, "mixed.log")) {
            application.start();
            awaitIndexed(application, 1);
            ledger = application.ledger();
        }

        final List<JsonNode> hosts =
                StoredDocuments.of(elasticsearch, index).stream()
                        .filter(
                                document ->
                                        document.at("/event/dataset")
                                                .asText()
                                                .equals("serveflow.host"))
                        .toList();
        assertThat(hosts)
                .isNotEmpty()
                .allMatch(host -> host.at("/host/ip").asText().matches("10[.].*|f[de].*"))
                .allMatch(
                        host ->
                                host.at("/event/start")
                                                .asText()
                                                .compareTo(
                                                        host.at("/serveflow/first_seen").asText())
                                        <= 0);
        assertThat(hosts.stream().mapToLong(host -> host.at("/serveflow/flows").asLong()).sum())
                .isBetween(1L, ledger.total(Ledger.Entry.FLOWS));
        assertThat(ledger.byDetail(Ledger.Entry.HOST_VERDICTS)).containsOnlyKeys("service");
        assertThat(
                        StoredDocuments.get(elasticsearch, "/" + index + "/_mapping")
                                .elements()
                                .next()
                                .at("/mappings/properties/host/properties/ip/type")
                                .asText())
                .isEqualTo("ip");
    }

    @Test
    void shouldWaitForElasticsearchAndThenIndexAll() throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        final Properties late = new Properties();
        late.setProperty("serveflow.elasticsearch.urls", "http://127.0.0.1:" + port);
        try (RouteApplication application = application("logs-serveflow-late", late, "mixed.log")) {
            final Thread starting = new Thread(() -> start(application));
            starting.start();
            try (LocalElasticsearch server =
                    LocalElasticsearch.started(
                            Path.of(System.getProperty("serveflow.elasticsearch.home")),
                            LocalElasticsearch.Options.defaults()
                                    .withJvmOptions("-XX:TieredStopAtLevel=1")
                                    .withHttpPort(port))) {
                awaitIndexed(application, 1);
                assertThat(server.isRunning()).isTrue();
                assertThat(application.ledger().total(Ledger.Entry.INDEXED)).isPositive();
            }
            starting.join();
        }
    }

    /** On a port that the system chooses, which the line of the start names. */
    @Test
    void shouldServeTheConsoleAndItsNumbers() throws Exception {
        try (RouteApplication application = application("logs-serveflow-console", "mixed.log")) {
            application.start();
            awaitIndexed(application, 1);
            final int port = application.takenPort().orElseThrow();

            final String page = fetch(URI.create("http://127.0.0.1:" + port + "/"));
            final JsonNode status =
                    JSON.readTree(fetch(URI.create("http://127.0.0.1:" + port + "/api/status")));

            assertThat(answerTo(port, "/", "X-Secret")).as("what the request brought").isEmpty();
            assertThat(answerTo(port, "/api/status", "X-Secret")).isEmpty();
            assertThat(page).contains("<title>ServeFlow console</title>");
            assertThat(status.at("/ledger/indexed/total").asLong())
                    .isEqualTo(application.ledger().total(Ledger.Entry.INDEXED));
            assertThat(status.get("latest")).isNotEmpty();
        }
    }

    @Test
    void shouldLetARouteFileOfTheOperatorReplaceTheShippedOne() throws Exception {
        final Path configuration = Files.createDirectories(work.resolve("conf"));
        Files.writeString(
                Files.createDirectories(configuration.resolve("camel"))
                        .resolve("verdicts.camel.yaml"),
                """
                - route:
                    id: verdicts
                    from:
                      uri: direct:verdicts
                      steps:
                        - bean:
                            ref: inputsDone
                            method: add
                """);
        try (RouteApplication application =
                new RouteApplication(
                        Optional.of(configuration), settings("logs-serveflow-own", "mixed.log"))) {
            application.start();

            await().atMost(LONGEST).until(() -> application.inputsDone().count() > 1);
            assertThat(application.ledger().total(Ledger.Entry.INDEXED)).isZero();
        }
    }

    private static void start(final RouteApplication application) {
        try {
            application.start();
        } catch (final Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private RouteApplication application(final String index, final String... files)
            throws Exception {
        return application(index, new Properties(), files);
    }

    private RouteApplication application(
            final String index, final Properties more, final String... files) throws Exception {
        final Properties settings = settings(index, files);
        settings.putAll(more);
        final RouteApplication application = new RouteApplication(Optional.empty(), settings);
        application.bind("slowAsked", new SlowAsked());
        return application;
    }

    private Properties settings(final String index, final String... files) throws IOException {
        final Path in = Files.createDirectories(work.resolve("in"));
        for (final String file : files) {
            if (Files.notExists(in.resolve(file))) {
                Files.copy(ProjectFiles.path("samples/records").resolve(file), in.resolve(file));
            }
        }
        return RunSettings.ofFiles(elasticsearch, index, work);
    }

    private static void awaitIndexed(final RouteApplication application, final long files) {
        await().atMost(LONGEST).until(() -> application.isSettled(files));
    }

    private String fetch(final URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The values in the answer of a header that was sent with the request. */
    private List<String> answerTo(final int port, final String path, final String header)
            throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header(header, "of the client")
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .headers()
                .allValues(header);
    }

    private static String uid(final JsonNode document) {
        return document.at("/log/id/uid").asText();
    }

    /** Notes which flows are sent to the slow tier, wherever the routes do that. */
    private final class SlowAsked extends EventNotifierSupport {

        @Override
        public void notify(final CamelEvent event) {
            if (event instanceof CamelEvent.ExchangeSendingEvent sending
                    && sending.getEndpoint().getEndpointUri().startsWith("serveflow://slow")) {
                final FlowBatch batch = sending.getExchange().getMessage().getBody(FlowBatch.class);
                for (int i = 0; i < batch.size(); i++) {
                    askedSlow.add(batch.record(i).id().uid());
                }
            }
        }

        @Override
        public boolean isEnabled(final CamelEvent event) {
            return event instanceof CamelEvent.ExchangeSendingEvent;
        }
    }
}
