/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters through the shipped routes into a real Elasticsearch. */
@Timeout(180)
@ExtendWith(OwnElasticsearch.class)
class ReplayCommandTest {

    private static final String STREAM = "logs-serveflow-again";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;
    private Path letters;
    private Path settings;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @BeforeEach
    void configure() throws IOException {
        letters = work.resolve("letters.ndjson");
        settings = work.resolve("serveflow.properties");
        Files.write(
                settings,
                List.of(
                        "serveflow.sources=socket",
                        "serveflow.bundle=" + ProjectFiles.bundle("service"),
                        "serveflow.elasticsearch.urls=" + elasticsearch.uri(),
                        "serveflow.index=" + STREAM,
                        "serveflow.deadLetters=" + letters));
    }

    @Test
    void shouldReplayLinesAndDocumentsAndKeepTheRest() throws Exception {
        final List<String> lines = firstLines();
        final JsonNode document = document("10.1.2.3", "replayed-1");
        final JsonNode refused = document("no address", "replayed-2");
        keep(
                new DeadLetter(
                        "serveflow.log",
                        0,
                        "bad_field",
                        "d",
                        lines.get(0),
                        "zeek",
                        "s9",
                        bytes(lines.get(0))),
                new DeadLetter("serveflow.log", 9, "bad_json", "d", "{\"ts\":", "zeek", "s9", 6),
                new DeadLetter(
                        "serveflow.log", 9, "line_too_long", "d", "{\"ts", "", "", 2_000_000),
                new DeadLetter("x.pcap", 4, "bad_capture", "d", ""),
                new DeadLetter("conn.log", 4, "bad_tsv", "d", "1\t2\t3"),
                DeadLetter.document(STREAM, "index_400", "d", document.toString()),
                DeadLetter.document(STREAM, "index_400", "d", refused.toString()),
                DeadLetter.document(
                        "serveflow-join://slow",
                        "undelivered",
                        "d",
                        document("10.1.2.4", "replayed-3").toString()));

        final Run run = run("replay", "--config", settings.toString(), letters.toString());

        assertThat(run.code).as(run.err).isOne();
        assertThat(run.out.lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "reason letters replayed dead again kept",
                        "bad_capture 1 0 0 1",
                        "bad_field 1 1 0 0",
                        "bad_json 1 0 1 0",
                        "bad_tsv 1 0 0 1",
                        "index_400 2 1 1 0",
                        "line_too_long 1 0 0 1",
                        "undelivered 1 1 0 0");
        assertThat(reasons(work.resolve("letters.ndjson.remaining")))
                .containsExactly("line_too_long", "bad_capture", "bad_tsv");
        assertThat(reasons(letters)).containsExactlyInAnyOrder("bad_json", "index_400");
        assertThat(replayed()).hasSize(1);
        assertThat(reasons(replayed().get(0))).hasSize(8);
        assertThat(search("event.id:replayed-1")).isEqualTo(1);
        assertThat(search("event.id:replayed-3")).isEqualTo(1);
        assertThat(search("observer.name:s9")).isPositive();
    }

    @Test
    void shouldReplayLinesWithTheSettingsThatTheirSourceHas() throws Exception {
        final String line = firstLines().get(0).replaceAll("\"community_id\":\"[^\"]*\",?", "");
        keep(
                new DeadLetter(
                        "serveflow.log", 0, "bad_field", "d", line, "zeek", "plain", bytes(line)));
        run("replay", "--config", settings.toString(), letters.toString());
        keep(
                new DeadLetter(
                        "serveflow.log", 0, "bad_field", "d", line, "zeek", "seeded", bytes(line)));
        Files.writeString(settings, Files.readString(settings) + "\nserveflow.communityIdSeed=7\n");

        run("replay", "--config", settings.toString(), letters.toString());

        assertThat(communityIds("plain")).hasSize(1);
        assertThat(communityIds("seeded"))
                .hasSize(1)
                .doesNotContainAnyElementsOf(communityIds("plain"));
    }

