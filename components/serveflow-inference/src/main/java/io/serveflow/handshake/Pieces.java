/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import java.util.Arrays;

/**
 * Bytes put together from pieces that say where they belong, in any order, more than once or
 * overlapping; of bytes that come twice, the first ones stay.
 *
 * <p>Bounded: bytes behind a limit are left out, and so is a piece that would be the {@value
 * #MOST_RUNS}th and one more with a gap before it.
 */
final class Pieces {

    private static final int MOST_RUNS = 128;
    private static final int FIRST_ROOM = 4096;

    private final int limit;
    private byte[] bytes = new byte[0];

    /** Runs of bytes that are there, ascending, with a gap between each and the next. */
    private final int[] starts = new int[MOST_RUNS];

    private final int[] ends = new int[MOST_RUNS];
    private int runs;

    /**
     * @param limit how many bytes from the beginning are kept
     */
    Pieces(final int limit) {
        this.limit = limit;
    }

    /** Forgets all bytes and keeps the room. */
    void clear() {
        runs = 0;
    }

    /** The room in which the bytes are, from index 0 on; the next piece may move it. */
    byte[] bytes() {
        return bytes;
    }

    /** How many bytes from the beginning are there without a gap. */
    int contiguous() {
        return runs > 0 && starts[0] == 0 ? ends[0] : 0;
    }

    /** How many runs of bytes there are, with a gap between each and the next. */
    int runs() {
        return runs;
    }

    /** Where a run begins. */
    int start(final int run) {
        return starts[run];
    }

    /** Where a run ends. */
    int end(final int run) {
        return ends[run];
    }

    /**
     * Takes a piece.
     *
     * @param offset where it belongs; what is before 0 is left out
     * @param source where its bytes are, {@code length} of them from index {@code from} on
     */
    void put(final long offset, final byte[] source, final int from, final int length) {
        if (length <= 0 || offset >= limit || offset + length <= 0) {
            return;
        }
        final int start = (int) Math.max(0, offset);
        final int end = (int) Math.min(limit, offset + length);
        final int shift = (int) (from - offset);
        int first = runs;
        while (first > 0 && ends[first - 1] >= start) {
            first--;
        }
        int behind = first;
        while (behind < runs && starts[behind] <= end) {
            behind++;
        }
        if (first == behind && runs == MOST_RUNS) {
            return;
        }
        if (end > bytes.length) {
            bytes =
                    Arrays.copyOf(
                            bytes, Math.min(limit, Math.max(end + FIRST_ROOM, bytes.length * 2)));
        }
        int at = start;
        for (int run = first; run < behind; run++) {
            copy(source, shift, at, starts[run]);
            at = Math.max(at, ends[run]);
        }
        copy(source, shift, at, end);
        join(first, behind, start, end);
    }

    private void copy(final byte[] source, final int shift, final int start, final int end) {
        if (start < end) {
            System.arraycopy(source, start + shift, bytes, start, end - start);
        }
    }

    /** Makes one run of those from {@code first} to before {@code behind} and of the new one. */
    private void join(final int first, final int behind, final int start, final int end) {
        final int from = first < behind ? Math.min(start, starts[first]) : start;
        final int to = first < behind ? Math.max(end, ends[behind - 1]) : end;
        final int after = runs - behind;
        System.arraycopy(starts, behind, starts, first + 1, after);
        System.arraycopy(ends, behind, ends, first + 1, after);
        starts[first] = from;
        ends[first] = to;
        runs = first + 1 + after;
    }
}
