/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import java.util.Arrays;

/** How many flows fell into each bin of a distribution. */
public final class Counts {

    /** Beyond this a count is none, and sums could overflow. */
    private static final long MOST = 1_000_000_000_000L;

    private final long[] values;
    private final long total;

    /**
     * @param values one a bin
     * @throws IllegalArgumentException if one is below 0 or beyond what is counted, or all are 0
     */
    public Counts(final long... values) {
        long sum = 0;
        for (final long value : values) {
            if (value < 0 || value > MOST) {
                throw new IllegalArgumentException(
                        "a count must be 0 to " + MOST + ", was " + value);
            }
            sum += value;
        }
        if (sum == 0) {
            throw new IllegalArgumentException("counts need at least one flow, all are 0");
        }
        this.values = values.clone();
        this.total = sum;
    }

    /** How many bins there are. */
    public int bins() {
        return values.length;
    }

    /** The count of a bin. */
    public long of(final int bin) {
        return values[bin];
    }

    /** The counts of all bins together. */
    public long total() {
        return total;
    }

    /** By bin. */
    public long[] values() {
        return values.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Counts that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Counts" + Arrays.toString(values);
    }
}
