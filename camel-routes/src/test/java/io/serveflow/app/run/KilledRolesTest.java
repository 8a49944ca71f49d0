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
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.ServeflowProcess;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.fixture.StoredVerdicts;
import io.serveflow.app.fixture.WorkerProcess;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes of the roles fast, slow and index of which some are killed while they work. */
@ExtendWith({OwnElasticsearch.class, SharedKafka.class})
class KilledRolesTest {

    private static final String INDEX = "logs-serveflow-killed-roles";
    private static final String STOOD_IN = "logs-serveflow-killed-worker";
    private static final int LEAST_FLOWS = 9_000;
    private static final int FEW_FLOWS = 300;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path work;
    private final LocalKafka kafka;
    private final String topic = "killed-roles-" + UUID.randomUUID();
    private final String repairs = topic + ".repair";
    private final Map<String, Process> processes = new HashMap<>();

    KilledRolesTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void makeTopic() {
        kafka.topic(topic, 4);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (final Process process : processes.values()) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldGiveEveryFlowOneFinalVerdictWhenFastAndSlowAreKilled(
            final LocalElasticsearch elasticsearch) throws Exception {
        for (final String name : List.of("index-1", "slow-1", "fast-1", "fast-2")) {
            begin(name, elasticsearch);
        }
        final Set<String> flows = new HashSet<>();
        try (KafkaProducer<String, byte[]> sensor = kafka.producer()) {
            send(sensor, 0, flows);
            awaitFinals(elasticsearch, flows.size() / 2);
            kill("fast-1");
            send(sensor, 1, flows);
            begin("fast-1", elasticsearch);
            awaitFinals(elasticsearch, flows.size() / 2);
            kill("slow-1");
            send(sensor, 2, flows);
            begin("slow-1", elasticsearch);
            sensor.flush();
        }
        assertThat(flows).hasSizeGreaterThan(LEAST_FLOWS);
        awaitFinals(elasticsearch, flows.size());

        final StoredVerdicts stored = new StoredVerdicts(StoredDocuments.all(elasticsearch, INDEX));
        assertThat(stored.finals("service").keySet()).isEqualTo(flows);
        assertThat(stored.provisional()).hasSizeGreaterThan(500);
        stored.assertLinked();
        assertThat(stored.documents())
                .extracting(document -> document.at("/serveflow/reason").asText())
                .as("no flow waited in vain for a process that was killed")
                .doesNotContain("slow_unavailable");
    }

    /**
     * While the process is away that scores the slow tier, fast answers stand in for it, also those
     * of flows that a killed process of the role slow had read; whichever of both has kept a flow.
     */
    @Test
    void shouldRepairEveryFastAnswerThatStoodInForASlowOne(final LocalElasticsearch elasticsearch)
            throws Exception {
        kafka.topic(repairs, 2);
        final Properties ofWorker = new Properties();
        ofWorker.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        try (WorkerProcess worker = WorkerProcess.start(work.resolve("worker"), ofWorker)) {
            final Properties more = new Properties();
            more.setProperty("serveflow.slow.endpoints", worker.address());
            more.setProperty("serveflow.slow.deadline", "2000");
            more.setProperty("serveflow.repair.topic", repairs);
            for (final String name : List.of("index-1", "slow-1", "fast-1")) {
                begin(name, STOOD_IN, elasticsearch, more);
            }
            final Set<String> flows = new HashSet<>();
            try (KafkaProducer<String, byte[]> sensor = kafka.producer()) {
                send(sensor, 0, FEW_FLOWS, flows);
                sensor.flush();
                awaitFinals(elasticsearch, STOOD_IN, flows.size());
                worker.kill();
                send(sensor, 1, FEW_FLOWS, flows);
                sensor.flush();
                awaitStoodIn(elasticsearch);
                kill("slow-1");
                send(sensor, 2, FEW_FLOWS, flows);
                sensor.flush();
                begin("slow-1", STOOD_IN, elasticsearch, more);
            }
            awaitFinals(elasticsearch, STOOD_IN, flows.size());
            final List<JsonNode> stoodIn = stoodIn(elasticsearch);
            assertThat(stoodIn).hasSizeGreaterThan(20);
            worker.startAgain();

            final Process repair =
                    ServeflowProcess.command(
                                    List.of("-Xmx256m"),
                                    List.of(
                                            "repair",
                                            "--config",
                                            work.resolve("slow-1/serveflow.properties").toString()))
                            .redirectErrorStream(true)
                            .redirectOutput(work.resolve("repair.log").toFile())
                            .start();

            assertThat(repair.waitFor()).as(Files.readString(work.resolve("repair.log"))).isZero();
            assertSuperseded(StoredDocuments.all(elasticsearch, STOOD_IN), flows);
        }
    }

    private static void awaitStoodIn(final LocalElasticsearch elasticsearch) {
        await().atMost(LONGEST)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !stoodIn(elasticsearch).isEmpty());
    }

