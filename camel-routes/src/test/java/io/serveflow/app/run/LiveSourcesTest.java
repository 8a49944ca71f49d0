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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes on sources that stay open, with a real Elasticsearch behind. */
@ExtendWith({OwnElasticsearch.class, SharedKafka.class})
class LiveSourcesTest {

    private static final Path RECORDS = ProjectFiles.records("mixed");
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new JsonMapper();

    /** A line of conn.log, but for the number of its flow. */
    private static final String SUMMARY =
            """
            {"ts":1700000000.1,"uid":"C%d","id.orig_h":"10.0.0.5","id.orig_p":51514,\
            "id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp","service":"ssl",\
            "duration":1.5,"orig_bytes":100,"resp_bytes":2000,"conn_state":"SF",\
            "history":"ShADadFf","orig_pkts":8,"orig_ip_bytes":428,"resp_pkts":7,\
            "resp_ip_bytes":2372}\
            """;

    private static LocalElasticsearch elasticsearch;

    @TempDir private Path work;

    @BeforeAll
    static void use(final LocalElasticsearch server) {
        elasticsearch = server;
    }

    @Test
    void shouldAnswerALogWhileItGrows() throws Exception {
        final String index = "logs-serveflow-grows";
        final Path log = work.resolve("serveflow.log");
        final List<String> lines = Files.readAllLines(RECORDS);
        append(log, lines.subList(0, lines.size() / 2));
        try (RouteApplication application = tail(index, log)) {
            application.start();
            append(log, lines.subList(lines.size() / 2, lines.size()));
            awaitFinal(index, uids(lines));

            assertThat(application.ledger().total(Ledger.Entry.DEAD_LETTERED)).isZero();
            assertThat(application.ledger().total(Ledger.Entry.DROPPED)).isZero();
        }
    }

