/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static io.serveflow.app.fixture.StoredDocuments.stage;
import static io.serveflow.app.fixture.StoredDocuments.text;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.GoldenVectors;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stop leaves, of processes and routes, with a real Elasticsearch behind. */
@ExtendWith({OwnElasticsearch.class, SharedKafka.class})
class StopTest {

    private static final Path BUNDLE = ProjectFiles.bundle("service");
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int SIGTERM_EXIT = 143;
    private static final String TOPIC = "stopped";

    /** Less than flows wait for their context, and more than everything else takes. */
    private static final int STOP_SECONDS = 12;

    private static final ObjectMapper JSON = new JsonMapper();

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    /** Wherever the start is by then: it was before the models, at them, and behind them. */
    @ParameterizedTest
    @ValueSource(ints = {300, 500, 700, 900, 1_300, 1_600, 1_900, 2_300, 3_000})
    void shouldStopWithoutATraceWhenItIsStillStarting(final int millis) throws Exception {
        final Properties settings =
                RunSettings.ofFiles(elasticsearch, "logs-serveflow-starting", work);
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        final Process process = run(settings);
        assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).isFalse();

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(SIGTERM_EXIT);
        assertThat(work.resolve("process.log")).content().doesNotContain("ERROR", "serveflow:");
        try (Stream<Path> left = Files.walk(work)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("hs_err") || name.contains("libonnx"));
        }
    }

    /** A signal in the middle of native code crashed the process in five of six tries. */
    @RepeatedTest(3)
    @EnabledOnOs(OS.LINUX)
    void shouldNotCrashWhenItIsStoppedWhileModelsAreChecked(final RepetitionInfo repetition)
            throws Exception {
        final Properties settings =
                RunSettings.ofFiles(elasticsearch, "logs-serveflow-checking", work);
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        settings.setProperty("serveflow.bundle", slowToCheck().toString());
        final Process process = run(settings);
        final Path loaded = Path.of("/proc", Long.toString(process.pid()), "maps");
        await().atMost(LONGEST)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Files.readString(loaded).contains("libonnxruntime"));
        assertThat(process.waitFor(100L * repetition.getCurrentRepetition(), TimeUnit.MILLISECONDS))
                .isFalse();

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(work.resolve("hs_err")).doesNotExist();
        assertThat(process.exitValue()).isEqualTo(SIGTERM_EXIT);
    }

    /** A bundle whose models run for a second or so before the routes start. */
    private Path slowToCheck() throws Exception {
        final Path bundle = ChangedBundle.in(work.resolve("slow-to-check"));
        final byte[] golden =
                Files.readString(bundle.resolve(GoldenVectors.FILE))
                        .repeat(150)
                        .getBytes(StandardCharsets.UTF_8);
        Files.write(bundle.resolve(GoldenVectors.FILE), golden);
        final String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(golden));
        ChangedBundle.manifest(
                bundle, manifest -> manifest.withObject("/files").put(GoldenVectors.FILE, digest));
        return bundle;
    }

    @Test
    void shouldLeaveNothingInTheTemporaryFolderWhenItIsKilled() throws Exception {
        final Properties settings =
                RunSettings.ofFiles(elasticsearch, "logs-serveflow-killed", work);
        final Process process = run(settings);
        try {
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    Files.readString(work.resolve("process.log"))
                                            .contains("is running"));
        } finally {
            process.destroyForcibly().waitFor();
        }

        assertThat(work.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void shouldSayOnceHowManyVerdictsItGivesBack() throws Exception {
        final Path log = work.resolve("serveflow.log");
        final Properties settings =
                RunSettings.ofTail(elasticsearch, "logs-serveflow-given-back", work, log);
        settings.setProperty("serveflow.elasticsearch.urls", "http://127.0.0.1:9");
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        append(log, records("first"));
        append(log, records("context"));
        final Process process = run(settings);
        await().atMost(LONGEST)
                .until(() -> Files.readString(work.resolve("process.log")).contains("are held"));

        process.destroy();

        assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(work.resolve("process.log")))
                .filteredOn(line -> !line.contains(" INFO ") && !line.contains("are held"))
                .filteredOn(line -> !line.contains("DriftWatch"))
                .filteredOn(line -> !line.contains("the routes start all the same"))
                .singleElement()
                .asString()
                .contains(
                        " documents for logs-serveflow-given-back were not stored before the stop")
                .contains("Elasticsearch cannot be reached");
        assertThat(Files.readAllLines(work.resolve("process.log")))
                .filteredOn(line -> line.contains("Stopped: "))
                .singleElement()
                .asString()
                .containsPattern(", 0 documents indexed, [1-9][0-9]* returned to be sent again,");
    }

    @Test
    void shouldSayNothingOfEachFileWhoseVerdictsItGivesBack() throws Exception {
        final Properties settings =
                RunSettings.ofFiles(elasticsearch, "logs-serveflow-files-given-back", work);
        settings.setProperty("serveflow.elasticsearch.urls", "http://127.0.0.1:9");
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        append(work.resolve("in/one.log"), records("first"));
        append(work.resolve("in/two.log"), records("first"));
        final Process process = run(settings);
        await().atMost(LONGEST)
                .until(() -> Files.readString(work.resolve("process.log")).contains("are held"));

        process.destroy();

        assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(work.resolve("process.log"))
                .content()
                .contains("were not stored before the stop")
                .doesNotContain("GenericFile");
    }

    @Test
    void shouldLeaveFlowsThatWaitToTheNextStartWhenALogIsFollowed() throws Exception {
        final String index = "logs-serveflow-stopped-tail";
        final Path log = work.resolve("serveflow.log");
        final Properties settings = RunSettings.ofTail(elasticsearch, index, work, log);
        append(log, records("first"));

        final Process stopped = run(settings);
        awaitFlows(index, records("first").size());
        stopped.destroy();
        assertThat(stopped.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).as("it has stopped").isTrue();
        assertThat(stopped.exitValue()).isEqualTo(SIGTERM_EXIT);
        final Set<String> owed = owed(index);

        append(log, records("context"));
        final Process next = run(settings);
        try {
            awaitFinal(index);
        } finally {
            next.destroyForcibly().waitFor();
        }
        assertAnsweredFromTheirContext(index, owed);
    }

    @Test
    void shouldLeaveFlowsThatWaitToTheNextStartWhenATopicIsRead(final LocalKafka kafka)
            throws Exception {
        final String index = "logs-serveflow-stopped-kafka";
        kafka.topic(TOPIC, 3);
        final Properties settings = RunSettings.of(elasticsearch, index, work, "kafka");
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());
        settings.setProperty("serveflow.kafka.topics", TOPIC);
        settings.setProperty("serveflow.kafka.groupId", TOPIC);
        settings.setProperty("serveflow.kafka.keyedByFlow", "true");
        produce(kafka, records("first"));
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            awaitFlows(index, records("first").size());
        }
        final Set<String> owed = owed(index);

        produce(kafka, records("context"));
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            awaitFinal(index);
        }
        assertAnsweredFromTheirContext(index, owed);
    }

    @Test
    void shouldLeaveFlowsThatWaitToTheNextStartWhenFilesAreRead() throws Exception {
        final String index = "logs-serveflow-stopped-files";
        final Path input = Files.createDirectories(work.resolve("in"));
        final Properties settings = RunSettings.ofFiles(elasticsearch, index, work);
        append(input.resolve("serveflow.log"), records("first"));
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            awaitFlows(index, records("first").size());
        }
        final Set<String> owed = owed(index);

        append(input.resolve("serveflow.log"), records("context"));
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            awaitFinal(index);
        }
        assertAnsweredFromTheirContext(index, owed);
    }

    @Test
    void shouldLetTheFastAnswerOfFlowsStandThatASocketBrought() throws Exception {
        final String index = "logs-serveflow-stopped-socket";
        final Path socket = work.resolve("eve.sock");
        final Properties settings = RunSettings.of(elasticsearch, index, work, "socket");
        settings.setProperty("serveflow.socket.address", "unix:" + socket);
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            try (SocketChannel sensor = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                write(sensor, records("first"));
                awaitFlows(index, records("first").size());
            }
        }

        assertThat(uids(index, document -> stage(document).equals("final")))
                .hasSize(records("first").size());
        assertThat(work.resolve("dead-letters.ndjson")).isEmptyFile();
    }

    @Test
    void shouldIndexWhatASocketBroughtBeforeItsRouteStops() throws Exception {
        final String index = "logs-serveflow-route-socket";
        final Path path = work.resolve("eve.sock");
        final CamelContext context = context("serveflow-socket:unix:" + path, index);
        try (SocketChannel sensor = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            write(sensor, records("first"));
            await().atMost(LONGEST).until(() -> ledger.total(Ledger.Entry.FLOWS) > 0);
        } finally {
            context.stop();
        }
        assertAllIsIndexed(index);
    }

    @Test
    void shouldIndexWhatACaptureGaveBeforeItsRouteStops() throws Exception {
        final String index = "logs-serveflow-route-pcap";
        final Path capture = ProjectFiles.capture("mixed.pcap.gz");
        final CamelContext context = context("serveflow-pcap:" + capture + "?batchSize=8", index);
        try {
            await().atMost(LONGEST).until(() -> ledger.total(Ledger.Entry.FLOWS) > 50);
        } finally {
            context.stop();
        }
        assertAllIsIndexed(index);
    }

    /** Source and index in one route, started. */
    private CamelContext context(final String source, final String index) throws Exception {
        final CamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("ledger", Ledger.class, ledger);
        final DeadLetterSink sink = letters::add;
        context.getRegistry().bind("deadLetters", DeadLetterSink.class, sink);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(source)
                                .to("serveflow:fastest?bundle=" + BUNDLE)
                                .to("serveflow-index:" + index + "?urls=" + elasticsearch.uri());
                    }
                });
        context.start();
        return context;
    }

    private void assertAllIsIndexed(final String index) throws Exception {
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
        assertThat(ledger.total(Ledger.Entry.RETURNED)).isZero();
        assertThat(letters).isEmpty();
        assertThat(ledger.total(Ledger.Entry.INDEXED)).isPositive();
        assertThat(uids(index, document -> true).size())
                .isEqualTo((int) ledger.total(Ledger.Entry.FLOWS));
    }

    /** The flows that waited for their context when it stopped, none of which has its final. */
    private Set<String> owed(final String index) throws Exception {
        final Set<String> owed = uids(index, document -> stage(document).equals("provisional"));
        owed.removeAll(uids(index, document -> stage(document).equals("final")));
        assertThat(owed).as("flows without a final verdict").isNotEmpty();
        assertThat(uids(index, document -> reason(document).equals("slow_unavailable"))).isEmpty();
        return owed;
    }

    private void assertAnsweredFromTheirContext(final String index, final Set<String> owed)
            throws Exception {
        assertThat(
                        uids(
                                index,
                                document ->
                                        stage(document).equals("final")
                                                && text(document, "tier").equals("slow")))
                .isEqualTo(owed);
        assertThat(StoredDocuments.of(elasticsearch, index).size())
                .as("one final document a flow, and one provisional of those that waited")
                .isEqualTo(records("first").size() + owed.size());
    }

    private void awaitFlows(final String index, final int flows) {
        await().atMost(LONGEST).until(() -> uids(index, document -> true).size() == flows);
    }

    private void awaitFinal(final String index) {
        await().atMost(LONGEST)
                .until(
                        () ->
                                uids(index, document -> stage(document).equals("final")).size()
                                        == records("first").size());
    }

    private static List<String> records(final String stage) throws IOException {
        try (Stream<String> lines = Files.lines(ProjectFiles.records("mixed"))) {
            return lines.filter(line -> line.contains("\"stage\":\"" + stage + '"')).toList();
        }
    }

    private static void append(final Path log, final List<String> lines) throws IOException {
        Files.write(log, lines, CREATE, APPEND);
    }

    private static void write(final SocketChannel sensor, final List<String> lines)
            throws IOException {
        Channels.newOutputStream(sensor)
                .write(String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void produce(final LocalKafka kafka, final List<String> lines)
            throws IOException {
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (final String line : lines) {
                producer.send(
                        new ProducerRecord<>(
                                TOPIC,
                                JSON.readTree(line).get("uid").asText(),
                                line.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private Set<String> uids(final String index, final Predicate<JsonNode> wanted)
            throws Exception {
        return StoredDocuments.of(elasticsearch, index).stream()
                .filter(wanted)
                .map(document -> document.at("/log/id/uid").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String reason(final JsonNode document) {
        return text(document, "reason");
    }

    /** Whatever it leaves behind when it ends is in the folder of the test. */
    private Process run(final Properties settings) throws IOException {
        return ServeflowProcess.run(
                work,
                settings,
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + work.resolve("hs_err"),
                "-Djava.io.tmpdir=" + Files.createDirectories(work.resolve("tmp")));
    }
}
