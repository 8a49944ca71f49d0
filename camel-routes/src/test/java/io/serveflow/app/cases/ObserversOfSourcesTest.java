/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import static io.serveflow.app.fixture.StoredDocuments.stage;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.fixture.RunSettings;
import io.serveflow.app.fixture.StoredDocuments;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.elasticsearch.OwnElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One application that reads three sensors, each by a source of its own, into a real index. */
@ExtendWith({OwnElasticsearch.class, SharedKafka.class})
class ObserversOfSourcesTest {

    private static final String INDEX = "logs-serveflow-observers";
    private static final String TOPIC = "observers-of-sources";

    private final LocalKafka kafka;

    @TempDir private Path work;

    ObserversOfSourcesTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    /** The same lines from each: the same flow, seen three times. */
    @Test
    void shouldNameTheSensorOfEachSource(final LocalElasticsearch elasticsearch) throws Exception {
        final String lines = Files.readString(lines());
        final Path log = Files.writeString(work.resolve("serveflow.log"), lines);
        final Path socket = work.resolve("sensor.sock");
        kafka.topic(TOPIC, 1);
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            lines.lines()
                    .forEach(
                            line ->
                                    producer.send(
                                            new ProducerRecord<>(
                                                    TOPIC, line.getBytes(StandardCharsets.UTF_8))));
        }
        try (RouteApplication application =
                new RouteApplication(Optional.empty(), settings(elasticsearch, log, socket))) {
            application.start();
            try (SocketChannel sensor = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                sensor.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)));
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(
                            () ->
                                    finalObservers(elasticsearch)
                                            .equals(List.of("north", "south", "west")));
        }
    }

    private static Path lines() {
        return SurprisingInput.ofAllKinds()
                .filter(input -> input.toString().equals("a11/observer-set.log"))
                .findFirst()
                .orElseThrow()
                .file();
    }

    private Properties settings(
            final LocalElasticsearch elasticsearch, final Path log, final Path socket) {
        final Properties settings = RunSettings.ofTail(elasticsearch, INDEX, work, log);
        settings.setProperty("serveflow.sources", "tail,socket,kafka");
        settings.setProperty("serveflow.tail.observer", "north");
        settings.setProperty("serveflow.socket.address", "unix:" + socket);
        settings.setProperty("serveflow.socket.observer", "south");
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());
        settings.setProperty("serveflow.kafka.topics", TOPIC);
        settings.setProperty("serveflow.kafka.observer", "west");
        return settings;
    }

    private List<String> finalObservers(final LocalElasticsearch elasticsearch)
            throws IOException, InterruptedException {
        final List<String> observers = new ArrayList<>();
        for (final JsonNode document : StoredDocuments.of(elasticsearch, INDEX)) {
            if (stage(document).equals("final")) {
                observers.add(document.at("/observer/name").asText());
            }
        }
        observers.sort(null);
        return observers;
    }
}
