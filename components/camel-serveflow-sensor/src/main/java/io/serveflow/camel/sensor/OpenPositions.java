/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.batch.Receipt;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The positions in a source up to which records were sent, in the order of reading, and the last
 * one up to which all records are acknowledged.
 *
 * <p>Safe for use by many threads: a receipt is settled by whichever thread ends its last hold.
 *
 * @param <P> a position in the source
 */
public final class OpenPositions<P> {

    private final Queue<Open<P>> open = new ArrayDeque<>();
    private int pending;
    private Optional<P> settled = Optional.empty();

    /**
     * Notes that records were read up to a position.
     *
     * @param upTo where the source would continue if it had to restart after these records
     * @return the receipt that the flows of these records hold
     */
    public synchronized Receipt add(final P upTo) {
        final Open<P> position = new Open<>(upTo);
        position.receipt = Receipt.held(this::settle, this::handBack);
        open.add(position);
        pending++;
        return position.receipt;
    }

    /** The position up to which everything is acknowledged; empty if it has not moved since. */
    public synchronized Optional<P> takeSettled() {
        final Optional<P> taken = settled;
        settled = Optional.empty();
        return taken;
    }

    /** How many positions are kept: those that are not acknowledged, and all after the first. */
    public synchronized int size() {
        return open.size();
    }

    /** How many positions are not acknowledged yet and still may be. */
    public synchronized int pending() {
        return pending;
    }

    /** Says that the source has lost all positions that are not acknowledged to another process. */
    public synchronized void withdraw() {
        open.forEach(position -> position.receipt.withdraw());
    }

    private synchronized void settle() {
        pending--;
        while (!open.isEmpty() && open.peek().receipt.isSettled()) {
            settled = Optional.of(open.remove().upTo);
        }
    }

    /** Nothing after a position that was handed back is acknowledged, as it is read again. */
    private synchronized void handBack() {
        pending--;
    }

    private static final class Open<P> {

        private final P upTo;
        private Receipt receipt;

        private Open(final P upTo) {
            this.upTo = upTo;
        }
    }
}
