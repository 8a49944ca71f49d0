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
import io.serveflow.app.observe.VerdictCounts;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
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
