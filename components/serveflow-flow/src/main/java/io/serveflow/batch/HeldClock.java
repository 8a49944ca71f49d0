/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The time of a source whose reader has to wait for its route now and then: it stands meanwhile, as
 * nothing is read that would end the wait of a flow.
 *
 * <p>Safe for use by many threads.
 */
public final class HeldClock implements SourceClock {

    private final LongSupplier nanoTime;
    private long heldNanos;
    private OptionalLong heldSince = OptionalLong.empty();

    /**
     * @param nanoTime a clock like {@link System#nanoTime()}
     */
    public HeldClock(final LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The reader begins to wait; while it does, later calls do nothing. */
    public synchronized void hold() {
        if (heldSince.isEmpty()) {
            heldSince = OptionalLong.of(nanoTime.getAsLong());
        }
    }

    /** The reader goes on, if it has waited. */
    public synchronized void goOn() {
        if (heldSince.isPresent()) {
            heldNanos += nanoTime.getAsLong() - heldSince.getAsLong();
            heldSince = OptionalLong.empty();
        }
    }

    @Override
    public synchronized long nanos() {
        return (heldSince.isPresent() ? heldSince.getAsLong() : nanoTime.getAsLong()) - heldNanos;
    }
}
