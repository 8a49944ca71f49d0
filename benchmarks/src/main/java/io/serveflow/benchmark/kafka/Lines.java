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

    private static final int LINGER_MILLIS = 20;

    private Lines() {}

    /** Returns when the broker has the lines of so many flows. */
    public static void produce(
            final Traffic traffic, final long flows, final String brokers, final String topic) {
        final Feed feed = traffic.feed(0, flows, 0, 1);
        final Chunk chunk = feed.chunk();
        try (KafkaProducer<byte[], byte[]> producer = producer(brokers, LINGER_MILLIS)) {
            while (feed.fill(chunk)) {
                send(feed, chunk, producer, topic);
            }
            producer.flush();
        }
    }

    /** A producer of lines, which waits so long for others to be sent with. */
    public static KafkaProducer<byte[], byte[]> producer(
            final String brokers, final int lingerMillis) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "linger.ms", lingerMillis),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends the lines of a chunk, without waiting for the broker. */
    public static void send(
            final Feed feed,
            final Chunk chunk,
            final KafkaProducer<byte[], byte[]> producer,
            final String topic) {
        for (int i = 0; i < chunk.lines(); i++) {
            producer.send(
                    new ProducerRecord<>(
                            topic,
                            feed.uid(chunk, i),
                            Arrays.copyOfRange(chunk.bytes(), chunk.start(i), chunk.end(i))));
        }
    }
}
