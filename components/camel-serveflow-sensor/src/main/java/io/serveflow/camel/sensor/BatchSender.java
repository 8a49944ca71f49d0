/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.cascade.FlowBatch;
import io.serveflow.cascade.Receipt;
import io.serveflow.ledger.Ledger;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultConsumer;

/**
 * Sends what a source has read down its route, and again, ever more slowly, until the route has
 * taken it or the source stops.
 */
public final class BatchSender {

    /** The reason under which batches that are sent again are counted. */
    public static final String ROUTE_FAILED = "source_route_failed";

    private static final long LONGEST_DELAY_MILLIS = 60_000;

    private final DefaultConsumer consumer;
    private final Ledger ledger;
    private final long redeliveryDelay;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Optional<Exception> failure = Optional.empty();

    public BatchSender(final DefaultConsumer consumer, final SensorEndpoint endpoint) {
        this.consumer = consumer;
        this.ledger = endpoint.getComponent().getLedger();
        this.redeliveryDelay = endpoint.getRedeliveryDelay();
    }

    /**
     * Sends the records, one exchange a batch, and releases the receipt when the route has answered
     * for all of them. Records stay in {@code records}; the caller clears it.
     *
     * @return whether the route has taken them; false if the source stops before it has
     */
    public boolean send(final ReadRecords records, final Receipt receipt) {
        for (final FlowBatch batch : records.batches(receipt)) {
            if (!send(batch)) {
                return false;
            }
        }
        receipt.release();
        return true;
    }

    /** Sends one batch, whose receipt the caller releases. The result is the same. */
    boolean send(final FlowBatch batch) {
        failure = tryOnce(batch);
        long delay = redeliveryDelay;
        while (failure.isPresent()) {
            if (stopsWithin(delay)) {
                return false;
            }
            ledger.add(Ledger.Entry.RETRIED, ROUTE_FAILED, 1);
            delay = Math.min(LONGEST_DELAY_MILLIS, 2 * delay);
            failure = tryOnce(withoutVerdicts(batch));
        }
        return true;
    }

    private static FlowBatch withoutVerdicts(final FlowBatch batch) {
        return FlowBatch.of(
                IntStream.range(0, batch.size()).mapToObj(batch::record).toList(), batch.receipt());
    }

    private Optional<Exception> tryOnce(final FlowBatch batch) {
        final Exchange exchange = consumer.createExchange(false);
        try {
            exchange.getMessage().setBody(batch);
            consumer.getProcessor().process(exchange);
            if (exchange.getException() != null) {
                consumer.getExceptionHandler()
                        .handleException(
                                "The route has not taken a batch, which is sent again",
                                exchange,
                                exchange.getException());
            }
            return Optional.ofNullable(exchange.getException());
        } catch (final Exception e) {
            consumer.getExceptionHandler()
                    .handleException(
                            "The route has not taken a batch, which is sent again", exchange, e);
            return Optional.of(e);
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    private boolean stopsWithin(final long millis) {
        try {
            return stopping.await(millis, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends waiting for a route that fails; nothing is sent again from now on. */
    public void stop() {
        stopping.countDown();
    }

    /** Why the route has not taken the batch that is being sent, if it has not. */
    public Optional<Exception> failure() {
        return failure;
    }
}
