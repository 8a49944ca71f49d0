/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.kafka;

import io.serveflow.app.run.RouteApplication;
import io.serveflow.benchmark.run.Cost;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.sink.MeasuredApplication;
import io.serveflow.ledger.Ledger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One measurement from topic to topic, in a JVM of its own. */
public final class KafkaRun {

    private static final long LOOK_NANOS = 500_000;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private KafkaRun() {}

    /** What takes the documents to the topic. */
    public enum End {
        /** Camel's own {@code kafka} component. */
        STOCK,
        /** Kafka's producer, called by a processor of the route. */
        PRODUCER
    }

    /**
     * What is to be measured.
     *
     * @param brokers where Kafka is
     * @param lines the topic that the lines are in
     * @param verdicts the topic that the documents go to
     * @param consumers members of the group
     * @param warmUp flows before those that count
     * @param flows flows that count
     * @param application settings that are not the shipped ones
     * @param work an empty folder
     */
    public record Settings(
            End end,
            String brokers,
            String lines,
            String verdicts,
            int consumers,
            String bundle,
            long warmUp,
            long flows,
            Map<String, String> application,
            String work) {}

    /** What was measured. */
    public record Result(Map<String, Double> figures) {}

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        FreshJvm.say(measure(FreshJvm.settings(arguments, Settings.class)));
        System.exit(0); // no thread of a library may keep the process
    }

    private static Result measure(final Settings settings) throws Exception {
        final MeasuredApplication described =
                new MeasuredApplication(Path.of(settings.bundle()), Path.of(settings.work()))
                        .fromTopic(settings.brokers(), settings.lines())
                        .with(
                                "camel.component.serveflow-kafka.consumersCount",
                                Integer.toString(settings.consumers()))
                        .with("benchmark.brokers", settings.brokers())
                        .with("benchmark.verdicts", settings.verdicts())
                        .with(settings.application());
        try (TopicEnd end = new TopicEnd(settings.end(), settings.brokers(), settings.verdicts())) {
            final RouteApplication application =
                    described
                            .route("verdicts.camel.yaml", end.route())
                            .bound("documentsOut", end.documents())
                            .bound("documentsDone", end.done())
                            .started(exchange -> {});
            try (application) {
                await(end, settings.warmUp());
                final long begun = end.finals();
                final Cost before = Cost.now();
                await(end, settings.warmUp() + settings.flows());
                final Cost cost = Cost.now().since(before);
                final Map<String, Double> figures = cost.per("flow", end.finals() - begun);
                figures.put(
                        "shedShare",
                        (double) application.ledger().total(Ledger.Entry.FELL_BACK) / end.finals());
                requireAll(settings, end.documentsSent());
                return new Result(figures);
            }
        }
    }

    private static void await(final TopicEnd end, final long finals) {
        final long over = System.nanoTime() + PATIENCE_NANOS;
        while (end.finals() < finals) {
            if (System.nanoTime() > over) {
                throw new IllegalStateException(
                        "%d of %d flows have their verdict in the topic after two minutes"
                                .formatted(end.finals(), finals));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** What was counted here must be what the broker has. */
    private static void requireAll(final Settings settings, final long sent) {
        final Properties client = new Properties();
        client.put("bootstrap.servers", settings.brokers());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            final List<TopicPartition> partitions =
                    consumer.partitionsFor(settings.verdicts()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            final long stored =
                    consumer.endOffsets(partitions).values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            if (stored != sent) {
                throw new IllegalStateException(
                        "%d documents were sent and the topic has %d".formatted(sent, stored));
            }
        }
    }
}
