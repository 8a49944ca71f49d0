/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.util.concurrent.TimeUnit;

/**
 * How long a worker waits after turns that found nothing to do. A stop ends the wait.
 *
 * @see Worker
 */
@FunctionalInterface
public interface IdleStrategy {

    /**
     * Nanoseconds until the next turn; 0 for at once.
     *
     * @param idleTurns how many turns in a row found nothing to do, at least 1
     */
    long nanos(int idleTurns);

    /** Does not wait, for tasks that wait within their turns. */
    static IdleStrategy none() {
        return idleTurns -> 0;
    }

    /** Waits twice as long each time, from the shortest wait to the longest. */
    static IdleStrategy backoff(final long shortest, final long longest, final TimeUnit unit) {
        final long least = unit.toNanos(shortest);
        final long most = unit.toNanos(longest);
        if (least < 1 || most < least) {
            throw new IllegalArgumentException(
                    "waits must be 1 ns or more and at most the longest one, were "
                            + least
                            + " to "
                            + most
                            + " ns");
        }
        return idleTurns -> {
            final int doublings = idleTurns - 1;
            /* Also where a shift would overflow. */
            return doublings >= Long.numberOfLeadingZeros(least) || least << doublings > most
                    ? most
                    : least << doublings;
        };
    }
}
