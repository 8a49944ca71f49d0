/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.impl.DefaultCamelContext;

/** A route from a source that keeps what comes down it, fails as long as it is set to, or waits. */
public final class SourceRoute implements AutoCloseable {

    public final CamelContext context = new DefaultCamelContext();
    public final Ledger ledger = new Ledger();
    public final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    public final List<FlowBatch> batches = new CopyOnWriteArrayList<>();
    public final List<FlowRecord> records = new CopyOnWriteArrayList<>();
    public volatile boolean failing;

    /** Whether the route leaves an interrupt behind on the thread that sends. */
    public volatile boolean interrupting;

    /** Whether dead letters cannot be kept. */
    public volatile boolean diskFull;

    /** Called on the thread that sends, after a batch has come. */
    public volatile Runnable taken = () -> {};

    public volatile CountDownLatch gate = new CountDownLatch(0);

    public SourceRoute() {
        final DeadLetterSink sink =
                letter -> {
                    if (diskFull) {
                        throw new UncheckedIOException(new IOException("No space left on device"));
                    }
                    letters.add(letter);
                };
        context.getRegistry().bind("ledger", Ledger.class, ledger);
        context.getRegistry().bind("deadLetters", DeadLetterSink.class, sink);
    }

    /** Starts the route from that source. */
    public SourceRoute from(final String uri) throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri).routeId("source").process(SourceRoute.this::take);
                    }
                });
        context.start();
        return this;
    }

    private void take(final Exchange exchange) throws Exception {
        if (gate.getCount() > 0) {
            gate.await();
        }
        if (failing) {
            throw new IllegalStateException("the sink is out of order");
        }
        if (interrupting) {
            Thread.currentThread().interrupt();
        }
        final FlowBatch batch = exchange.getMessage().getMandatoryBody(FlowBatch.class);
        batches.add(batch);
        for (int i = 0; i < batch.size(); i++) {
            records.add(batch.record(i));
        }
        taken.run();
    }

    public Consumer consumer() {
        return context.getRoute("source").getConsumer();
    }

    public HealthCheck.Result health() {
        return ((HealthCheckAware) consumer()).getHealthCheck().call();
    }

    public long dropped(final String reason) {
        return ledger.byDetail(Ledger.Entry.DROPPED).getOrDefault(reason, 0L);
    }

    @Override
    public void close() {
        gate.countDown();
        context.stop();
    }
}
