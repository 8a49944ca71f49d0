/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.traffic;

/**
 * The id of a flow that a benchmark made, which holds its number: 18 characters, as most of Zeek's.
 */
public final class Uid {

    /** Characters of an id. */
    static final int LENGTH = 18;

    private static final int RADIX = 10;

    private Uid() {}

    /** Writes the id of a flow at an index of an array. */
    static void write(final long number, final byte[] into, final int at) {
        into[at] = 'C';
        digits(number, into, at + 1, LENGTH - 1);
    }

    /** Writes a number with leading zeros. */
    static void digits(final long number, final byte[] into, final int at, final int count) {
        long left = number;
        for (int i = at + count - 1; i >= at; i--) {
            into[i] = (byte) ('0' + left % RADIX);
            left /= RADIX;
        }
    }

    /** The number of the flow with an id. */
    public static long number(final String uid) {
        long number = 0;
        for (int i = 1; i < uid.length(); i++) {
            number = RADIX * number + (uid.charAt(i) - '0');
        }
        return number;
    }
}
