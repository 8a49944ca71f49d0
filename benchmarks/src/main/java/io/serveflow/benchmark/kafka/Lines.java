/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.kafka;

import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Feed;
import io.serveflow.benchmark.traffic.Traffic;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Puts a sensor's lines into a topic, one a record, keyed by flow. */
public final class Lines {

    private Lines() {}

    /** Returns when the broker has the lines of so many flows. */
    public static void produce(
            final Traffic traffic, final long flows, final String brokers, final String topic) {
        final Feed feed = traffic.feed(0, flows, 0, 1);
        final Chunk chunk = feed.chunk();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", brokers, "linger.ms", 20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            while (feed.fill(chunk)) {
                for (int i = 0; i < chunk.lines(); i++) {
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    feed.uid(chunk, i),
                                    Arrays.copyOfRange(
                                            chunk.bytes(), chunk.start(i), chunk.end(i))));
                }
            }
            producer.flush();
        }
    }
}
