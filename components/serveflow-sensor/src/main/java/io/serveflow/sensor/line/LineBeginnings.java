/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * How the lines of the known formats begin, to find one inside another: a sensor that could not
 * finish a line goes on in the middle of it.
 */
public final class LineBeginnings {

    private final byte[][] beginnings;

    /**
     * @param beginnings ASCII texts, each of which begins with a brace; empty to find none
     */
    public LineBeginnings(final Collection<String> beginnings) {
        this.beginnings =
                beginnings.stream()
                        .distinct()
                        .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                        .toArray(byte[][]::new);
        for (final String text : beginnings) {
            if (!text.startsWith("{")) {
                throw new IllegalArgumentException(
                        "the beginning of a line must begin with a brace, was '" + text + "'");
            }
        }
    }

    /** Where a line begins, looked for from an index on; the end if none does. */
    public int next(final byte[] bytes, final int from, final int end) {
        int brace = ByteSearch.indexOf((byte) '{', bytes, from, end);
        while (brace >= 0 && !isBeginning(bytes, brace, end)) {
            brace = ByteSearch.indexOf((byte) '{', bytes, brace + 1, end);
        }
        return brace < 0 ? end : brace;
    }

    private boolean isBeginning(final byte[] bytes, final int from, final int end) {
        for (final byte[] beginning : beginnings) {
            if (end - from >= beginning.length
                    && Arrays.equals(
                            bytes, from, from + beginning.length, beginning, 0, beginning.length)) {
                return true;
            }
        }
        return false;
    }
}
