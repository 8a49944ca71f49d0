/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a source holds for the records that it gave out, until each of their flows is stored or
 * dead-lettered: only then may the position that they were read from move on.
 *
 * <p>It begins with one hold, that of the source, which ends when the route has answered. Whoever
 * keeps a flow beyond that, as the join of the slow path does, takes a hold of its own before the
 * route answers and releases it when the flow is done. With the last one the receipt is settled; or
 * it is handed back, where one of its holds was: then the records are read again some day, as after
 * a restart.
 *
 * <p>A source may lose the position to another process, as when a partition is revoked: it
 * withdraws the receipt then. The other process reads the records again, so that whoever holds a
 * withdrawn receipt need not answer any more.
 *
 * <p>Safe for use by many threads.
 */
public final class Receipt {

    /** The receipt of records that nobody could read again, which is always settled. */
    public static final Receipt NONE =
            new Receipt(() -> {}, () -> {}, 0, SourceClock.SYSTEM, List.of(), false);

    private final AtomicInteger holds;
    private final Runnable settled;
    private final Runnable handedBack;
    private final SourceClock clock;
    private final List<Receipt> parts;
    private final boolean kept;
    private volatile boolean owed;
    private volatile boolean withdrawn;

    private Receipt(
            final Runnable settled,
            final Runnable handedBack,
            final int holds,
            final SourceClock clock,
            final List<Receipt> parts,
            final boolean kept) {
        this.settled = Objects.requireNonNull(settled, "settled");
        this.handedBack = Objects.requireNonNull(handedBack, "handedBack");
        this.holds = new AtomicInteger(holds);
        this.clock = Objects.requireNonNull(clock, "clock");
        this.parts = List.copyOf(parts);
        this.kept = kept;
    }

    /**
     * A receipt of records that are read again at the next start in any case, as those of a file or
     * of a capture that is replayed, so that their source need not hear of answers.
     *
     * @param clock how far the source has been read
     */
    public static Receipt readAgain(final SourceClock clock) {
        return new Receipt(() -> {}, () -> {}, 0, clock, List.of(), false);
    }

    /**
     * A receipt with the hold of its source.
     *
     * @param settled called once, by the thread that releases the last hold; quick, must not throw
     */
    public static Receipt held(final Runnable settled) {
        return held(settled, () -> {});
    }

    /**
     * A receipt with the hold of its source, which is also called when nobody works on the records
     * any more although not all are acknowledged.
     *
     * @param settled called once, by the thread that ends the last hold, unless one was handed
     *     back; quick, must not throw
     * @param handedBack called instead of it if one was
     */
    public static Receipt held(final Runnable settled, final Runnable handedBack) {
        return held(settled, handedBack, SourceClock.SYSTEM);
    }

    /**
     * The same of a source that has a time of its own.
     *
     * @param clock how far the source has been read
     */
    public static Receipt held(
            final Runnable settled, final Runnable handedBack, final SourceClock clock) {
        return new Receipt(settled, handedBack, 1, clock, List.of(), true);
    }

    /**
     * A receipt that ends one hold of each of several, for records that were read from several
     * positions; withdrawn when all of them are.
     */
    public static Receipt joined(final List<Receipt> parts) {
        return new Receipt(
                () -> parts.forEach(Receipt::release),
                () -> parts.forEach(Receipt::handBack),
                1,
                SourceClock.SYSTEM,
                parts,
                true);
    }

    /** Whether the source keeps the position of the records until they are acknowledged. */
    public boolean isKept() {
        return kept;
    }

    /** Whether the source can read the records again. */
    public boolean canBeReadAgain() {
        return this != NONE;
    }

    /**
     * Takes one more hold.
     *
     * @throws IllegalStateException if the receipt is settled or handed back
     */
    public void hold() {
        if (isKept() && holds.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
            throw new IllegalStateException(
                    "the receipt is settled or handed back; hold it before the route ends");
        }
    }

    /**
     * Ends one hold.
     *
     * @throws IllegalStateException if there is none
     */
    public void release() {
        if (isKept()) {
            end();
        }
    }

    /**
     * Ends one hold of a flow that gets no answer from here: its source reads it again, and so this
     * is never settled.
     *
     * @throws IllegalStateException if there is none
     */
    public void handBack() {
        if (this == NONE) {
            throw new IllegalStateException("nobody can read these records again");
        }
        if (isKept()) {
            owed = true;
            end();
        }
    }

    /** Says that another process reads the records from now on, for any thread. */
    public void withdraw() {
        if (isKept()) {
            withdrawn = true;
        }
    }

    /** Whether another process reads the records, so that nobody waits for an answer here. */
    public boolean isWithdrawn() {
        return withdrawn || !parts.isEmpty() && parts.stream().allMatch(Receipt::isWithdrawn);
    }

    /**
     * The time by which flows of these records wait for further ones of the same source. One that
     * {@link #joined} several has that of the system.
     */
    public SourceClock clock() {
        return clock;
    }

    private void end() {
        final int left = holds.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("the receipt was released more often than held");
        }
        if (left == 0) {
            (owed ? handedBack : settled).run();
        }
    }

    /** Whether nothing holds it any more, and nothing was handed back. */
    public boolean isSettled() {
        return holds.get() == 0 && !owed;
    }
}
