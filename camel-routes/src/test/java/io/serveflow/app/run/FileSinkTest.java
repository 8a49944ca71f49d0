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
import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.app.panel.VerdictStore;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The routes with {@code serveflow.sink=file}: no Elasticsearch is there, and none is asked for.
 */
@Timeout(120)
class FileSinkTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path work;
    private Path verdicts;
    private Properties settings;
    private final StringWriter printed = new StringWriter();
    private final StringWriter said = new StringWriter();

    @BeforeEach
    void settle() throws IOException {
        // Characters that mean something else in the address of an endpoint.
        verdicts = Files.createDirectory(work.resolve("verdicts + 100%"));
        settings = new Properties();
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty(
                "serveflow.input", Files.createDirectories(work.resolve("in")).toString());
        settings.setProperty("serveflow.input.settle", "1");
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        settings.setProperty("serveflow.sink", "file");
        settings.setProperty("serveflow.file.folder", verdicts.toString());
        settings.setProperty(
                "serveflow.deadLetters", work.resolve("dead-letters.ndjson").toString());
        settings.setProperty("serveflow.repair", work.resolve("repair.ndjson").toString());
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.enabled", "false");
        Files.copy(
                ProjectFiles.path("samples/records/mixed.log"),
                work.resolve("in/mixed.log"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void shouldWriteEveryVerdictOfEveryFlow() throws Exception {
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> application.isSettled(1));

            final Ledger ledger = application.ledger();
            final VerdictCounts given = VerdictCounts.of(ledger);
            final List<JsonNode> documents = documents();
            assertThat(given.last()).isEqualTo(ledger.total(Ledger.Entry.FLOWS)).isPositive();
            assertThat(documents).hasSize(Math.toIntExact(given.last() + given.provisional()));
            assertThat(new HashSet<>(documents.stream().map(one -> one.at("/event/id")).toList()))
                    .hasSameSizeAs(documents);
            assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
            assertThat(ledger.total(Ledger.Entry.DEAD_LETTERED)).isZero();
        }
    }

    @Test
    void shouldSayOnTheConsoleWhereItsVerdictsAre() throws Exception {
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            assertThat(application.verdictStore())
                    .isEqualTo(
                            new VerdictStore.Elsewhere(
                                    "This process stores verdicts in files in "
                                            + verdicts
                                            + ", which it does not search; look at them where the"
                                            + " agent ships them to. Live shows what this process"
                                            + " does"));
        }
    }

    /** While the routes write files of their own there. */
    @Test
    void shouldReplayDocumentsIntoFilesOfTheirOwn() throws Exception {
        final Path letters = work.resolve("kept.ndjson");
        final String document =
                "{\"@timestamp\":\"2026-11-30T00:00:00Z\",\"event\":{\"module\":\"serveflow\","
                        + "\"id\":\"kept-1\"}}";
        try (DeadLetterFile file = new DeadLetterFile(letters, new Ledger())) {
            file.accept(DeadLetter.document("logs-serveflow-so", "index_400", "d", document));
        }
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> application.isSettled(1));

            assertThat(execute("replay", "--config", configuration(), letters.toString()))
                    .as(said.toString())
                    .isZero();
        }
        assertThat(documents().stream().map(one -> one.at("/event/id").asText()))
                .contains("kept-1");
        try (Stream<Path> files = Files.list(verdicts)) {
            assertThat(files.filter(one -> one.toString().contains("serveflow-replay-2")))
                    .hasSize(1);
        }
    }

    @Test
    void shouldLookAtTheDiskOfTheFilesAndAtNoElasticsearch() throws Exception {
        settings.setProperty("serveflow.sources", "tail");
        settings.setProperty("serveflow.tail.path", work.resolve("in/mixed.log").toString());
        settings.setProperty(
                "serveflow.tail.positionFile", work.resolve("tail.position").toString());

        assertThat(execute("doctor", "--config", configuration())).as(printed.toString()).isZero();

        assertThat(printed.toString())
                .contains("MiB are free at " + verdicts)
                .doesNotContain("elasticsearch");
    }

    @Test
    void shouldWriteByTheKamelet() throws Exception {
        final Path folder = Files.createDirectory(work.resolve("kamelet"));
        try (DefaultCamelContext context = new DefaultCamelContext();
                ProducerTemplate template = context.createProducerTemplate()) {
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("direct:in").to("kamelet:serveflow-file-sink?folder=" + folder);
                        }
                    });
            context.start();
            template.sendBody(
                    "direct:in", "{\"event\":{\"module\":\"serveflow\",\"id\":\"by-kamelet\"}}");
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(one -> one.toString().endsWith(".ndjson"))).hasSize(1);
        }
    }

    /** The settings in a file. */
    private String configuration() throws IOException {
        final Path file = work.resolve("my.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        return file.toString();
    }

    private int execute(final String... args) {
        return Serveflow.execute(new PrintWriter(printed, true), new PrintWriter(said, true), args);
    }

    private List<JsonNode> documents() throws IOException {
        final List<JsonNode> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(verdicts)) {
            for (final Path file :
                    files.filter(one -> one.toString().endsWith(".ndjson")).toList()) {
                for (final String line : Files.readAllLines(file)) {
                    documents.add(JSON.readTree(line));
                }
            }
        }
        return documents;
    }
}
