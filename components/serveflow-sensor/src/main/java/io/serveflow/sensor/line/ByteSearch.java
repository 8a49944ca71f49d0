/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for a byte among others, eight at a time. */
public final class ByteSearch {

    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private ByteSearch() {}

    /** The index of the first such byte, -1 if there is none before the end. */
    public static int indexOf(
            final byte wanted, final byte[] bytes, final int from, final int end) {
        final long eightWanted = (wanted & 0xff) * ONES;
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            final long different = (long) LITTLE_ENDIAN.get(bytes, i) ^ eightWanted;
            // The lowest mark is the first byte that does not differ; those above may be false.
            final long marks = different - ONES & ~different & HIGHS;
            if (marks != 0) {
                return i + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
        for (; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
