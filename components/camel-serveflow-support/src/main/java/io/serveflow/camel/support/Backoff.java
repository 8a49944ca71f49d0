/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Exponential waits between tries, half of each wait random, so that many clients do not come back
 * at the same moment.
 *
 * @param minMillis the wait after the first failure, before jitter, milliseconds
 * @param maxMillis what no wait exceeds, milliseconds
 * @param random gives numbers from 0 to 1
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">"Equal
 *     jitter" in Exponential Backoff and Jitter</a>
 */
public record Backoff(long minMillis, long maxMillis, DoubleSupplier random) {

    /** Beyond this many doublings every wait is the longest one, and a shift could overflow. */
    private static final int MAX_DOUBLINGS = 30;

    public Backoff {
        Objects.requireNonNull(random, "random");
        if (minMillis < 1 || maxMillis < minMillis) {
            throw new IllegalArgumentException(
                    "backoff must be 1 ms or more and at most its maximum, was "
                            + minMillis
                            + " to "
                            + maxMillis
                            + " ms");
        }
    }

    /** Waits with a random half of their own. */
    public static Backoff of(final long minMillis, final long maxMillis) {
        return new Backoff(minMillis, maxMillis, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Milliseconds to wait after so many failures in a row, at least one. */
    public long delayMillis(final int failures) {
        final int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        final long full = minMillis > maxMillis >> doublings ? maxMillis : minMillis << doublings;
        final double half = full / 2.0;
        return Math.max(1, Math.round(half + half * random.getAsDouble()));
    }
}
