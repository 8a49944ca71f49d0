/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.SuspendableService;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;

/** A context whose only route follows a log; what a test sees of it. */
final class Tail implements AutoCloseable {

    private static final String ROUTE = "tail";

    final Ledger ledger = new Ledger();
    final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    final List<FlowRecord> records = new CopyOnWriteArrayList<>();
    final Queue<Receipt> held = new ConcurrentLinkedQueue<>();
    final CamelContext context = new DefaultCamelContext();
    volatile boolean fails;
    volatile boolean holds;
    volatile boolean interrupts;
    volatile boolean deadLetters = true;
    volatile int deliveries;

    /** Called on the thread that sends, after a batch has come. */
    volatile Runnable taken = () -> {};

    private Tail(final String uri) throws Exception {
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry()
                .bind(
                        "letters",
                        DeadLetterSink.class,
                        (DeadLetterSink)
                                letter -> {
                                    if (!deadLetters) {
                                        throw new UncheckedIOException(
                                                new IOException("the disk is full"));
                                    }
                                    letters.add(letter);
                                    ledger.add(Ledger.Entry.DEAD_LETTERED, letter.reason(), 1);
                                });
        context.getShutdownStrategy().setTimeout(5);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .routeId(ROUTE)
                                .process(
                                        exchange ->
                                                take(
                                                        exchange.getMessage()
                                                                .getBody(FlowBatch.class)));
                    }
                });
    }

    /** Follows a path or glob with its positions in the folder, and with short delays. */
    static Tail start(final Path folder, final String path, final String options) throws Exception {
        final Tail tail = create(folder, path, options);
        tail.context.start();
        return tail;
    }

    static Tail start(final Path file) throws Exception {
        return start(file.getParent(), file.toString(), "");
    }

    /** The same, not started. */
    static Tail create(final Path folder, final String path, final String options)
            throws Exception {
        final StringBuilder uri = new StringBuilder("serveflow-tail:" + path);
        uri.append("?positionFile=").append(positionFile(folder));
        Stream.of("finishDelay=50", "scanDelay=50", "redeliveryDelay=1", "positionDelay=5")
                .filter(option -> !options.contains(option.substring(0, option.indexOf('='))))
                .forEach(option -> uri.append('&').append(option));
        return new Tail(options.isEmpty() ? uri.toString() : uri + "&" + options);
    }

    static Path positionFile(final Path folder) {
        return folder.resolve("state").resolve("positions.json");
    }

    private void take(final FlowBatch batch) {
        deliveries++;
        if (fails) {
            throw new IllegalStateException("the sink is away");
        }
        if (interrupts) {
            Thread.currentThread().interrupt();
        }
        if (holds) {
            batch.receipt().hold();
            held.add(batch.receipt());
        }
        for (int i = 0; i < batch.size(); i++) {
            records.add(batch.record(i));
        }
        taken.run();
    }

    List<String> uids() {
        return records.stream().map(record -> record.id().uid()).toList();
    }

    /** Waits until the lines from one number to another came, once each and in order. */
    void awaitExactly(final int from, final int to) {
        await().untilAsserted(
                        () ->
                                assertThat(uids())
                                        .containsExactlyElementsOf(NumberedLines.uids(from, to)));
    }

    void releaseAll() {
        for (Receipt receipt = held.poll(); receipt != null; receipt = held.poll()) {
            receipt.release();
        }
    }

    Map<String, Long> dropped() {
        return ledger.byDetail(Ledger.Entry.DROPPED);
    }

    HealthCheck.Result health() {
        return HealthCheckHelper.getHealthCheckRepository(context, "consumers").stream()
                .filter(check -> check.getId().equals("consumer:" + ROUTE))
                .findFirst()
                .orElseThrow()
                .call();
    }

    /** As a route policy does. */
    void suspendConsumer() {
        ((SuspendableService) context.getRoute(ROUTE).getConsumer()).suspend();
    }

    void suspend() throws Exception {
        context.getRouteController().suspendRoute(ROUTE);
    }

    void resumeConsumer() {
        ((SuspendableService) context.getRoute(ROUTE).getConsumer()).resume();
    }

    boolean isConsumerSuspended() {
        return ((SuspendableService) context.getRoute(ROUTE).getConsumer()).isSuspended();
    }

    void resume() throws Exception {
        context.getRouteController().resumeRoute(ROUTE);
    }

    @Override
    public void close() {
        fails = false;
        context.stop();
    }
}
