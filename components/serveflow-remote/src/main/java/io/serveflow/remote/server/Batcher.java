/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import io.serveflow.model.TierScorer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores requests together, the oldest first, on a thread of its own.
 *
 * <p>A batch is begun when it is full, or when its oldest request has waited for as long as it may.
 * A request of more rows than a batch has is a batch of its own. One that was given up meanwhile is
 * not scored.
 */
final class Batcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);
    private static final long STOP_MILLIS = 1_000;

    private final TierScorer scorer;
    private final Batching batching;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Request> queue = new ArrayDeque<>();
    private final int mostWaiting;
    private final Thread thread;
    private final ServedTotals totals;
    private final LongSupplier nanoClock;
    private FloatBuffer features = direct(0);
    private FloatBuffer probabilities = direct(0);
    private int waiting;
    private boolean closed;

    Batcher(final String name, final TierScorer scorer, final Batching batching) {
        this(name, scorer, batching, new ServedTotals());
    }

    /**
     * @param totals counts on where that of the model before has stopped
     */
    Batcher(
            final String name,
            final TierScorer scorer,
            final Batching batching,
            final ServedTotals totals) {
        this(name, scorer, batching, totals, System::nanoTime);
    }

    /**
     * @param totals counts on where that of the model before has stopped
     * @param nanoClock a clock like {@link System#nanoTime()}
     */
    Batcher(
            final String name,
            final TierScorer scorer,
            final Batching batching,
            final ServedTotals totals,
            final LongSupplier nanoClock) {
        this.scorer = scorer;
        this.batching = batching;
        this.totals = totals;
        this.nanoClock = nanoClock;
        mostWaiting =
                Math.min(
                        batching.waiting(),
                        Math.max(1, Batching.MOST_BYTES / (Float.BYTES * scorer.columns())));
        thread = new Thread(this::run, "serveflow-batches-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Most rows that wait, and so of a request. */
    int mostWaiting() {
        return mostWaiting;
    }

    /** Whether requests are scored. */
    boolean isReady() {
        return thread.isAlive();
    }

    /** Takes back a request for which nobody waits any more, so that it keeps no others out. */
    void withdraw(final Request request) {
        final boolean waited;
        lock.lock();
        try {
            waited = queue.remove(request);
            if (waited) {
                waiting -= request.rows;
                totals.givenUp.increment();
            }
        } finally {
            lock.unlock();
        }
        if (waited) {
            request.ended();
        }
    }

    /** Takes a request; returns false where as many rows wait as may. */
    boolean offer(final Request request) {
        lock.lock();
        try {
            if (closed || waiting + request.rows > mostWaiting) {
                totals.refused.increment();
                return false;
            }
            request.since = nanoClock.getAsLong();
            waiting += request.rows;
            queue.add(request);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    ServedCounts counts() {
        return totals.counts();
    }

    private void run() {
        while (true) {
            try {
                final Optional<List<Request>> batch = next();
                if (batch.isEmpty()) {
                    return;
                }
                if (!batch.get().isEmpty()) {
                    score(batch.get());
                }
            } catch (final InterruptedException e) {
                // By a scorer, of which the next batch is to know nothing, or by a close that
                // waits.
                if (isClosed()) {
                    return;
                }
            }
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next batch, in which nobody may be left; none at the end. */
    private Optional<List<Request>> next() throws InterruptedException {
        final List<Request> unwanted = new ArrayList<>();
        try {
            return next(unwanted);
        } finally {
            unwanted.forEach(Request::ended);
        }
    }

    private Optional<List<Request>> next(final List<Request> unwanted) throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (closed) {
                    return Optional.empty();
                }
                changed.await();
            }
            final long due = queue.peek().since + batching.delay().toNanos();
            long left = due - nanoClock.getAsLong();
            while (waiting < batching.rows() && left > 0 && !closed) {
                changed.awaitNanos(left);
                left = due - nanoClock.getAsLong();
            }
            final List<Request> batch = new ArrayList<>();
            int gathered = 0;
            while (!queue.isEmpty()
                    && (batch.isEmpty() || gathered + queue.peek().rows <= batching.rows())) {
                final Request request = queue.remove();
                waiting -= request.rows;
                if (request.isWanted()) {
                    gathered += request.rows;
                    batch.add(request);
                } else {
                    totals.givenUp.increment();
                    unwanted.add(request);
                }
            }
            return Optional.of(batch);
        } finally {
            lock.unlock();
        }
    }

    /** Whatever happens to this batch, the next one is scored: nobody else would. */
    private void score(final List<Request> batch) throws InterruptedException {
        totals.batches.increment();
        final long begun = nanoClock.getAsLong();
        try {
            final int n = batch.stream().mapToInt(request -> request.rows).sum();
            features = room(features, n, scorer.columns());
            probabilities = room(probabilities, n, scorer.classes());
            batch.forEach(request -> features.put(request.features));
            final CompletableFuture<TierScorer.Outcome> end = new CompletableFuture<>();
            scorer.score(n, features.flip(), probabilities, end::complete);
            answer(batch, end.get(), begun);
        } catch (final InterruptedException e) {
            fail(batch, e);
            throw e;
        } catch (final Throwable e) {
            LOG.warn("A batch of {} requests could not be scored", batch.size(), e);
            fail(batch, e);
        }
    }

    private void fail(final List<Request> batch, final Throwable why) {
        batch.forEach(request -> settle(request, () -> request.fail(why)));
        totals.failures.add(batch.size());
    }

    private void answer(
            final List<Request> batch, final TierScorer.Outcome outcome, final long begun) {
        final long took = nanoClock.getAsLong() - begun;
        totals.lastMillis = System.currentTimeMillis();
        final int classes = scorer.classes();
        int from = 0;
        for (final Request request : batch) {
            final int first = from;
            final BitSet failed = outcome.failed().get(first, first + request.rows);
            if (failed.cardinality() == request.rows) {
                totals.failures.increment();
                settle(request, () -> request.fail(outcome.failure().orElseThrow()));
            } else {
                totals.requests.increment();
                totals.rows.add(request.rows);
                totals.queueNanos.add(begun - request.since);
                totals.computeNanos.add(took);
                settle(
                        request,
                        () ->
                                request.answer(
                                        probabilities
                                                .duplicate()
                                                .limit((first + request.rows) * classes)
                                                .position(first * classes),
                                        failed));
            }
            from += request.rows;
        }
    }

    /** A connection that just ended takes no answer, which is no matter of the other requests. */
    private static void settle(final Request request, final Runnable answering) {
        try {
            answering.run();
        } catch (final RuntimeException e) {
            LOG.debug("An answer could not be given", e);
        } finally {
            request.ended();
        }
    }

    private static FloatBuffer room(final FloatBuffer kept, final int n, final int width) {
        final int floats = Math.multiplyExact(n, width);
        return kept.capacity() >= floats ? kept.clear() : direct(floats);
    }

    private static FloatBuffer direct(final int floats) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /**
     * Scores what waits, and ends. When this returns, the scorer is not used any more, unless it
     * has not come to an end in some seconds, of which the log says, or this is called by what has
     * just been scored.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(STOP_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(STOP_MILLIS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} has not ended; its scorer is still in use", thread.getName());
        }
    }

    /** Rows that are scored with others, and who is given their probabilities. */
    abstract static class Request {

        private final int rows;
        private final FloatBuffer features;

        /** When it was taken. */
        private long since;

        Request(final int rows, final FloatBuffer features) {
            this.rows = rows;
            this.features = features;
        }

        int rows() {
            return rows;
        }

        /** Whether somebody still waits for it. */
        abstract boolean isWanted();

        /** Called once, unless {@link #fail} is; the buffer is reused afterwards. */
        abstract void answer(FloatBuffer probabilities, BitSet failed);

        abstract void fail(Throwable why);

        /** Called last of all, once it is answered, has failed or was given up. */
        abstract void ended();
    }
}
