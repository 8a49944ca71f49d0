/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.cli.Serveflow;
import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that is replaced while the shipped routes run. */
@ExtendWith(OwnElasticsearch.class)
class LiveBundlesTest {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Path RECORDS = ProjectFiles.records("mixed");

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    /** Flows wait for their context meanwhile; their slow verdict is of the new bundle. */
    @Test
    void shouldFollowTheVerdictsOfTheBundleBefore() throws Exception {
        final String index = "logs-serveflow-swap";
        final Path bundle = ChangedBundle.in(work.resolve("service"));
        final Path next = ChangedBundle.in(work.resolve("next"));
        ChangedBundle.manifest(next, manifest -> manifest.put("version", "next"));
        final Path log = work.resolve("serveflow.log");
        final Properties settings = RunSettings.ofTail(elasticsearch, index, work, log);
        settings.setProperty("serveflow.bundle", bundle.toString());
        settings.setProperty("serveflow.bundle.watch", "1");
        final List<String> lines = Files.readAllLines(RECORDS);
        append(log, lines.stream().filter(line -> line.contains("\"first\"")).toList());
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            final long flows = lines.stream().filter(line -> line.contains("\"first\"")).count();
            await().atMost(LONGEST)
                    .until(() -> application.ledger().total(Ledger.Entry.INDEXED) == flows);

            assertThat(
                            Serveflow.execute(
                                    "bundle", "use", "--at", bundle.toString(), next.toString()))
                    .isZero();
            await().atMost(LONGEST)
                    .until(() -> application.ledger().total(Ledger.Entry.BUNDLE_SWAPS) == 1);
            append(log, lines.stream().filter(line -> line.contains("\"context\"")).toList());
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    StoredVerdicts.of(elasticsearch, index).finals("service").size()
                                            == flows);

            final StoredVerdicts stored = StoredVerdicts.of(elasticsearch, index);
            stored.assertLinked();
            final List<JsonNode> slow =
                    stored.documents().stream()
                            .filter(
                                    document ->
                                            document.at("/serveflow/tier").asText().equals("slow"))
                            .toList();
            assertThat(slow)
                    .isNotEmpty()
                    .allMatch(document -> version(document).equals("next"))
                    .allMatch(document -> document.at("/serveflow/supersedes").isTextual());
            assertThat(stored.documents())
                    .filteredOn(document -> !slow.contains(document))
                    .isNotEmpty()
                    .noneMatch(document -> version(document).equals("next"));
            assertThat(application.ledger().total(Ledger.Entry.DROPPED)).isZero();
            assertThat(application.ledger().total(Ledger.Entry.DEAD_LETTERED)).isZero();
        }
    }

    @Test
    void shouldTryBundlesAsItsSettingsSay() throws Exception {
        final String index = "logs-serveflow-tries";
        final Path canary = version("canary");
        final Path log = work.resolve("serveflow.log");
        final Properties settings = RunSettings.ofTail(elasticsearch, index, work, log);
        settings.setProperty("serveflow.bundle.shadow", version("shadow").toString());
        settings.setProperty("serveflow.bundle.canary", canary.toString());
        settings.setProperty("serveflow.bundle.canaryShare", "0.5");
        final List<String> lines = Files.readAllLines(RECORDS);
        append(log, lines);
        final long flows = lines.stream().filter(line -> line.contains("\"first\"")).count();
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    StoredVerdicts.of(elasticsearch, index).finals("service").size()
                                            == flows);

            final StoredVerdicts stored = StoredVerdicts.of(elasticsearch, index);
            stored.assertLinked();
            assertThat(stored.documents())
                    .extracting(LiveBundlesTest::version)
                    .contains("canary")
                    .doesNotContain("shadow");
            await().atMost(LONGEST)
                    .until(() -> application.ledger().total(Ledger.Entry.SHADOW_FLOWS) > 0);
            assertThat(application.ledger().total(Ledger.Entry.CANARY_FLOWS)).isPositive();
            assertThat(application.ledger().total(Ledger.Entry.CANARY_ROLLBACKS)).isZero();
        }
    }

    private Path version(final String version) throws IOException {
        final Path folder = ChangedBundle.in(work.resolve(version));
        ChangedBundle.manifest(folder, manifest -> manifest.put("version", version));
        return folder;
    }

    private static String version(final JsonNode document) {
        return document.at("/serveflow/bundle/version").asText();
    }

    private static void append(final Path log, final List<String> lines) throws IOException {
        Files.writeString(
                log,
                String.join("\n", lines).concat("\n"),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
