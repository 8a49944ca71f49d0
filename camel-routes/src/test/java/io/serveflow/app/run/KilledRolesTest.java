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
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes of the roles fast, slow and index of which some are killed while they work. */
@ExtendWith(OwnElasticsearch.class)
class KilledRolesTest {

    private static final String INDEX = "logs-serveflow-killed-roles";
    private static final int LEAST_FLOWS = 9_000;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path work;
    private LocalKafka kafka;
    private final Map<String, Process> processes = new HashMap<>();

    @BeforeEach
    void startKafka() {
        kafka = LocalKafka.started();
        kafka.topic("serveflow", 4);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (final Process process : processes.values()) {
            process.destroyForcibly().waitFor();
        }
        kafka.close();
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

    private void begin(final String name, final LocalElasticsearch elasticsearch)
            throws IOException {
        final Path folder = Files.createDirectories(work.resolve(name));
        final Properties settings = RunSettings.of(elasticsearch, INDEX, folder, "kafka");
        settings.setProperty("serveflow.role", name.substring(0, name.indexOf('-')));
        settings.setProperty("serveflow.link", "kafka");
        settings.setProperty("serveflow.link.partitions", "4");
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
    private static void send(
            final KafkaProducer<String, byte[]> sensor, final int part, final Set<String> flows)
            throws IOException {
        final List<ObjectNode> lines = new ArrayList<>();
        for (final String line : Files.readAllLines(ProjectFiles.records("mixed"))) {
            lines.add((ObjectNode) JSON.readTree(line));
        }
        final long ofFile = lines.stream().map(line -> line.get("uid").asText()).distinct().count();
        for (int copy = 0; copy * ofFile < LEAST_FLOWS / 3 + ofFile; copy++) {
            for (final JsonNode line : lines) {
                final String uid = line.get("uid").asText() + "-" + part + "-" + copy;
                flows.add(uid);
                final ObjectNode ofCopy = line.deepCopy();
                ofCopy.put("uid", uid);
                sensor.send(new ProducerRecord<>("serveflow", uid, JSON.writeValueAsBytes(ofCopy)));
            }
        }
    }

    private static void awaitFinals(final LocalElasticsearch elasticsearch, final int flows) {
        await().atMost(LONGEST)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () ->
                                StoredDocuments.count(elasticsearch, INDEX, "serveflow.final:true")
                                        >= flows);
    }
}
