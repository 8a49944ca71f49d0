/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.kafka;

import io.serveflow.batch.FlowBatch;
import io.serveflow.verdict.VerdictDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Processor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The end of verdicts in a topic: a batch is done when the broker has all its documents. */
final class TopicEnd implements AutoCloseable {

    private static final String BATCH = "benchmarkBatch";

    private final KafkaRun.End end;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final LongAdder finals = new LongAdder();
    private final LongAdder sent = new LongAdder();

    TopicEnd(final KafkaRun.End end, final String brokers, final String topic) {
        this.end = end;
        this.topic = topic;
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", brokers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** The route file. */
    String route() {
        final String name = end.name().toLowerCase(Locale.ROOT) + ".camel.yaml";
        try (InputStream in = TopicEnd.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    /** Makes the documents of a batch, and sends them unless another step does. */
    Processor documents() {
        return exchange -> {
            final FlowBatch batch = exchange.getMessage().getBody(FlowBatch.class);
            final List<byte[]> documents = documents(batch);
            exchange.setProperty(BATCH, batch);
            if (end == KafkaRun.End.STOCK) {
                exchange.getMessage().setBody(documents);
            } else {
                send(documents);
            }
        };
    }

    private static List<byte[]> documents(final FlowBatch batch) {
        final Instant created = Instant.now();
        final List<byte[]> documents = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            documents.add(VerdictDocument.json(batch.record(i), batch.verdict(i), created));
        }
        return documents;
    }

    private void send(final List<byte[]> documents) throws Exception {
        final List<Future<?>> answers = new ArrayList<>(documents.size());
        for (final byte[] document : documents) {
            answers.add(producer.send(new ProducerRecord<>(topic, document)));
        }
        for (final Future<?> answer : answers) {
            answer.get();
        }
    }

    /** Counts a batch that the broker has, and puts it back into the message. */
    Processor done() {
        return exchange -> {
            final FlowBatch batch = exchange.getProperty(BATCH, FlowBatch.class);
            exchange.getMessage().setBody(batch);
            sent.add(batch.size());
            int stand = 0;
            for (int i = 0; i < batch.size(); i++) {
                stand += batch.verdict(i).isFinal() ? 1 : 0;
            }
            finals.add(stand);
        };
    }

    /** How many flows have their final verdict in the topic. */
    long finals() {
        return finals.sum();
    }

    /** How many documents the topic has by this account. */
    long documentsSent() {
        return sent.sum();
    }

    @Override
    public void close() {
        producer.close();
    }
}
