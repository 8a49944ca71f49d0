/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.HeldClock;
import io.serveflow.batch.Receipt;
import io.serveflow.batch.SourceClock;
import io.serveflow.camel.support.Backoff;
import io.serveflow.camel.support.SourceExchange;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultConsumer;

/**
 * Sends what a source has read down its route, several batches at once where the route ends on
 * other threads, and each of them again, ever more slowly, until the route has taken it or the
 * source stops.
 *
 * <p>Batches enter the route one after the other, on the thread that sends. While one that the
 * route did not take waits to be sent again, and until it has entered the route again, no further
 * one is sent; of several of them, the one that was sent first enters first. So what comes first in
 * the source comes first at the end of a route that takes what enters it in order.
 *
 * <p>For one thread that sends; everything else may be called by any.
 */
public final class BatchSender {

    private static final long LONGEST_DELAY_MILLIS = 60_000;

    private static final String NOT_TAKEN =
            "The route has not taken a batch, which is sent again until it does";

    private final DefaultConsumer consumer;
    private final SensorEndpoint endpoint;
    private final Ledger ledger;
    private final int maxInFlight;
    private final Backoff backoff;
    private final HeldClock clock = new HeldClock(System::nanoTime);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /* Guarded by the lock. */
    private final NavigableSet<Delivery> refused =
            new TreeSet<>(Comparator.comparingLong(delivery -> delivery.number));
    private Optional<ScheduledExecutorService> timer = Optional.empty();
    private Optional<Future<?>> nextTry = Optional.empty();
    private boolean sendingAgain;
    private long sent;
    private int inFlight;
    private boolean stopping;

    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile Optional<Exception> failure = Optional.empty();

    public BatchSender(final DefaultConsumer consumer, final SensorEndpoint endpoint) {
        this.consumer = consumer;
        this.endpoint = endpoint;
        this.ledger = endpoint.getComponent().getLedger();
        this.maxInFlight = endpoint.getMaxInFlight();
        this.backoff = Backoff.of(endpoint.getRedeliveryDelay(), LONGEST_DELAY_MILLIS);
    }

    /**
     * Sends the records, one exchange a batch, and releases the receipt when the route has
     * acknowledged all of them, which may be later. Waits while as many batches as allowed are
     * under way, or one is to be sent again. The records may be cleared afterwards.
     *
     * @return whether all were sent; false if the source stops, or the thread is interrupted,
     *     before: the receipt is handed back then
     */
    public boolean send(final ReadRecords records, final Receipt receipt) {
        return send(records.batches(receipt), receipt);
    }

    /**
     * The same for batches that were made already, whose receipt this is.
     *
     * @return whether all were sent
     */
    public boolean send(final List<FlowBatch> batches, final Receipt receipt) {
        for (final FlowBatch batch : batches) {
            receipt.hold();
            if (!send(batch)) {
                receipt.handBack();
                return false;
            }
        }
        receipt.release();
        return true;
    }

    /**
     * Sends one batch as {@link #send(ReadRecords, Receipt)} does, and ends one hold of its receipt
     * when the route has answered.
     */
    boolean send(final FlowBatch batch) {
        return send(new Delivery(batch, batch.receipt(), batch.size()));
    }

    /**
     * Sends a body of any other kind as one exchange, as {@link #send(ReadRecords, Receipt)} does.
     *
     * @param size how many records it holds
     */
    public boolean send(final Object body, final int size, final Receipt receipt) {
        return send(new Delivery(body, receipt, size));
    }

    /**
     * The time of a source that reads nothing while it sends here: it stands while {@code send}
     * waits, for which flows whose context is still to be read are not to blame.
     */
    public SourceClock clock() {
        return clock;
    }

    private boolean send(final Delivery delivery) {
        final int number;
        lock.lock();
        try {
            while (inFlight >= maxInFlight || !refused.isEmpty()) {
                final boolean behindRefused = !refused.isEmpty();
                clock.hold();
                changed.await();
                if (stopping && behindRefused) {
                    delivery.abandon();
                    return false;
                }
            }
            number = delivery.begin();
            delivery.number = sent++;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            delivery.abandon();
            return false;
        } finally {
            clock.goOn();
            lock.unlock();
        }
        delivery.run(number);
        return true;
    }

