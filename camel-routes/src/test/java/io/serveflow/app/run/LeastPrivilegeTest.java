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
import io.serveflow.app.fixture.AskedElasticsearch;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.SecuredElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code serveflow install elastic} makes is what {@code run} needs and no more: the routes
 * store 50,000 verdicts with nothing but the key.
 */
@Timeout(300)
class LeastPrivilegeTest {

    private static final String STREAM = "logs-serveflow-least";
    private static final int FLOWS = 50_000;
    private static final Duration LONGEST = Duration.ofMinutes(4);

    @TempDir private static Path work;

    private static SecuredElasticsearch server;
    private static AskedElasticsearch bearer;
    private static long verdicts;
    private static long deadLetters;

    @BeforeAll
    static void run() throws Exception {
        server = SecuredElasticsearch.started();
        final String key =
                install()
                        .lines()
                        .filter(line -> line.startsWith("SERVEFLOW_KEY="))
                        .findFirst()
                        .orElseThrow()
                        .substring("SERVEFLOW_KEY=".length());
        bearer = AskedElasticsearch.withKey(key, server);
        writeFlows();
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings(key))) {
            application.start();
            final Ledger ledger = application.ledger();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            verdicts = ledger.total(Ledger.Entry.INDEXED);
            deadLetters = ledger.total(Ledger.Entry.DEAD_LETTERED);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            if (bearer != null) {
                bearer.close();
            }
            server.close();
        }
    }

    @Test
    void shouldStoreEveryVerdictWithTheKeyAlone() throws IOException {
        bearer.ask("GET", "/" + STREAM + "/_count", "");
        assertThat(deadLetters).isZero();
        assertThat(verdicts).isGreaterThanOrEqualTo(FLOWS);
        await().atMost(LONGEST)
                .until(
                        () ->
                                bearer.ask("GET", "/" + STREAM + "/_count", "")
                                                .path("count")
                                                .asLong()
                                        == verdicts);
    }

    @Test
    void shouldFindVerdictsByLabel() throws IOException {
        final JsonNode answer =
                bearer.ask(
                        "POST",
                        "/" + STREAM + "/_search?size=0",
                        "{\"aggs\":{\"labels\":{\"terms\":{\"field\":\"serveflow.label\"}}}}");

        assertThat(answer.at("/aggregations/labels/buckets")).isNotEmpty();
    }

    @Test
    void shouldLetTheKeyDoNothingElse() throws IOException {
        final String document = "{\"@timestamp\":\"2026-11-22T12:00:00Z\"}";
        final JsonNode verdict =
                bearer.ask("GET", "/" + STREAM + "/_search?size=1", "").at("/hits/hits/0");
        final String stored =
                "/" + verdict.path("_index").asText() + "/_doc/" + verdict.path("_id").asText();
        final JsonNode there = bearer.ask("GET", stored, "");
        final String over =
                stored
                        + "?if_seq_no="
                        + there.path("_seq_no").asLong()
                        + "&if_primary_term="
                        + there.path("_primary_term").asLong();
        assertThat(bearer.status("PUT", over, document)).as("overwrite").isEqualTo(403);
        assertThat(bearer.status("DELETE", stored, "")).as("delete").isEqualTo(403);
        assertThat(bearer.status("PUT", "/" + STREAM + "/_mapping", "{\"dynamic\":true}"))
                .as("change the mapping")
                .isEqualTo(403);
        assertThat(bearer.status("POST", "/logs-other-so/_doc", document))
                .as("write elsewhere")
                .isEqualTo(403);
        assertThat(bearer.status("GET", "/logs-zeek-so/_search", ""))
                .as("read elsewhere")
                .isEqualTo(403);
        assertThat(bearer.status("DELETE", "/_index_template/serveflow", ""))
                .as("take the template away")
                .isEqualTo(403);
        assertThat(bearer.status("POST", "/_security/api_key", "{\"name\":\"more\"}"))
                .as("make keys")
                .isNotEqualTo(200);
    }

    @Test
    void shouldChangeNothingWhereVerdictsAre() {
        assertThat(install().lines())
                .allMatch(line -> line.startsWith("no change") || line.startsWith("skipped"));
    }

    @Test
    void shouldKeepTheTemplateOfVerdictsThatStay() {
        assertThat(install("--uninstall", "--dry-run"))
                .containsPattern(
                        "kept +_index_template/serveflow ."
                                + STREAM
                                + " needs it; --data removes both")
                .containsPattern("kept +_component_template/serveflow-mappings")
                .containsPattern("would remove +API key serveflow");
    }

    @Test
    void shouldKeepVerdictsThatThisServerCannotDelete() {
        assertThat(install("--uninstall", "--data", "--dry-run"))
                .containsPattern("kept +data streams " + STREAM + " .this server has no API");
    }

    private static String install(final String... more) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final List<String> all = new ArrayList<>();
        try {
            all.addAll(
                    List.of(
                            "install",
                            "elastic",
                            "--url",
                            server.uri().toString(),
                            "--ca-certificate",
                            server.authority().toString(),
                            "--username",
                            "admin",
                            "--password-file",
                            Files.writeString(
                                            work.resolve("password"), SecuredElasticsearch.PASSWORD)
                                    .toString()));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        all.addAll(List.of(more));
        final int code =
                Serveflow.execute(
                        new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }

    /** The first packets of a sample's flows, all certain by them, many times under other ids. */
    private static void writeFlows() throws IOException {
        final List<String> lines =
                Files.readAllLines(ProjectFiles.records("dns")).stream()
                        .filter(line -> line.contains("\"stage\":\"first\""))
                        .toList();
        Files.createDirectories(work.resolve("in"));
        try (BufferedWriter log = Files.newBufferedWriter(work.resolve("in/dns.log"))) {
            for (int i = 0; i < FLOWS; i++) {
                final String line = lines.get(i % lines.size());
                log.write(line.replace("\"uid\":\"", "\"uid\":\"" + i + "-"));
                log.newLine();
            }
        }
    }

    private static Properties settings(final String key) {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty("serveflow.input", work.resolve("in").toString());
        settings.setProperty("serveflow.input.settle", "1");
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        settings.setProperty("serveflow.elasticsearch.urls", server.uri().toString());
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        settings.setProperty("serveflow.index", STREAM);
        settings.setProperty(
                "serveflow.deadLetters", work.resolve("dead-letters.ndjson").toString());
        settings.setProperty("serveflow.repair", work.resolve("repair.ndjson").toString());
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.enabled", "false");
        settings.setProperty("camel.component.serveflow-index.apiKey", key);
        settings.setProperty(
                "camel.component.serveflow-index.caCertificate", server.authority().toString());
        settings.setProperty("camel.component.serveflow-index.compression", "true");
        return settings;
    }
}
