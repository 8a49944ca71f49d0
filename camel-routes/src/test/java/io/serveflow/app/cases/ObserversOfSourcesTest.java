/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
@ExtendWith(SharedKafka.class)
class ObserversOfSourcesTest {

    private static final String INDEX = "logs-serveflow-observers";
    private static final String TOPIC = "observers-of-sources";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final LocalKafka kafka;

    @TempDir private Path work;

    ObserversOfSourcesTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    /** The same lines from each: the same flow, seen three times. */
    @Test
    void shouldNameTheSensorOfEachSource() throws Exception {
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
        try (LocalElasticsearch elasticsearch = LocalElasticsearch.started();
                RouteApplication application =
                        new RouteApplication(
                                Optional.empty(), settings(elasticsearch, log, socket))) {
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
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "tail,socket,kafka");
        settings.setProperty("serveflow.tail.path", log.toString());
        settings.setProperty(
                "serveflow.tail.positionFile", work.resolve("tail.position").toString());
        settings.setProperty("serveflow.tail.observer", "north");
        settings.setProperty("serveflow.socket.address", "unix:" + socket);
        settings.setProperty("serveflow.socket.observer", "south");
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());
        settings.setProperty("serveflow.kafka.topics", TOPIC);
        settings.setProperty("serveflow.kafka.observer", "west");
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        settings.setProperty("serveflow.elasticsearch.urls", elasticsearch.uri().toString());
        settings.setProperty("serveflow.index", INDEX);
        settings.setProperty(
                "serveflow.dead-letters", work.resolve("dead-letters.ndjson").toString());
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.enabled", "false");
        return settings;
    }

    private List<String> finalObservers(final LocalElasticsearch elasticsearch)
            throws IOException, InterruptedException {
        http.send(
                HttpRequest.newBuilder(elasticsearch.uri().resolve("/" + INDEX + "/_refresh"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        final String answer =
                http.send(
                                HttpRequest.newBuilder(
                                                elasticsearch
                                                        .uri()
                                                        .resolve("/" + INDEX + "/_search"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        final List<String> observers = new ArrayList<>();
        for (final JsonNode hit : JSON.readTree(answer).at("/hits/hits")) {
            if (hit.at("/_source/serveflow/stage").asText().equals("final")) {
                observers.add(hit.at("/_source/observer/name").asText());
            }
        }
        observers.sort(null);
        return observers;
    }
}
