/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import java.util.Arrays;
import java.util.List;

/** A list of numbers that is filled again and again. */
final class Numbers {

    private long[] values = new long[32];
    private int size;

    void clear() {
        size = 0;
    }

    void add(final long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** A copy of what is in it. */
    List<Long> longs() {
        final Long[] copy = new Long[size];
        for (int i = 0; i < size; i++) {
            copy[i] = values[i];
        }
        return List.of(copy);
    }

    /** A copy of what is in it, which are numbers of 31 bits. */
    List<Integer> integers() {
        final Integer[] copy = new Integer[size];
        for (int i = 0; i < size; i++) {
            copy[i] = (int) values[i];
        }
        return List.of(copy);
    }
}