    @Test
    void shouldNameTheObserversOfASourceAfterItsLogs() throws Exception {
        final String index = "logs-serveflow-observers";
        final List<String> lines = Files.readAllLines(RECORDS);
        append(work.resolve("serveflow-eth0.log"), lines);
        append(work.resolve("serveflow-eth1.log"), lines);
        final Properties settings =
                RunSettings.ofTail(elasticsearch, index, work, work.resolve("serveflow-*.log"));
        settings.setProperty("serveflow.tail.observer", "zeek-{file}");
        settings.setProperty("serveflow.observer", "other");
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(LONGEST)
                    .until(() -> withStage(index, "final").size() == 2 * uids(lines).size());

            assertThat(StoredDocuments.of(elasticsearch, index))
                    .extracting(document -> document.at("/observer/name").asText())
                    .containsOnly("zeek-serveflow-eth0", "zeek-serveflow-eth1");
        }
    }

    @Test
    void shouldGoOnWhereItStopped() throws Exception {
        final String index = "logs-serveflow-goes-on";
        final Path log = work.resolve("serveflow.log");
        final List<String> lines = Files.readAllLines(RECORDS);
        append(log, lines);
        try (RouteApplication application = tail(index, log)) {
            application.start();
            awaitFinal(index, uids(lines));
        }
        try (RouteApplication application = tail(index, log)) {
            application.start();
            final List<String> late = Files.readAllLines(ProjectFiles.records("dns"));
            append(log, late);
            awaitFinal(index, uids(late));

            assertThat(application.ledger().total(Ledger.Entry.FLOWS)).isEqualTo(uids(late).size());
        }
    }

    @Test
    void shouldGiveEveryFlowItsFinalVerdictWhenKilledWhileFlowsWait() throws Exception {
        final String index = "logs-serveflow-killed";
        final Path log = work.resolve("serveflow.log");
        final List<String> lines = Files.readAllLines(RECORDS);
        append(log, lines.stream().filter(line -> line.contains("\"first\"")).toList());
        final Properties settings = RunSettings.ofTail(elasticsearch, index, work, log);

        final Process killed = ServeflowProcess.run(work, settings);
        try {
            await().atMost(LONGEST).until(() -> !withStage(index, "provisional").isEmpty());
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    uids(StoredDocuments.of(elasticsearch, index), document -> true)
                                            .equals(uids(lines)));
        } finally {
            killed.destroyForcibly().waitFor();
        }
        final Set<String> owed =
                uids(
                        StoredDocuments.of(elasticsearch, index),
                        document -> stage(document).equals("provisional"));
        owed.removeAll(
                uids(
                        StoredDocuments.of(elasticsearch, index),
                        document -> stage(document).equals("final")));
        assertThat(owed).as("flows that waited when the process was killed").isNotEmpty();

        append(log, lines.stream().filter(line -> line.contains("\"context\"")).toList());
        final Process next = ServeflowProcess.run(work, settings);
        try {
            awaitFinal(index, uids(lines));
        } finally {
            next.destroyForcibly().waitFor();
        }
        assertThat(
                        uids(
                                withStage(index, "final"),
                                document -> text(document, "tier").equals("slow")))
                .containsAll(owed);
    }

    @Test
    void shouldAnswerWhatASensorWritesToASocket() throws Exception {
        final String index = "logs-serveflow-socket";
        final Path socket = work.resolve("eve.sock");
        final Properties settings = RunSettings.of(elasticsearch, index, work, "socket");
        settings.setProperty("serveflow.socket.address", "unix:" + socket);
        final List<String> lines = Files.readAllLines(RECORDS);
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            try (SocketChannel sensor = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                final OutputStream out = Channels.newOutputStream(sensor);
                out.write(String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
            }
            awaitFinal(index, uids(lines));
        }
    }

    @Test
    void shouldAnswerWhatIsInATopic(final LocalKafka kafka) throws Exception {
        final String index = "logs-serveflow-topic";
        final String topic = "live-sources";
        final List<String> lines = Files.readAllLines(RECORDS);
        kafka.topic(topic, 3);
        final Properties settings = RunSettings.of(elasticsearch, index, work, "kafka");
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());
        settings.setProperty("serveflow.kafka.topics", topic);
        settings.setProperty("serveflow.kafka.groupId", topic);
        settings.setProperty("serveflow.kafka.keyedByFlow", "true");
        try (KafkaProducer<String, byte[]> producer = kafka.producer();
                RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            for (final String line : lines) {
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                JSON.readTree(line).get("uid").asText(),
                                line.getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
            application.start();
            awaitFinal(index, uids(lines));
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    kafka.committed(topic).values().stream()
                                                    .mapToLong(Long::longValue)
                                                    .sum()
                                            == lines.size());

            assertThat(application.ledger().total(Ledger.Entry.FELL_BACK)).isZero();
        }
    }

    @Test
    void shouldAskABundleAboutSummariesByTheRouteOfTheExample() throws Exception {
        final String index = "logs-serveflow-conn";
        final Path log = work.resolve("conn.log");
        append(log, List.of(SUMMARY.formatted(1), SUMMARY.formatted(2)));
        final Path configuration = Files.createDirectories(work.resolve("configuration"));
        Files.copy(
                ProjectFiles.path("examples/summaries.camel.yaml"),
                Files.createDirectories(configuration.resolve("camel"))
                        .resolve("summaries.camel.yaml"));
        final Properties settings = RunSettings.ofTail(elasticsearch, index, work, log);
        settings.setProperty(
                "serveflow.summaries.bundle",
                ProjectFiles.path("camel-routes/src/test/resources/bundles/tiny-conn").toString());
        settings.setProperty("serveflow.summaries.tier", "slow");
        try (RouteApplication application =
                new RouteApplication(Optional.of(configuration), settings)) {
            application.start();
            awaitFinal(index, Set.of("C1", "C2"));
        }
    }

    @Test
    void shouldCountTheSummariesThatNoBundleIsAskedAbout() throws Exception {
        final Path log = work.resolve("conn.log");
        append(log, List.of(SUMMARY.formatted(1), SUMMARY.formatted(2)));
        try (RouteApplication application = tail("logs-serveflow-summaries", log)) {
            application.start();
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    application
                                            .ledger()
                                            .byDetail(Ledger.Entry.SKIPPED)
                                            .equals(Map.of(UnusedSummaries.NO_BUNDLE, 2L)));

            assertThat(application.ledger().total(Ledger.Entry.DEAD_LETTERED)).isZero();
        }
    }

    @Test
    void shouldAnswerEveryFlowOfAReplayedCapture() throws Exception {
        final String index = "logs-serveflow-replayed";
        final Properties settings = RunSettings.of(elasticsearch, index, work, "pcap");
        settings.setProperty(
                "serveflow.pcap.file", ProjectFiles.capture("mixed.pcap.gz").toString());
        try (RouteApplication application = new RouteApplication(Optional.empty(), settings)) {
            application.start();
            await().atMost(LONGEST)
                    .until(
                            () ->
                                    application.ledger().total(Ledger.Entry.FLOWS) > 0
                                            && withStage(index, "final").size()
                                                    == application
                                                            .ledger()
                                                            .total(Ledger.Entry.FLOWS));

            assertThat(withStage(index, "final")).hasSize(uids(Files.readAllLines(RECORDS)).size());
        }
    }

    @Test
    void shouldNameTheSourcesWhenOneIsUnknown() {
        assertThatThrownBy(
                        () ->
                                new RouteApplication(
                                        Optional.empty(),
                                        RunSettings.of(
                                                elasticsearch,
                                                "logs-serveflow-none",
                                                work,
                                                "tail,syslog")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "setting serveflow.sources is 'tail,syslog'; it must name one or more of"
                                + " files, tail, socket, kafka, pcap");
    }

    private RouteApplication tail(final String index, final Path log) throws IOException {
        return new RouteApplication(
                Optional.empty(), RunSettings.ofTail(elasticsearch, index, work, log));
    }

    private static void append(final Path log, final List<String> lines) throws IOException {
        Files.write(log, lines, CREATE, APPEND);
    }

    private void awaitFinal(final String index, final Set<String> flows) {
        await().atMost(LONGEST)
                .until(() -> uids(withStage(index, "final"), document -> true).containsAll(flows));
    }

    private static Set<String> uids(final List<String> lines) {
        return lines.stream()
                .map(
                        line -> {
                            try {
                                return JSON.readTree(line).get("uid").asText();
                            } catch (final IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> uids(
            final List<JsonNode> documents, final Predicate<JsonNode> wanted) {
        return documents.stream()
                .filter(wanted)
                .map(document -> document.at("/log/id/uid").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<JsonNode> withStage(final String index, final String stage) throws Exception {
        return StoredDocuments.of(elasticsearch, index).stream()
                .filter(d -> stage(d).equals(stage))
                .toList();
    }
}
