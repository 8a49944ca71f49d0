/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes of verdicts while a real Elasticsearch does not take them, for each reason that
 * somebody can cure: a running process is asked by its documents, dead letters, health and log.
 */
class HeldVerdictsTest {

    private static final String STREAM = "logs-serveflow-held";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int FLOWS = 20;
    private static final String PASSWORD = "correct horse";
    private static final String PASSWORD_HASH =
            "$2a$10$NGI4HoyKmaojX1dLBnLd6u2ZN/RLdUL3CGv2ypUt8Ed.mNNqxJ5aq";
    private static final String WATERMARK = "\"cluster.routing.allocation.disk.watermark.";

    private static final ObjectMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir private static Path work;

    private static Path distribution;
    private static LocalElasticsearch elasticsearch;
    private static Process process;
    private static URI observe;

    /** Something that makes Elasticsearch refuse documents. */
    private enum Trouble {
        WRITE_BLOCK(
                "has the block write on {index}; remove it with PUT /{index}/_settings"
                        + " {\"index.blocks.write\":null}",
                () -> block("write", "true"),
                () -> block("write", "null")),
        READ_ONLY_BLOCK(
                "has the block read_only on {index}; remove it with PUT /{index}/_settings"
                        + " {\"index.blocks.read_only\":null}",
                () -> block("read_only", "true"),
                () -> block("read_only", "null")),
        READ_ONLY_ALLOW_DELETE_BLOCK(
                "has stopped writing to {index} because the disk is full",
                () -> block("read_only_allow_delete", "true"),
                () -> block("read_only_allow_delete", "null")),
        CLOSED_INDEX(
                "has closed the write index",
                () -> ask("POST", "/" + writeIndex() + "/_close", ""),
                () -> ask("POST", "/" + writeIndex() + "/_open", "")),
        RIGHTS_TAKEN_AWAY(
                "grant create_doc and auto_configure",
                () -> grant("read"),
                () -> grant("create_doc, auto_configure, read")),
        USER_REMOVED("check username and password", () -> users("someone"), () -> users("writer")),
        FLOOD_STAGE_WATERMARK(
                "has stopped writing to {index} because the disk is full",
                HeldVerdictsTest::fillTheDisk,
                HeldVerdictsTest::freeTheDisk),
        STREAM_AND_TEMPLATE_REMOVED(
                "has no data stream " + STREAM,
                HeldVerdictsTest::loseEverything,
                HeldVerdictsTest::installTemplates);

        private final String sentence;
        private final Action begin;
        private final Action cure;