    @Test
    void shouldNotReplayTwice() throws Exception {
        keep(DeadLetter.document(STREAM, "index_400", "d", document("10.1.2.3", "t-1").toString()));
        run("replay", "--config", settings.toString(), letters.toString());

        // The application has made an empty file for new letters in its place.
        final Run second = run("replay", "--config", settings.toString(), letters.toString());

        assertThat(second.code).isZero();
        assertThat(second.out.lines()).hasSize(1);
        assertThat(search("event.id:t-1")).isEqualTo(1);
    }

    @Test
    void shouldKeepTheLettersOfAReplayThatCannotStart() throws Exception {
        keep(DeadLetter.document(STREAM, "index_400", "d", document("10.1.2.3", "u-1").toString()));
        Files.writeString(settings, Files.readString(settings) + "\nserveflow.bundle=absent\n");

        final Run run = run("replay", "--config", settings.toString(), letters.toString());

        assertThat(run.code).isNotZero();
        assertThat(reasons(letters)).containsExactly("index_400");
    }

    /** A process of its own, for it waits until it is asked to end. */
    @Test
    void shouldLeaveTheFileAsItIsWhereElasticsearchIsNotReached() throws Exception {
        keep(DeadLetter.document(STREAM, "index_400", "d", document("10.1.2.3", "v-1").toString()));
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace(elasticsearch.uri().toString(), "http://127.0.0.1:9"));
        final Path log = work.resolve("replay.log");
        final Process process =
                ServeflowProcess.command(
                                List.of(
                                        "-Djava.io.tmpdir="
                                                + Files.createDirectory(work.resolve("tmp"))),
                                List.of(
                                        "replay",
                                        "--config",
                                        settings.toString(),
                                        letters.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readString(log).contains("cannot be reached"));

            assertThat(letters).exists();
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(reasons(letters)).containsExactly("index_400");
        assertThat(work.resolve("letters.ndjson.replaying")).doesNotExist();
        assertThat(work.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void shouldNotReplayWhatARunningProcessWritesTo() throws Exception {
        try (DeadLetterFile open = new DeadLetterFile(letters, new Ledger())) {
            open.accept(new DeadLetter("a", 0, "bad_json", "d", "{"));
            final Run run = run("replay", "--config", settings.toString(), letters.toString());

            assertThat(run.code).isEqualTo(1);
            assertThat(run.err).contains("is still written to by a running process");
        }
    }

    private void keep(final DeadLetter... all) throws IOException {
        try (DeadLetterFile file = new DeadLetterFile(letters, new Ledger())) {
            List.of(all).forEach(file::accept);
        }
    }

    private static int bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static List<String> firstLines() throws IOException {
        try (Stream<String> lines = Files.lines(ProjectFiles.records("mixed"))) {
            return lines.filter(line -> line.startsWith("{")).limit(1).toList();
        }
    }

    private static ObjectNode document(final String source, final String id) {
        final ObjectNode document =
                JSON.createObjectNode().put("@timestamp", "2026-11-28T10:00:00.000001Z");
        document.putObject("event").put("module", "serveflow").put("id", id);
        document.putObject("source").put("ip", source);
        return document;
    }

    private List<Path> replayed() throws IOException {
        try (Stream<Path> all = Files.list(work)) {
            return all.filter(path -> path.getFileName().toString().contains(".replayed-"))
                    .toList();
        }
    }

    private static List<String> reasons(final Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(ReplayCommandTest::reason).toList();
        }
    }

    private static String reason(final String line) {
        try {
            return JSON.readTree(line).path("reason").asText();
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> communityIds(final String observer) throws Exception {
        return StoredDocuments.of(elasticsearch, STREAM).stream()
                .filter(one -> one.at("/observer/name").asText().equals(observer))
                .map(one -> one.at("/network/community_id").asText())
                .collect(Collectors.toSet());
    }

    private static int search(final String query) throws Exception {
        return StoredDocuments.count(elasticsearch, STREAM, query);
    }

    private record Run(int code, String out, String err) {}

    private static Run run(final String... args) {
        final PrintStream out = System.out;
        final PrintStream err = System.err;
        final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            final int code = Serveflow.execute(args);
            return new Run(
                    code,
                    outBytes.toString(StandardCharsets.UTF_8),
                    errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
