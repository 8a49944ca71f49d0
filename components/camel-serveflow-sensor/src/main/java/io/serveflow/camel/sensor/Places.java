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
 * The places up to which a source has given out its records, in order, and up to which of them
 * every flow has its answer.
 *
 * <p>Safe for use by many threads: receipts are settled by whoever answers last.
 *
 * @param <P> a place in the source
 */
public final class Places<P> {

    private final Queue<Given<P>> given = new ArrayDeque<>();
    private int held;
    private Optional<P> settled = Optional.empty();

    /**
     * Notes that records were read up to a place.
     *
     * @param upTo where the source would go on if it had to begin again behind these records
     * @return what the flows of these records hold
     */
    public synchronized Receipt give(final P upTo) {
        final Given<P> place = new Given<>(upTo);
        place.receipt = Receipt.held(this::advance, this::stay);
        given.add(place);
        held++;
        return place.receipt;
    }

    /** The place up to which everything is answered for; empty if it is where it was before. */
    public synchronized Optional<P> takeSettled() {
        final Optional<P> taken = settled;
        settled = Optional.empty();
        return taken;
    }

    /** How many places are kept: those that are not answered for, and all behind the first. */
    public synchronized int open() {
        return given.size();
    }

    /** How many places are not answered for and still may be. */
    public synchronized int held() {
        return held;
    }

    private synchronized void advance() {
        held--;
        while (!given.isEmpty() && given.peek().receipt.isSettled()) {
            settled = Optional.of(given.remove().upTo);
        }
    }

    /** Nothing behind a place that was handed back counts as answered for, as it is read again. */
    private synchronized void stay() {
        held--;
    }

    private static final class Given<P> {

        private final P upTo;
        private Receipt receipt;

        private Given(final P upTo) {
            this.upTo = upTo;
        }
    }
}
