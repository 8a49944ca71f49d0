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
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.settings.WrongSettingsException;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import io.serveflow.ledger.Reason;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Alerts on verdicts, by the shipped routes, in a real Elasticsearch. */
@Timeout(180)
@ExtendWith(OwnElasticsearch.class)
class AlertsTest {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @Test
    void shouldAlertOnTheFlowsWhoseFinalVerdictHasAChosenLabel() throws Exception {
        final Properties settings = settings("chosen");
        settings.setProperty("serveflow.alerts", "dns:high, service/p2p:low");
        final Ledger ledger = run(settings);

        for (final String label : List.of("dns", "p2p")) {
            final List<JsonNode> alerts = alertsOn("chosen", label);
            assertThat(uids(alerts)).isEqualTo(uids(finalsOf("chosen", label))).isNotEmpty();
            assertThat(alerts)
                    .allSatisfy(
                            alert -> {
                                assertThat(alert.at("/event/kind").asText()).isEqualTo("alert");
                                assertThat(alert.at("/event/severity").asInt())
                                        .isEqualTo(label.equals("dns") ? 3 : 1);
                            });
        }
        assertThat(ledger.byDetail(Entry.ALERTS))
                .isEqualTo(
                        Map.of(
                                "high", (long) alertsOn("chosen", "dns").size(),
                                "low", (long) alertsOn("chosen", "p2p").size()));
    }

    @Test
    void shouldBeFoundByTheFieldsOfAlerts() throws Exception {
        final Properties settings = settings("found");
        settings.setProperty("serveflow.alerts", "dns:critical");
        final long given = run(settings).total(Entry.ALERTS);

        for (final String query :
                List.of(
                        "event.kind:alert",
                        "tags:alert",
                        "event.severity:%5B4%20TO%204%5D",
                        "event.severity_label:critical",
                        "rule.name:%22ServeFlow%20service:%20dns%22",
                        "message:dns",
                        "_exists_:serveflow.verdict_id")) {
            assertThat(StoredDocuments.count(elasticsearch, alerts("found"), query))
                    .as(query)
                    .isEqualTo((int) given);
        }
    }

    @Test
    void shouldMakeNoneUnlessTheyAreSet() throws Exception {
        final Ledger ledger = run(settings("off"));

        assertThat(ledger.total(Entry.ALERTS)).isZero();
        assertThat(
                        StoredDocuments.get(elasticsearch, "/" + alerts("off") + "/_count")
                                .path("status")
                                .asInt())
                .isEqualTo(404);
    }

    @Test
    void shouldAlertOnAFlowOnceThoughItIsReadAgain() throws Exception {
        final Properties settings = settings("again");
        settings.setProperty("serveflow.alerts", "dns:high");
        final long first = run(settings).total(Entry.ALERTS);
        final Ledger second = run(settings);

        assertThat(second.total(Entry.ALERTS)).isEqualTo(first);
        assertThat(StoredDocuments.of(elasticsearch, alerts("again"))).hasSize((int) first);
    }

    @Test
    void shouldDropAndCountWhatIsMoreThanAMinuteMayHave() throws Exception {
        final Properties settings = settings("many");
        settings.setProperty("serveflow.alerts", "dns:high");
        settings.setProperty("serveflow.alerts.maxPerMinute", "3");
        final Ledger ledger = run(settings);

        assertThat(ledger.total(Entry.ALERTS)).isEqualTo(3);
        assertThat(ledger.byDetail(Entry.DROPPED)).containsOnlyKeys(Reason.ALERT_RATE.code());
        assertThat(StoredDocuments.of(elasticsearch, alerts("many"))).hasSize(3);
    }

    @Test
    void shouldRefuseALabelThatNoBundleGives() throws Exception {
        final Properties settings = settings("wrong");
        settings.setProperty("serveflow.alerts", "dsn:high,device/Aria:low");
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            assertThatThrownBy(application::start)
                    .isInstanceOf(WrongSettingsException.class)
                    .hasMessageContaining(
                            "setting serveflow.alerts names the label 'dsn', which no bundle in use"
                                    + " gives; there are database_mq, dns,")
                    .hasMessageContaining(
                            "names the task device, which no bundle in use answers; they answer"
                                    + " service");
        }
    }

    private Properties settings(final String name) throws IOException {
        final Properties settings =
                RunSettings.ofFiles(elasticsearch, "logs-serveflow-alert_" + name, work);
        settings.setProperty("serveflow.alerts.index", alerts(name));
        final Path log = work.resolve("in").resolve("mixed.log");
        if (!Files.exists(log)) {
            Files.copy(ProjectFiles.records("mixed"), log);
        }
        return settings;
    }

    private static String alerts(final String name) {
        return "logs-serveflow.alerts-" + name;
    }

    /** Reads all, and returns the account of it. */
    private static Ledger run(final Properties settings) throws Exception {
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(LONGEST).until(() -> application.isSettled(1));
            return application.ledger();
        }
    }

    private static List<JsonNode> finalsOf(final String name, final String label)
            throws IOException, InterruptedException {
        return StoredDocuments.of(elasticsearch, "logs-serveflow-alert_" + name).stream()
                .filter(verdict -> StoredDocuments.stage(verdict).equals("final"))
                .filter(verdict -> StoredDocuments.text(verdict, "label").equals(label))
                .toList();
    }

    private static List<JsonNode> alertsOn(final String name, final String label)
            throws IOException, InterruptedException {
        return StoredDocuments.of(elasticsearch, alerts(name)).stream()
                .filter(
                        alert ->
                                alert.at("/rule/name")
                                        .asText()
                                        .equals("ServeFlow service: " + label))
                .toList();
    }

    private static Set<String> uids(final List<JsonNode> documents) {
        return documents.stream()
                .map(document -> document.at("/log/id/uid").asText())
                .collect(Collectors.toSet());
    }
}
