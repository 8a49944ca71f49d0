/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SensorLines;
import io.serveflow.testing.kafka.SharedKafka;
import io.serveflow.testing.samples.ProjectFiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example with Camel's own Kafka component, from its very file, on a real broker. */
@ExtendWith(SharedKafka.class)
class StockKafkaExampleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GROUP = "serveflow";

    private final LocalKafka kafka;
    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private String topic;

    StockKafkaExampleTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void makeTopic(final TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        kafka.topic(topic, 2);
    }

    @Test
    void shouldCommitEachPartitionWhenTheRouteHasAnswered() throws Exception {
        final CountDownLatch answer = new CountDownLatch(1);
        produce(
                SensorLines.first("C0"),
                SensorLines.first("C1"),
                SensorLines.context("C0"),
                "broken",
                SensorLines.first("C4"));

        final Main main = started(batch -> answer.await());
        try {
            await().atMost(PATIENCE).until(() -> !taken.isEmpty());
            assertThat(committed()).isEmpty();

            answer.countDown();
            await().atMost(PATIENCE)
                    .until(() -> committed().equals(Map.of(partition(0), 3L, partition(1), 2L)));
            assertThat(taken).containsExactlyInAnyOrder("C0", "C1", "C0", "C4");
            assertThat(deadLetters)
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.source()).isEqualTo("kafka:" + topic + "-1");
                                assertThat(letter.offset()).isEqualTo(1);
                            });
        } finally {
            answer.countDown();
            main.stop();
        }
    }

    @Test
    void shouldSendAgainWhatTheRouteDidNotTake() throws Exception {
        final AtomicInteger calls = new AtomicInteger();
        produce(SensorLines.first("C0"), SensorLines.first("C1"));

        final Main main =
                started(
                        batch -> {
                            if (calls.incrementAndGet() == 1) {
                                throw new IllegalStateException("not now");
                            }
                        });
        try {
            await().atMost(PATIENCE)
                    .until(() -> committed().equals(Map.of(partition(0), 1L, partition(1), 1L)));
            assertThat(taken).contains("C0", "C1");
            assertThat(calls.get()).isGreaterThan(1);
            assertThat(ledger.total(Ledger.Entry.EVENTS)).isEqualTo(2);
        } finally {
            main.stop();
        }
    }

    private Main started(final Taking taking) throws Exception {
        final Main main = new Main();
        main.addInitialProperty("serveflow.kafka.brokers", kafka.brokers());
        main.addInitialProperty("serveflow.kafka.topics", topic);
        main.addInitialProperty("serveflow.observer", "serveflow");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.bind("ledger", ledger);
        main.bind("assembling", FlowAssembler.Options.defaults("serveflow"));
        main.bind("deadLetters", (DeadLetterSink) deadLetters::add);
        main.configure()
                .withRoutesIncludePattern(
                        "file:" + ProjectFiles.path("examples/stock-kafka.camel.yaml"));
        main.configure()
                .addRoutesBuilder(
                        new RouteBuilder() {
                            @Override
                            public void configure() {
                                from("direct:flows")
                                        .process(
                                                exchange -> {
                                                    final FlowBatch batch =
                                                            exchange.getMessage()
                                                                    .getBody(FlowBatch.class);
                                                    IntStream.range(0, batch.size())
                                                            .mapToObj(
                                                                    i -> batch.record(i).id().uid())
                                                            .forEach(taken::add);
                                                    taking.take(batch);
                                                });
                            }
                        });
        main.start();
        return main;
    }

    /** What the route does with a batch. */
    @FunctionalInterface
    private interface Taking {
        void take(FlowBatch batch) throws Exception;
    }

    private Map<TopicPartition, Long> committed() {
        final Map<TopicPartition, Long> offsets = kafka.committed(GROUP);
        offsets.keySet().removeIf(id -> !id.topic().equals(topic));
        return offsets;
    }

    private TopicPartition partition(final int number) {
        return new TopicPartition(topic, number);
    }

    private void produce(final String... lines) {
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            for (int i = 0; i < lines.length; i++) {
                producer.send(
                        new ProducerRecord<>(topic, i % 2, "key", LocalKafka.bytes(lines[i])));
            }
        }
    }
}