    /**
     * Waits until the route has taken every batch that was sent, or the source stops.
     *
     * @return whether it has
     */
    public boolean awaitTaken(final long timeout, final TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            while (inFlight > 0 || !refused.isEmpty()) {
                if (left <= 0 || stopping && inFlight == 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends waiting for a route that fails. What is under way may end; nothing is sent again from
     * now on, also not what waits behind a refused batch; what is sent later is tried once.
     */
    public void stop() {
        lock.lock();
        try {
            stopping = true;
            nextTry.ifPresent(tryAgain -> tryAgain.cancel(false));
            refused.stream().filter(delivery -> delivery.waits).forEach(Delivery::abandon);
            refused.clear();
            // Not at once: a batch that is being sent again may end, as its records are lost else.
            timer.ifPresent(endpoint.getCamelContext().getExecutorServiceManager()::shutdown);
            timer = Optional.empty();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Schedules the next try of the refused batch that was sent first; under the lock. */
    private void scheduleNextTry() {
        if (sendingAgain || refused.isEmpty()) {
            return;
        }
        if (timer.isEmpty()) {
            timer =
                    Optional.of(
                            endpoint.getCamelContext()
                                    .getExecutorServiceManager()
                                    .newSingleThreadScheduledExecutor(
                                            consumer, "serveflow-resend"));
        }
        nextTry.ifPresent(tryAgain -> tryAgain.cancel(false));
        nextTry =
                Optional.of(
                        timer.get()
                                .schedule(
                                        this::sendAgain,
                                        refused.first().dueNanos - System.nanoTime(),
                                        TimeUnit.NANOSECONDS));
    }

    private void sendAgain() {
        final Delivery oldest;
        final int number;
        lock.lock();
        try {
            if (refused.isEmpty()) {
                return;
            }
            oldest = refused.first();
            oldest.waits = false;
            sendingAgain = true;
            number = oldest.begin();
        } finally {
            lock.unlock();
        }
        ledger.add(Ledger.Entry.RETRIED, Reason.SOURCE_ROUTE_FAILED, 1);
        oldest.run(number);
        lock.lock();
        try {
            sendingAgain = false;
            if (!oldest.waits) {
                refused.remove(oldest);
                changed.signalAll();
            }
            scheduleNextTry();
        } finally {
            lock.unlock();
        }
    }

    /** Why the route has not taken a batch that is to be sent again, or was given up. */
    public Optional<Exception> failure() {
        return failure;
    }

    /** A batch from its first try until the route has taken it. */
    private final class Delivery {

        private final Object body;
        private final Receipt receipt;
        private final int size;
        /* Guarded by the lock; the try under way is 0 where none is. */
        private int tries;
        private int underWay;
        private long number;
        private boolean waits;
        private long dueNanos;

        private Delivery(final Object body, final Receipt receipt, final int size) {
            this.body = body;
            this.receipt = receipt;
            this.size = size;
        }

        /** Nobody sends the batch any more; records that cannot be read again are dropped. */
        private void abandon() {
            if (receipt.isKept()) {
                receipt.handBack();
            } else {
                ledger.add(Ledger.Entry.DROPPED, Reason.SOURCE_STOPPED, size);
            }
        }

        /** Begins a try, and returns its number; under the lock. */
        private int begin() {
            inFlight++;
            underWay = ++tries;
            return underWay;
        }

        /**
         * Sends it down the route. An error of the JVM ends the try as any failure does, as nobody
         * else would, unless the route has answered before.
         */
        private void run(final int number) {
            try {
                process(number);
            } catch (final Error e) {
                if (!isUnderWay(number)) {
                    throw e;
                }
                if (beginsFailing()) {
                    consumer.getExceptionHandler().handleException(NOT_TAKEN, e);
                }
                settle(number, Optional.of(new IllegalStateException(e.toString(), e)));
            }
        }

        private void process(final int number) {
            final Exchange exchange;
            try {
                exchange = consumer.createExchange(false);
            } catch (final RuntimeException e) {
                settle(number, Optional.of(e));
                return;
            }
            exchange.getMessage().setBody(body);
            SourceExchange.begin(exchange);
            try {
                consumer.getAsyncProcessor()
                        .process(exchange, doneSync -> answered(number, exchange));
            } catch (final RuntimeException e) {
                exchange.setException(e);
                answered(number, exchange);
            }
        }

        private boolean isUnderWay(final int number) {
            lock.lock();
            try {
                return underWay == number;
            } finally {
                lock.unlock();
            }
        }

        private void answered(final int number, final Exchange exchange) {
            final Optional<Exception> error = Optional.ofNullable(exchange.getException());
            error.filter(e -> isUnderWay(number) && beginsFailing())
                    .ifPresent(
                            e ->
                                    consumer.getExceptionHandler()
                                            .handleException(NOT_TAKEN, exchange, e));
            consumer.releaseExchange(exchange, false);
            settle(number, error);
        }

        /**
         * Whether the exception handler is to hear of a failure: once until the route takes batches
         * again, however often they are sent meanwhile.
         */
        private boolean beginsFailing() {
            return failing.compareAndSet(false, true);
        }

        /** Ends a try, once. */
        private void settle(final int number, final Optional<Exception> error) {
            lock.lock();
            try {
                if (underWay != number) {
                    return;
                }
                underWay = 0;
                inFlight--;
                if (error.isPresent()) {
                    failure = error;
                    refuse();
                } else if (refused.stream().noneMatch(other -> other.waits)) {
                    failure = Optional.empty();
                    failing.set(false);
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (error.isEmpty()) {
                receipt.release();
            }
        }

        private void refuse() {
            if (stopping) {
                abandon();
                return;
            }
            waits = true;
            dueNanos =
                    System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.delayMillis(tries));
            refused.add(this);
            scheduleNextTry();
        }
    }
}
