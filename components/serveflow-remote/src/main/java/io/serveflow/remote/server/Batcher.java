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

/**
 * Scores requests together, the oldest first, on a thread of its own.
 *
 * <p>A batch is begun when it is full, or when its oldest request has waited for as long as it may.
 * A request of more rows than a batch has is a batch of its own. One that was given up meanwhile is
 * not scored.
 */
final class Batcher implements AutoCloseable {

    private final TierScorer scorer;
    private final Batching batching;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Request> queue = new ArrayDeque<>();
    private final Thread thread;
    private int waiting;
    private boolean closed;

    Batcher(final String name, final TierScorer scorer, final Batching batching) {
        this.scorer = scorer;
        this.batching = batching;
        thread = new Thread(this::run, "serveflow-batches-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a request; returns false where as many rows wait as may. */
    boolean offer(final Request request) {
        lock.lock();
        try {
            if (closed || waiting + request.rows > batching.waiting()) {
                return false;
            }
            waiting += request.rows;
            queue.add(request);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                final Optional<List<Request>> batch = next();
                if (batch.isEmpty()) {
                    return;
                }
                if (!batch.get().isEmpty()) {
                    score(batch.get());
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** Waits for the next batch, in which nobody may be left; none at the end. */
    private Optional<List<Request>> next() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (closed) {
                    return Optional.empty();
                }
                changed.await();
            }
            long left = queue.peek().since + batching.delay().toNanos() - System.nanoTime();
            while (waiting < batching.rows() && left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            final List<Request> batch = new ArrayList<>();
            int rows = 0;
            while (!queue.isEmpty()
                    && (batch.isEmpty() || rows + queue.peek().rows <= batching.rows())) {
                final Request request = queue.remove();
                waiting -= request.rows;
                if (request.isWanted()) {
                    rows += request.rows;
                    batch.add(request);
                } else {
                    request.fail(new IllegalStateException("given up"));
                }
            }
            return Optional.of(batch);
        } finally {
            lock.unlock();
        }
    }

    private void score(final List<Request> batch) {
        final int rows = batch.stream().mapToInt(request -> request.rows).sum();
        final FloatBuffer features = direct(rows * scorer.columns());
        final FloatBuffer probabilities = direct(rows * scorer.classes());
        batch.forEach(request -> features.put(request.features));
        final CompletableFuture<TierScorer.Outcome> end = new CompletableFuture<>();
        try {
            scorer.score(rows, features.flip(), probabilities, end::complete);
            answer(batch, probabilities, end.join());
        } catch (final RuntimeException e) {
            batch.forEach(request -> request.fail(e));
        }
    }

    private void answer(
            final List<Request> batch,
            final FloatBuffer probabilities,
            final TierScorer.Outcome outcome) {
        final int classes = scorer.classes();
        int from = 0;
        for (final Request request : batch) {
            final BitSet failed = outcome.failed().get(from, from + request.rows);
            if (failed.cardinality() == request.rows) {
                request.fail(outcome.failure().orElseThrow());
            } else {
                final FloatBuffer own =
                        probabilities
                                .duplicate()
                                .limit((from + request.rows) * classes)
                                .position(from * classes);
                request.answer(own, failed);
            }
            from += request.rows;
        }
    }

    private static FloatBuffer direct(final int floats) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Scores what waits, and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Rows that are scored with others, and who is given their probabilities. */
    abstract static class Request {

        private final int rows;
        private final FloatBuffer features;
        private final long since = System.nanoTime();

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

        abstract void fail(RuntimeException why);
    }
}
