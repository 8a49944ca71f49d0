/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import io.serveflow.app.RouteApplication;
import io.serveflow.benchmark.sink.SinkApplication;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Feed;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.cascade.FlowBatch;
import io.serveflow.cascade.Receipt;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorStream;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;

/**
 * The shipped routes, fed from memory: each thread reads its lines and sends their records as a
 * source of the product does, in batches down the route.
 */
final class MemoryRoutes implements Contender {

    private final Traffic traffic;
    private final RouteApplication application;
    private final Window window;
    private final int batch;
    private final Threads threads;
    private final Endpoint endpoint;

    /**
     * @param batch most records that are sent together
     */
    MemoryRoutes(
            final Traffic traffic,
            final RouteApplication application,
            final Window window,
            final int batch,
            final int threads) {
        this.traffic = traffic;
        this.application = application;
        this.window = window;
        this.batch = batch;
        this.threads = new Threads(threads);
        this.endpoint = application.context().getEndpoint(SinkApplication.MEMORY);
    }

    @Override
    public void decide(final long first, final long count) throws Exception {
        threads.run((part, parts) -> send(traffic.feed(first, count, part, parts)));
        window.awaitEnd();
    }

    private void send(final Feed feed) throws Exception {
        final ReadRecords records =
                new ReadRecords(
                        application
                                .context()
                                .getRegistry()
                                .findSingleByType(ContextInterest.class));
        final SensorStream stream =
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
        final Chunk chunk = feed.chunk();
        try (Producer producer = endpoint.createProducer()) {
            producer.start();
            while (feed.fill(chunk)) {
                window.begin(chunk.begins());
                stream.readAt(System.nanoTime());
                for (int i = 0; i < chunk.lines(); i++) {
                    stream.line(chunk.bytes(), chunk.start(i), chunk.end(i), i);
                    if (records.size() >= batch) {
                        send(records, producer);
                    }
                }
            }
            send(records, producer);
        }
    }

    private void send(final ReadRecords records, final Producer producer) throws Exception {
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
    public void close() {
        threads.close();
        application.close();
    }
}
