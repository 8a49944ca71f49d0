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

    private final Map<Object, Long> sinceNanos = new LinkedHashMap<>();
    private Optional<Exception> failure = Optional.empty();

    /** Notes an exchange before its first record is handed over. */
    synchronized void begin(final Object exchange, final long nanoTime) {
        sinceNanos.put(exchange, nanoTime);
    }

    /**
     * Notes that all records of an exchange are acknowledged or refused.
     *
     * @param why it fails; empty if all are acknowledged
     */
    synchronized void end(final Object exchange, final Optional<Exception> why) {
        sinceNanos.remove(exchange);
        failure = why;
    }

    /** How long the oldest exchange is open; 0 if none is. */
    synchronized long oldestNanos(final long nanoTime) {
        final Iterator<Long> oldest = sinceNanos.values().iterator();
        return oldest.hasNext() ? nanoTime - oldest.next() : 0;
    }

    /** How many exchanges are open. */
    synchronized int size() {
        return sinceNanos.size();
    }

    /** Why the exchange failed that ended last, if it did. */
    synchronized Optional<Exception> failure() {
        return failure;
    }
}
