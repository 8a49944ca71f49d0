/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.batch.Receipt;
import io.serveflow.batch.SourceClock;
import java.util.Optional;

/**
 * The positions in a source up to which records were sent, in the order of reading, and the last
 * one up to which all records are acknowledged.
 *
 * <p>Of neighbours that are acknowledged only the last is kept, so that many may be behind one that
 * takes long: what is kept grows with what is not acknowledged, not with what was read.
 *
 * <p>Safe for use by many threads: a receipt is settled by whichever thread ends its last hold.
 *
 * @param <P> a position in the source
 */
public final class OpenPositions<P> {

    private final SourceClock clock;
    private Optional<Open<P>> first = Optional.empty();
    private Optional<Open<P>> last = Optional.empty();
    private int size;
    private int pending;
    private Optional<P> settled = Optional.empty();

    /**
     * @param clock how far the source has been read, which its receipts pass on
     */
    public OpenPositions(final SourceClock clock) {
        this.clock = clock;
    }

    /**
     * Notes that records were read up to a position.
     *
     * @param upTo where the source would continue if it had to restart after these records
     * @return the receipt that the flows of these records hold
     */
    public synchronized Receipt add(final P upTo) {
        final Open<P> position = new Open<>(upTo, last);
        position.receipt = Receipt.held(() -> settle(position), this::handBack, clock);
        last.ifPresentOrElse(
                before -> before.next = Optional.of(position), () -> first = Optional.of(position));
        last = Optional.of(position);
        size++;
        pending++;
        return position.receipt;
    }

    /** The position up to which everything is acknowledged; empty if it has not moved since. */
    public synchronized Optional<P> takeSettled() {
        final Optional<P> taken = settled;
        settled = Optional.empty();
        return taken;
    }

    /**
     * How many positions are kept: those that are not acknowledged, and at most one behind each.
     */
    public synchronized int size() {
        return size;
    }

    /** How many positions are not acknowledged yet and still may be. */
    public synchronized int pending() {
        return pending;
    }

    /** Says that the source has lost all positions that are not acknowledged to another process. */
    public synchronized void withdraw() {
        for (Optional<Open<P>> open = first; open.isPresent(); open = open.get().next) {
            open.get().receipt.withdraw();
        }
    }

    private synchronized void settle(final Open<P> position) {
        pending--;
        position.settled = true;
        if (position.previous.isEmpty()) {
            pass(position);
            /* One at most, as neighbours are one. */
            first.filter(next -> next.settled).ifPresent(this::pass);
            return;
        }
        position.previous.filter(before -> before.settled).ifPresent(this::remove);
        if (position.next.filter(behind -> behind.settled).isPresent()) {
            remove(position);
        }
    }

    private void pass(final Open<P> position) {
        settled = Optional.of(position.upTo);
        remove(position);
    }

    private void remove(final Open<P> position) {
        position.previous.ifPresentOrElse(
                before -> before.next = position.next, () -> first = position.next);
        position.next.ifPresentOrElse(
                behind -> behind.previous = position.previous, () -> last = position.previous);
        size--;
    }

    /** Nothing after a position that was handed back is acknowledged, as it is read again. */
    private synchronized void handBack() {
        pending--;
    }

    private static final class Open<P> {

        private final P upTo;
        private Receipt receipt;
        private boolean settled;
        private Optional<Open<P>> previous;
        private Optional<Open<P>> next = Optional.empty();

        private Open(final P upTo, final Optional<Open<P>> previous) {
            this.upTo = upTo;
            this.previous = previous;
        }
    }
}
