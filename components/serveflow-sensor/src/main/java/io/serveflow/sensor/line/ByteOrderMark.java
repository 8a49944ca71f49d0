/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import java.util.Arrays;

/** The byte order mark of UTF-8, which some writers put before the first line of a file. */
public final class ByteOrderMark {

    /** How long it is. */
    public static final int LENGTH = 3;

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private ByteOrderMark() {}

    /** Whether the bytes begin with it. */
    public static boolean isAt(final byte[] bytes, final int start, final int end) {
        return end - start >= LENGTH
                && Arrays.equals(bytes, start, start + LENGTH, MARK, 0, LENGTH);
    }

    /** The first index at which there is none; files that are joined have several. */
    public static int behind(final byte[] bytes, final int start, final int end) {
        int at = start;
        while (isAt(bytes, at, end)) {
            at += LENGTH;
        }
        return at;
    }
}
