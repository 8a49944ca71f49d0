/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.sink;

import io.serveflow.app.run.RouteApplication;
import io.serveflow.batch.Receipt;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.camel.sensor.SensorComponent;
import io.serveflow.camel.sensor.SensorEndpoint;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/**
 * Reads lines in memory and sends their records down the route from {@link
 * MeasuredApplication#MEMORY}, with the parts that the product's own sources are made of. Not safe
 * for use by more than one thread.
 */
public final class MemorySource implements AutoCloseable {

    /** Most records that the product's sources send together. */
    public static final int BATCH = 1_024;

    private final int batch;
    private final AsyncProducer producer;
    private final BatchSender sender;
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
        this.producer =
                application.context().getEndpoint(MeasuredApplication.MEMORY).createAsyncProducer();
        producer.start();
        final MemoryEndpoint endpoint =
                new MemoryEndpoint(
                        application
                                .context()
                                .getComponent("serveflow-pcap", SensorComponent.class));
        endpoint.init();
        this.sender = new BatchSender(new DefaultConsumer(endpoint, producer), endpoint);
        this.records =
                new ReadRecords(
                        application
                                .context()
                                .getRegistry()
                                .findSingleByType(ContextInterest.class));
        this.stream =
                new SensorStream(
                        "memory",
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("benchmark"),
                        application.ledger(),
                        letter -> {
                            throw new IllegalStateException(letter.detail());
                        },
                        records,
                        records);
    }

    /** Reads lines, and sends what makes a batch. */
    public void read(final Chunk chunk) {
        stream.readAt(System.nanoTime());
        for (int i = 0; i < chunk.lines(); i++) {
            stream.line(chunk.bytes(), chunk.start(i), chunk.end(i), i);
            if (records.size() >= batch) {
                send();
            }
        }
    }

    /** Sends what has been read. */
    public void send() {
        sender.send(records, Receipt.held(() -> {}));
        sender.failure()
                .ifPresent(
                        e -> {
                            throw new IllegalStateException("the routes failed", e);
                        });
        records.clear();
    }

    /** Waits until the routes have taken all that was sent. */
    @Override
    public void close() throws IOException {
        try {
            sender.awaitTaken(1, TimeUnit.MINUTES);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.stop();
        producer.close();
    }

    /** Lends a sender the options of a source that is none of Camel's. */
    private static final class MemoryEndpoint extends SensorEndpoint {

        private MemoryEndpoint(final SensorComponent component) {
            super("serveflow-memory:lines", component);
        }

        @Override
        public Consumer createConsumer(final Processor processor) {
            throw new UnsupportedOperationException("lines are pushed into this source");
        }
    }
}