    private static List<JsonNode> stoodIn(final LocalElasticsearch elasticsearch)
            throws IOException, InterruptedException {
        return stoodIn(StoredDocuments.all(elasticsearch, STOOD_IN));
    }

    private static List<JsonNode> stoodIn(final List<JsonNode> documents) {
        return documents.stream()
                .filter(
                        document ->
                                StoredDocuments.text(document, "reason").equals("slow_unavailable"))
                .toList();
    }

    /**
     * One final document a flow; each that stood in has one repaired document of the slow tier. So
     * may have one that did not, of a flow that was read twice and answered the first time.
     */
    private static void assertSuperseded(final List<JsonNode> documents, final Set<String> flows) {
        assertThat(new StoredVerdicts(documents).finals("service").keySet()).isEqualTo(flows);
        final List<JsonNode> repaired =
                documents.stream()
                        .filter(document -> StoredDocuments.stage(document).equals("repaired"))
                        .toList();
        assertThat(repaired)
                .extracting(document -> StoredDocuments.text(document, "supersedes"))
                .doesNotHaveDuplicates()
                .containsAll(
                        stoodIn(documents).stream()
                                .map(document -> document.at("/event/id").asText())
                                .toList());
        assertThat(repaired)
                .extracting(document -> StoredDocuments.text(document, "tier"))
                .containsOnly("slow");
        assertThat(documents)
                .extracting(document -> document.at("/event/id").asText())
                .doesNotHaveDuplicates();
        assertThat(StoredDocuments.standing(documents)).hasSameSizeAs(flows);
    }

    private void begin(final String name, final LocalElasticsearch elasticsearch)
            throws IOException {
        begin(name, INDEX, elasticsearch, new Properties());
    }

    private void begin(
            final String name,
            final String index,
            final LocalElasticsearch elasticsearch,
            final Properties more)
            throws IOException {
        final Path folder = Files.createDirectories(work.resolve(name));
        final Properties settings = RunSettings.of(elasticsearch, index, folder, "kafka");
        if (more.containsKey("serveflow.repair.topic")) {
            settings.remove("serveflow.repair");
        }
        settings.putAll(more);
        settings.setProperty("serveflow.role", name.substring(0, name.indexOf('-')));
        settings.setProperty("serveflow.link", "kafka");
        settings.setProperty("serveflow.link.partitions", "4");
        settings.setProperty("serveflow.link.prefix", topic + ".");
        settings.setProperty("serveflow.kafka.topics", topic);
        settings.setProperty("serveflow.kafka.groupId", topic);
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());
        settings.setProperty("serveflow.kafka.keyedByFlow", "true");
        settings.setProperty("camel.component.serveflow-kafka.sessionTimeoutMs", "6000");
        settings.setProperty("camel.component.serveflow-kafka.heartbeatIntervalMs", "1000");
        processes.put(
                name,
                ServeflowProcess.run(
                        folder,
                        settings,
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1"));
    }

    private void kill(final String name) throws InterruptedException {
        processes.get(name).destroyForcibly().waitFor();
    }

    /** A third of all flows: first records and, behind each, its context. */
    private void send(
            final KafkaProducer<String, byte[]> sensor, final int part, final Set<String> flows)
            throws IOException {
        send(sensor, part, LEAST_FLOWS / 3, flows);
    }

    private void send(
            final KafkaProducer<String, byte[]> sensor,
            final int part,
            final int least,
            final Set<String> flows)
            throws IOException {
        final List<ObjectNode> lines = new ArrayList<>();
        for (final String line : Files.readAllLines(ProjectFiles.records("mixed"))) {
            lines.add((ObjectNode) JSON.readTree(line));
        }
        final long ofFile = lines.stream().map(line -> line.get("uid").asText()).distinct().count();
        for (int copy = 0; copy * ofFile < least + ofFile; copy++) {
            for (final JsonNode line : lines) {
                final String uid = line.get("uid").asText() + "-" + part + "-" + copy;
                flows.add(uid);
                final ObjectNode ofCopy = line.deepCopy();
                ofCopy.put("uid", uid);
                sensor.send(new ProducerRecord<>(topic, uid, JSON.writeValueAsBytes(ofCopy)));
            }
        }
    }

    private static void awaitFinals(final LocalElasticsearch elasticsearch, final int flows) {
        awaitFinals(elasticsearch, INDEX, flows);
    }

    private static void awaitFinals(
            final LocalElasticsearch elasticsearch, final String index, final int flows) {
        await().atMost(LONGEST)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () ->
                                StoredDocuments.count(elasticsearch, index, "serveflow.final:true")
                                        >= flows);
    }
}
