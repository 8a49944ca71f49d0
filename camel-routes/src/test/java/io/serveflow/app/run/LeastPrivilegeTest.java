/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.cli.Serveflow;
import io.serveflow.app.fixture.AskedElasticsearch;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.SecuredElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.testing.tls.Certificate;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code serveflow install elastic} makes is what {@code run} needs and no more: the routes
 * store 50,000 verdicts with nothing but the key.
 */
@Timeout(300)
class LeastPrivilegeTest {

    private static final String STREAM = "logs-serveflow-least";
    private static final String ALERTS = "logs-serveflow.alerts-least";
    private static final int FLOWS = 50_000;
    private static final Duration LONGEST = Duration.ofMinutes(4);

    @TempDir private static Path work;

    private static SecuredElasticsearch server;
    private static String key;
    private static AskedElasticsearch bearer;
    private static long verdicts;
    private static long deadLetters;

    @BeforeAll
    static void run() throws Exception {
        server = SecuredElasticsearch.started();
        key =
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
        bearer.ask(
                "POST",
                "/" + ALERTS + "/_doc?op_type=create",
                "{\"@timestamp\":\"2026-11-22T12:00:00Z\"}");
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
    void shouldSayBeforeTheStartThatTheKeyMayDoAllThatIsNeeded() throws IOException {
        final Properties settings = withAlerts(settings(key));

        assertThat(examined(settings))
                .contains(
                        "ok       rights         the user or key may do all that is needed on "
                                + STREAM
                                + "\n",
                        "ok       rights         the user or key may do all that is needed on "
                                + ALERTS
                                + "\n",
                        "ok       index          the data stream " + STREAM + " is there",
                        "ok       index          the data stream " + ALERTS + " is there",
                        "ok       writing        nothing blocks .ds-" + STREAM)
                .doesNotContain("FAILED", "skipped");
    }

    @Test
    void shouldSayBeforeTheStartThatAlertsMayNotBeStored() throws IOException {
        final Properties settings = withAlerts(settings(key));
        settings.setProperty("serveflow.alerts.index", "alerts-elsewhere");

        assertThat(examined(settings))
                .contains(
                        "FAILED   rights         the user or key may not create_doc on"
                                + " alerts-elsewhere")
                .contains("FAILED   index          there is no data stream alerts-elsewhere");
    }

    /** With what of the settings is wrong, and what is said of it. */
    @ParameterizedTest
    @CsvSource({
        "apiKey, d3Jvbmc6d3Jvbmc=, 'answered 401: the API key is wrong, was revoked or has'",
        "apiKey, '', 'answered 401: it asks who we are, and"
                + " camel.component.serveflow-index.apiKey'",
        "apiKey, NONE, 'answered 401: it asks who we are, and no user and no key are set'",
        "caCertificate, OTHER, has a certificate that is not trusted",
        "urls, NAME, has a certificate for another host name",
        "urls, PLAIN, 'where it has TLS, urls begin with https://'"
    })
    void shouldSayBeforeTheStartWhyItIsNotLetIn(
            final String option, final String value, final String expected) throws Exception {
        final Properties settings = settings(key);
        final String name =
                option.equals("urls")
                        ? "serveflow.elasticsearch.urls"
                        : "camel.component.serveflow-index." + option;
        switch (value) {
            case "NONE" -> settings.remove(name);
            case "OTHER" -> settings.setProperty(name, other().toString());
            case "NAME" ->
                    settings.setProperty(
                            name, server.uri().toString().replace("127.0.0.1", "localhost"));
            case "PLAIN" ->
                    settings.setProperty(name, server.uri().toString().replace("https", "http"));
            default -> settings.setProperty(name, value);
        }

        assertThat(examined(settings)).contains("FAILED   elasticsearch  ").contains(expected);
    }

    @Test
    void shouldSayBeforeTheStartThatAPasswordIsWrong() throws IOException {
        final Properties settings = ofGuest();
        settings.setProperty("camel.component.serveflow-index.password", "wrong");

        assertThat(examined(settings))
                .contains("answered 401: the password of user 'guest' is wrong");
    }

    @Test
    void shouldSayBeforeTheStartThatTheCertificateHasExpired() throws Exception {
        final Certificate expired = Certificate.expired(Files.createTempDirectory(work, "expired"));
        final Properties settings = settings(key);
        settings.setProperty(
                "camel.component.serveflow-index.caCertificate", expired.authority().toString());
        server.serve(expired);
        try {
            await().atMost(LONGEST)
                    .untilAsserted(
                            () ->
                                    assertThat(examined(settings))
                                            .contains("FAILED   elasticsearch  ")
                                            .contains("has a certificate that has expired"));
        } finally {
            server.serveOwnCertificate();
            await().atMost(LONGEST)
                    .until(() -> examined(settings(key)).contains("ok       elasticsearch"));
        }
    }

    /** As run finds it, wherever the command is given. */
    @Test
    void shouldFindACertificateBesideTheSettings() throws IOException {
        Files.copy(server.authority(), work.resolve("ca.crt"));
        final Properties settings = settings(key);
        settings.setProperty("camel.component.serveflow-index.caCertificate", "ca.crt");

        assertThat(examined(settings)).contains("ok       elasticsearch");
    }

    private static Path other() throws Exception {
        return Certificate.valid(Files.createTempDirectory(work, "other")).authority();
    }

    private static Properties withAlerts(final Properties settings) {
        settings.setProperty("serveflow.alerts", "dns:high");
        settings.setProperty("serveflow.alerts.index", ALERTS);
        return settings;
    }

    @Test
    void shouldSayBeforeTheStartWhatAUserMayNotDo() throws IOException {
        assertThat(examined(ofGuest()))
                .contains("FAILED   rights         the user or key may not create_doc on " + STREAM)
                .contains(
                        "FAILED   rights         the user or key may not auto_configure on "
                                + STREAM);
    }

    @Test
    void shouldSayBeforeTheStartWhatAUserMayNotDoWithIndicesOfMalcolm() throws IOException {
        final Properties settings = ofGuest();
        settings.setProperty("serveflow.index.profile", "malcolm");
        settings.setProperty("serveflow.index", "malcolm_beats_serveflow");

        assertThat(examined(settings))
                .contains("may not create_doc on malcolm_beats_serveflow-*")
                .contains("may not create_index on malcolm_beats_serveflow-*")
                .doesNotContain("auto_configure");
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
                                + ", "
                                + ALERTS
                                + " need it; --data removes both")
                .containsPattern("kept +_component_template/serveflow-mappings")
                .containsPattern("would remove +API key serveflow");
    }

