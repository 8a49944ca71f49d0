/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a source holds for the records that it gave out, until each of their flows has its answer
 * stored: only then may the place that they were read from be forgotten.
 *
 * <p>It begins with one hold, that of the source, which ends when the route has answered. Whoever
 * keeps a flow beyond that, as the {@link ContextJoin} does, takes a hold of its own before the
 * route answers and releases it when the flow is done. With the last one the receipt is settled.
 *
 * <p>Safe for use by many threads.
 */
public final class Receipt {

    /** The receipt of records that nobody could read again, which is always settled. */
    public static final Receipt NONE = new Receipt(() -> {}, 0);

    private final AtomicInteger holds;
    private final Runnable settled;

    private Receipt(final Runnable settled, final int holds) {
        this.settled = Objects.requireNonNull(settled, "settled");
        this.holds = new AtomicInteger(holds);
    }

    /**
     * A receipt with the hold of its source.
     *
     * @param settled called once, by the thread that releases the last hold; quick, must not throw
     */
    public static Receipt held(final Runnable settled) {
        return new Receipt(settled, 1);
    }

    /**
     * Takes one more hold.
     *
     * @throws IllegalStateException if the receipt is settled
     */
    public void hold() {
        if (this != NONE && holds.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
            throw new IllegalStateException(
                    "the receipt is settled; hold it before the route ends");
        }
    }

    /**
     * Ends one hold.
     *
     * @throws IllegalStateException if there is none
     */
    public void release() {
        if (this == NONE) {
            return;
        }
        final int left = holds.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("the receipt was released more often than held");
        }
        if (left == 0) {
            settled.run();
        }
    }

    /** Whether nothing holds it any more. */
    public boolean isSettled() {
        return holds.get() == 0;
    }
}