        Trouble(final String sentence, final Action begin, final Action cure) {
            this.sentence = sentence;
            this.begin = begin;
            this.cure = cure;
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    /**
     * What can be seen of the process.
     *
     * @param health status and sentence of the index
     * @param deadLetters by reason
     * @param documents how many flows have a document, of those last sent
     */
    private record Seen(String health, Map<String, Long> deadLetters, int documents) {}

    @BeforeAll
    static void start() throws Exception {
        distribution = copyWithUsers(Path.of(System.getProperty("serveflow.elasticsearch.home")));
        elasticsearch = server(0);
        installTemplates();
        process = run();
        append("begin");
        await().atMost(LONGEST).until(() -> answered("begin").size() == FLOWS);
    }

    @AfterAll
    static void stop() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        if (elasticsearch != null) {
            elasticsearch.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHoldVerdictsUntilItIsCured(final Trouble trouble) throws Exception {
        final String index = trouble == Trouble.STREAM_AND_TEMPLATE_REMOVED ? "" : writeIndex();
        final String sentence = trouble.sentence.replace("{index}", index);
        final int before = log().size();
        trouble.begin.run();
        try {
            append(trouble.name());

            await().atMost(LONGEST)
                    .untilAsserted(
                            () -> {
                                final Seen seen = seen(trouble.name());
                                assertThat(seen.health).as("%s", seen).startsWith("DOWN");
                                assertThat(seen.health).as("%s", seen).contains(sentence);
                            });
            final Seen held = seen(trouble.name());
            assertThat(held.deadLetters).as("%s", held).isEmpty();
        } finally {
            trouble.cure.run();
        }

        awaitAllIsWell(trouble.name());
        assertThat(log().stream().skip(before).filter(line -> line.contains(sentence)))
                .as("%s", log())
                .hasSize(1);
    }

    @Test
    void shouldIndexWhileMetadataIsBlocked() throws Exception {
        block("metadata", "true");
        try {
            append("metadata");
            awaitAllIsWell("metadata");
        } finally {
            block("metadata", "null");
        }
    }

    @Test
    void shouldGoOnInANewStreamWhereTheOldOneIsGone() throws Exception {
        loseEverything();
        installTemplates();

        append("new-stream");

        awaitAllIsWell("new-stream");
    }

    private static void awaitAllIsWell(final String flows) {
        await().atMost(LONGEST)
                .untilAsserted(
                        () -> assertThat(seen(flows)).isEqualTo(new Seen("UP: ", Map.of(), FLOWS)));
    }

    private static Seen seen(final String flows) throws Exception {
        return new Seen(health(), deadLetters(), answered(flows).size());
    }

    private static String health() throws Exception {
        final String answer =
                HTTP.send(
                                HttpRequest.newBuilder(observe.resolve("health?exposureLevel=full"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
        for (final JsonNode check : JSON.readTree(answer).path("checks")) {
            if (check.path("name").asText().contains(STREAM)) {
                return check.path("status").asText() + ": " + check.path("message").asText();
            }
        }
        return "no check of the index in " + answer;
    }

    private static Map<String, Long> deadLetters() throws IOException {
        try (Stream<String> lines = Files.lines(work.resolve("dead-letters.ndjson"))) {
            return lines.collect(
                    Collectors.groupingBy(
                            line -> line.replaceAll(".*\"reason\":\"([^\"]+)\".*", "$1"),
                            Collectors.counting()));
        }
    }

    /** The flows of a kind that have their last verdict in the index. */
    private static Set<String> answered(final String flows) throws Exception {
        if (status("POST", "/" + STREAM + "/_refresh") != 200) {
            return Set.of();
        }
        final Set<String> uids = new TreeSet<>();
        for (final JsonNode hit :
                JSON.readTree(ask("GET", "/" + STREAM + "/_search?size=10000", ""))
                        .at("/hits/hits")) {
            final String uid = hit.at("/_source/log/id/uid").asText();
            if (uid.endsWith("-" + flows)
                    && hit.at("/_source/serveflow/stage").asText().equals("final")) {
                uids.add(uid);
            }
        }
        return uids;
    }

    private static List<String> log() throws IOException {
        return Files.readAllLines(work.resolve("process.log"));
    }

    /** Sends {@value #FLOWS} flows whose ids end with their kind. */
    private static void append(final String kind) throws IOException {
        final List<String> lines =
                Files.readAllLines(ProjectFiles.records("mixed")).stream()
                        .filter(line -> line.startsWith("{"))
                        .toList();
        final Set<String> uids =
                lines.stream()
                        .map(HeldVerdictsTest::uid)
                        .distinct()
                        .limit(FLOWS)
                        .collect(Collectors.toSet());
        Files.write(
                work.resolve("serveflow.log"),
                lines.stream()
                        .filter(line -> uids.contains(uid(line)))
                        .map(line -> line.replace(uid(line), uid(line) + "-" + kind))
                        .toList(),
                CREATE,
                APPEND);
    }

    private static String uid(final String line) {
        return line.replaceAll(".*\"uid\":\"([^\"]+)\".*", "$1");
    }

    private static void block(final String block, final String value) throws Exception {
        ask(
                "PUT",
                "/" + writeIndex() + "/_settings",
                "{\"index.blocks." + block + "\":" + value + "}");
    }

    private static void fillTheDisk() throws Exception {
        // Any disk is fuller than this; Elasticsearch looks every ten seconds.
        cluster(
                "\"cluster.info.update.interval\":\"10s\","
                        + "\"cluster.routing.allocation.disk.threshold_enabled\":true,"
                        + (WATERMARK + "low\":\"0.001%\",")
                        + (WATERMARK + "high\":\"0.002%\",")
                        + (WATERMARK + "flood_stage\":\"0.003%\""));
        final String settings = "/" + writeIndex() + "/_settings";
        await().atMost(LONGEST)
                .until(() -> ask("GET", settings, "").contains("read_only_allow_delete"));
    }

    private static void freeTheDisk() throws Exception {
        cluster(
                "\"cluster.info.update.interval\":null,"
                        + (WATERMARK + "low\":null,")
                        + (WATERMARK + "high\":null,")
                        + (WATERMARK + "flood_stage\":null"));
    }

    private static void cluster(final String settings) throws Exception {
        ask("PUT", "/_cluster/settings", "{\"persistent\":{" + settings + "}}");
    }

    private static void grant(final String privileges) throws Exception {
        Files.writeString(elasticsearch.configuration().resolve("roles.yml"), roles(privileges));
        final String named = privileges.contains("create_doc") ? "true" : "false";
        await().atMost(LONGEST)
                .until(
                        () ->
                                send(
                                                "writer",
                                                "POST",
                                                "/_security/user/_has_privileges",
                                                "{\"index\":[{\"names\":[\""
                                                        + STREAM
                                                        + "\"],\"privileges\":[\"create_doc\"]}]}")
                                        .body()
                                        .contains("\"has_all_requested\":" + named));
    }

    private static String roles(final String privileges) {
        return """
        writer:
          cluster: [monitor]
          indices:
            - names: ['logs-serveflow-*']
              privileges: [%s]
        """
                .formatted(privileges);
    }

    private static void users(final String writer) throws Exception {
        writeUsers(elasticsearch.configuration(), writer);
        final int known = writer.equals("writer") ? 200 : 401;
        await().atMost(LONGEST)
                .until(
                        () ->
                                send("writer", "GET", "/_security/_authenticate", "").statusCode()
                                        == known);
    }

    private static void writeUsers(final Path config, final String writer) throws IOException {
        Files.writeString(
                config.resolve("users"),
                "admin:%2$s%n%1$s:%2$s%n".formatted(writer, PASSWORD_HASH));
        Files.writeString(
                config.resolve("users_roles"), "superuser:admin%nwriter:%s%n".formatted(writer));
    }

    /** A server without any data takes the address of the old one. */
    private static void loseEverything() throws IOException {
        final int port = elasticsearch.uri().getPort();
        elasticsearch.close();
        elasticsearch = server(port);
    }

    private static LocalElasticsearch server(final int port) throws IOException {
        return LocalElasticsearch.started(
                distribution,
                LocalElasticsearch.Options.defaults()
                        .withHttpPort(port)
                        .withJvmOptions("-XX:TieredStopAtLevel=1")
                        .withSettings(
                                Map.of(
                                        "resource.reload.interval.high", "200ms",
                                        "xpack.security.enabled", "true",
                                        "xpack.security.autoconfiguration.enabled", "false")));
    }

    private static void installTemplates() throws Exception {
        final Path templates = ProjectFiles.path("elastic-templates");
        ask(
                "PUT",
                "/_component_template/serveflow-mappings",
                Files.readString(templates.resolve("component/serveflow-mappings.json")));
        ask(
                "PUT",
                "/_index_template/serveflow",
                Files.readString(templates.resolve("index-template.json")));
    }

    private static String writeIndex() throws Exception {
        final List<String> indices = new ArrayList<>();
        JSON.readTree(
                        ask(
                                "GET",
                                "/_cluster/state/metadata/" + STREAM + "?expand_wildcards=all",
                                ""))
                .at("/metadata/indices")
                .fieldNames()
                .forEachRemaining(indices::add);
        return indices.stream()
                .filter(name -> name.startsWith(".ds-"))
                .sorted()
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    private static int status(final String method, final String path) throws Exception {
        return send("admin", method, path, "").statusCode();
    }

    /** The answer to the administrator, which must be a good one. */
    private static String ask(final String method, final String path, final String body)
            throws Exception {
        final HttpResponse<String> answer = send("admin", method, path, body);
        assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> send(
            final String user, final String method, final String path, final String body)
            throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(elasticsearch.uri().resolve(path))
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        (user + ":" + PASSWORD)
                                                                .getBytes(StandardCharsets.UTF_8)))
                        .build(),
                BodyHandlers.ofString());
    }

    /** A distribution whose users and roles are ours. */
    private static Path copyWithUsers(final Path from) throws IOException {
        final Path to = work.resolve("elasticsearch");
        try (Stream<Path> files = Files.walk(from)) {
            for (final Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        writeUsers(to.resolve("config"), "writer");
        Files.writeString(
                to.resolve("config/roles.yml"), roles("create_doc, auto_configure, read"));
        return to;
    }

    /** The application as its own process, as {@code ./serveflow run} starts it. */
    private static Process run() throws IOException {
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        observe = URI.create("http://127.0.0.1:" + port + "/observe/");
        final Properties settings =
                RunSettings.ofTail(elasticsearch, STREAM, work, work.resolve("serveflow.log"));
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        settings.setProperty("camel.management.enabled", "true");
        settings.setProperty("camel.management.port", Integer.toString(port));
        settings.setProperty("camel.component.serveflow-index.username", "writer");
        settings.setProperty("camel.component.serveflow-index.password", PASSWORD);
        settings.setProperty("camel.component.serveflow-index.backoffMax", "1000");
        return ServeflowProcess.run(work, settings);
    }
}
