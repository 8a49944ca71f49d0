/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import io.serveflow.benchmark.sink.VerdictSink;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The flows that are under way: a bounded number, so that what is measured is how fast flows get
 * all their answers, and not how fast they are refused.
 */
final class Window {

    private static final long LOOK_NANOS = 100_000;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final VerdictSink sink;
    private final long size;
    private final AtomicLong begun = new AtomicLong();

    Window(final VerdictSink sink, final long size) {
        this.sink = sink;
        this.size = size;
    }

    /** Counts flows that begin, and waits while there are too many. */
    void begin(final long flows) {
        begun.addAndGet(flows);
        awaitAtMost(size);
    }

    /** Waits until every flow that began has its final verdict. */
    void awaitEnd() {
        awaitAtMost(0);
    }

    private void awaitAtMost(final long open) {
        long before = sink.finals();
        long changed = System.nanoTime();
        while (begun.get() - sink.finals() > open) {
            LockSupport.parkNanos(LOOK_NANOS);
            final long now = sink.finals();
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
