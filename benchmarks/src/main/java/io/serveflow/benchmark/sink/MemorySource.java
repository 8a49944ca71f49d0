/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.sink;

import io.serveflow.app.RouteApplication;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.cascade.FlowBatch;
import io.serveflow.cascade.Receipt;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;

/**
 * Reads lines in memory and sends their records down the route from {@link
 * MeasuredApplication#MEMORY}, with the parts that the product's own sources are made of. Not safe
 * for use by more than one thread.
 */
public final class MemorySource implements AutoCloseable {

    /** Most records that the product's sources send together. */
    public static final int BATCH = 256;

    private final int batch;
    private final Endpoint endpoint;
    private final Producer producer;
    private final ReadRecords records;
    private final SensorStream stream;

    /** A source that sends as the product's own do. */
    public MemorySource(final RouteApplication application) throws Exception {
        this(application, BATCH);
    }

    /**
     * @param batch most records that are sent together
     */
    public MemorySource(final RouteApplication application, final int batch) throws Exception {
        this.batch = batch;
        this.endpoint = application.context().getEndpoint(MeasuredApplication.MEMORY);
        this.producer = endpoint.createProducer();
        producer.start();
        this.records =
                new ReadRecords(
                        application
                                .context()
                                .getRegistry()
                                .findSingleByType(ContextInterest.class));
        this.stream =
                new SensorStream(
                        "memory",
                        Optional.empty(),
                        FlowAssembler.Options.defaults("benchmark"),
                        application.ledger(),
                        letter -> {
                            throw new IllegalStateException(letter.detail());
                        },
                        records,
                        records);
    }

    /** Reads lines, and sends what makes a batch. */
    public void read(final Chunk chunk) throws Exception {
        stream.readAt(System.nanoTime());
        for (int i = 0; i < chunk.lines(); i++) {
            stream.line(chunk.bytes(), chunk.start(i), chunk.end(i), i);
            if (records.size() >= batch) {
                send();
            }
        }
    }

    /** Sends what has been read. */
    public void send() throws Exception {
        for (final FlowBatch flows : records.batches(Receipt.NONE)) {
            final Exchange exchange = endpoint.createExchange();
            exchange.getMessage().setBody(flows);
            producer.process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
        }
        records.clear();
    }

    @Override
    public void close() throws IOException {
        producer.close();
    }
}
