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
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.IngestedDocument;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    private static final JsonMapper JSON = new JsonMapper();

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

    /** As far as this server can: the processors of the pipeline are those of the tests. */
    @Test
    void shouldArriveAsAlertsOfSecurityOnionThroughFiles() throws Exception {
        installTemplates();
        final Path verdicts = Files.createDirectory(work.resolve("verdicts"));
        final Properties settings = settings("filed");
        settings.remove("serveflow.elasticsearch.urls");
        settings.setProperty("serveflow.sink", "file");
        settings.setProperty("serveflow.file.folder", verdicts.toString());
        settings.setProperty("serveflow.alerts", "dns:high");
        final int given = Math.toIntExact(run(settings).total(Entry.ALERTS));
        final String index = "logs-serveflow-filed";
        ship(verdicts, index);

        final String open =
                "tags:alert%20AND%20NOT%20event.acknowledged:true%20AND%20NOT"
                        + "%20event.escalated:true";
        for (final String query :
                List.of(
                        open,
                        "event.kind:alert",
                        "event.severity:3",
                        "event.severity_label:high",
                        "rule.name:%22ServeFlow%20service:%20dns%22",
                        "_exists_:rule.uuid",
                        "event.module:serveflow%20AND%20message:dns",
                        "tags:alert%20AND%20_exists_:log.id.uid")) {
            assertThat(StoredDocuments.count(elasticsearch, index, query))
                    .as(query)
                    .isEqualTo(given)
                    .isPositive();
        }
        acknowledgeOne(index);
        assertThat(StoredDocuments.count(elasticsearch, index, open)).isEqualTo(given - 1);
    }

    private static void installTemplates() throws IOException, InterruptedException {
        put("_component_template/serveflow-mappings", "component/serveflow-mappings.json");
        put("_index_template/serveflow", "index-template.json");
    }

    private static void put(final String path, final String template)
            throws IOException, InterruptedException {
        StoredDocuments.put(
                elasticsearch,
                "/" + path,
                Files.readString(ProjectFiles.path("elastic-templates/" + template)));
    }

    /** As the agent of a grid does, and the pipeline of Security Onion that is ours. */
    private static void ship(final Path folder, final String index)
            throws IOException, InterruptedException {
        final IngestedDocument pipeline =
                new IngestedDocument(
                        JSON.readTree(
                                ProjectFiles.path("security-onion/ingest-pipeline.json").toFile()));
        final List<JsonNode> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file :
                    files.filter(one -> one.toString().endsWith(".ndjson")).toList()) {
                for (final String line : Files.readAllLines(file)) {
                    final ObjectNode shipped = JSON.createObjectNode();
                    shipped.put("message", line);
                    shipped.putArray("tags").add("elastic-agent").add("input-so-manager");
                    shipped.putObject("agent").put("name", "sensor-1");
                    shipped.putObject("event")
                            .put("category", "network")
                            .put("module", "serveflow")
                            .put("dataset", "serveflow");
                    documents.add(pipeline.of(shipped));
                }
            }
        }
        StoredDocuments.create(elasticsearch, index, documents);
    }

    /** What the page of alerts does, with a script, to the document where it lies. */
    private static void acknowledgeOne(final String index)
            throws IOException, InterruptedException {
        final JsonNode alert =
                StoredDocuments.get(elasticsearch, "/" + index + "/_search?q=tags:alert&size=1")
                        .at("/hits/hits/0");
        StoredDocuments.post(
                elasticsearch,
                "/" + alert.path("_index").asText() + "/_update/" + alert.path("_id").asText(),
                "{\"doc\":{\"event\":{\"acknowledged\":true}}}");
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