    @Test
    void shouldKeepVerdictsThatThisServerCannotDelete() {
        assertThat(install("--uninstall", "--data", "--dry-run"))
                .containsPattern(
                        "kept +data streams "
                                + STREAM
                                + ", "
                                + ALERTS
                                + " .this server has no API");
    }

    /** In the words by which what is in use is known. */
    @Test
    void shouldBeRefusedToDeleteATemplateThatIsInUse() throws IOException {
        try (AskedElasticsearch admin = AskedElasticsearch.as("admin", server)) {
            assertThatThrownBy(() -> admin.ask("DELETE", "/_index_template/serveflow", ""))
                    .hasMessageContaining("400 Bad Request")
                    .hasMessageContaining("in use by");
        }
    }

    private static Properties ofGuest() {
        final Properties settings = settings(key);
        settings.remove("camel.component.serveflow-index.apiKey");
        settings.setProperty("camel.component.serveflow-index.username", "guest");
        settings.setProperty(
                "camel.component.serveflow-index.password", SecuredElasticsearch.PASSWORD);
        return settings;
    }

    /** What {@code doctor} prints of these settings. */
    private static String examined(final Properties settings) throws IOException {
        final Path file = work.resolve("doctor.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        final StringWriter printed = new StringWriter();
        Serveflow.execute(
                new PrintWriter(printed),
                new PrintWriter(new StringWriter()),
                "doctor",
                "--config",
                file.toString());
        return printed.toString();
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
