/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import java.util.Arrays;

/**
 * The edges between the bins of whole numbers: bin 0 holds what is below the first edge, bin i what
 * is at or above edge i - 1 and below edge i, the last bin the rest.
 */
public final class Edges {

    private static final int MOST = 63;

    private final int[] values;

    /**
     * @param values 1 to 63 of them, each above the one before
     * @throws IllegalArgumentException if they are not
     */
    public Edges(final int... values) {
        if (values.length == 0 || values.length > MOST) {
            throw new IllegalArgumentException(
                    "there are 1 to " + MOST + " edges between bins, were " + values.length);
        }
        for (int i = 1; i < values.length; i++) {
            if (values[i] <= values[i - 1]) {
                throw new IllegalArgumentException(
                        "each edge is above the one before, but "
                                + values[i]
                                + " follows "
                                + values[i - 1]);
            }
        }
        this.values = values.clone();
    }

    /** The edges, from the lowest. */
    public int[] values() {
        return values.clone();
    }

    /** How many bins there are, one more than edges. */
    public int bins() {
        return values.length + 1;
    }

    /** The bin of a value. */
    public int bin(final int value) {
        int bin = 0;
        while (bin < values.length && value >= values[bin]) {
            bin++;
        }
        return bin;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Edges that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Edges" + Arrays.toString(values);
    }
}
