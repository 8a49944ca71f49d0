/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The flows that are under way: a bounded number, so that what is measured is how fast flows get
 * all their answers, and not how fast they are refused.
 */
public final class Window {

    private static final long LOOK_NANOS = 100_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final LongSupplier finals;
    private final long size;
    private final AtomicLong begun = new AtomicLong();

    /**
     * @param finals how many flows have their final verdict
     * @param size most flows under way
     */
    public Window(final LongSupplier finals, final long size) {
        this.finals = finals;
        this.size = size;
    }

    /** Counts flows that begin, and waits while there are too many. */
    public void begin(final long flows) {
        begun.addAndGet(flows);
        awaitAtMost(size);
    }

    /** Waits until every flow that began has its final verdict. */
    public void awaitEnd() {
        awaitAtMost(0);
    }

    private void awaitAtMost(final long open) {
        long before = finals.getAsLong();
        long changed = System.nanoTime();
        while (begun.get() - finals.getAsLong() > open) {
            LockSupport.parkNanos(LOOK_NANOS);
            final long now = finals.getAsLong();
            if (now != before) {
                before = now;
                changed = System.nanoTime();
            } else if (System.nanoTime() - changed > PATIENCE_NANOS) {
                throw new IllegalStateException(
                        "%d flows have begun and %d have their verdict, none for a minute"
                                .formatted(begun.get(), now));
            }
        }
    }
}
