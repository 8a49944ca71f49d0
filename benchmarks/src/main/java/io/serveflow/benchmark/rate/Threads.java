/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that stay, so that what they allocate can be counted, each with a part of the work. */
final class Threads implements AutoCloseable {

    private final int count;
    private final ExecutorService pool;

    Threads(final int count) {
        this.count = count;
        this.pool =
                Executors.newFixedThreadPool(
                        count,
                        task -> {
                            final Thread thread = new Thread(task, "source");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** A part of the work. */
    @FunctionalInterface
    interface Part {
        void run(int part, int parts) throws Exception;
    }

    /** Does all parts and returns when they are done. */
    void run(final Part part) throws Exception {
        final List<Future<?>> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int number = i;
            parts.add(
                    pool.submit(
                            () -> {
                                part.run(number, count);
                                return null;
                            }));
        }
        for (final Future<?> each : parts) {
            try {
                each.get();
            } catch (final ExecutionException e) {
                throw new IllegalStateException("a source failed", e.getCause());
            }
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
