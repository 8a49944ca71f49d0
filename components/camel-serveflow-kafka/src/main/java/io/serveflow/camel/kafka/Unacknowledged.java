/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The exchanges whose records were handed to Kafka's client and are not acknowledged, the oldest
 * first, and why the latest one failed that did.
 *
 * <p>Safe for use by many threads.
 */
final class Unacknowledged {

    private final Map<Object, Handed> handed = new LinkedHashMap<>();
    private long records;
    private Optional<Exception> failure = Optional.empty();

    /** What an exchange has to hand over, and when it began to. */
    private record Handed(long sinceNanos, int records) {}

    /** Notes an exchange before its first record is handed over. */
    synchronized void begin(final Object exchange, final int ofExchange, final long nanoTime) {
        handed.put(exchange, new Handed(nanoTime, ofExchange));
        records += ofExchange;
    }

    /**
     * Notes that all records of an exchange are acknowledged or refused.
     *
     * @param why it fails; empty if all are acknowledged
     */
    synchronized void end(final Object exchange, final Optional<Exception> why) {
        records -= handed.remove(exchange).records;
        failure = why;
    }

    /** How long the oldest exchange is open; 0 if none is. */
    synchronized long oldestNanos(final long nanoTime) {
        final Iterator<Handed> oldest = handed.values().iterator();
        return oldest.hasNext() ? nanoTime - oldest.next().sinceNanos : 0;
    }

    /** How many exchanges are open. */
    synchronized int size() {
        return handed.size();
    }

    /** How many records the open exchanges have, acknowledged or not. */
    synchronized long records() {
        return records;
    }

    /** Why the exchange failed that ended last, if it did. */
    synchronized Optional<Exception> failure() {
        return failure;
    }
}
