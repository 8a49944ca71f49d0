/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import java.util.Arrays;

/**
 * Cuts bytes that come in pieces into lines, and tells of each where in the whole it stands.
 *
 * <p>Lines end with LF or CR LF. Memory stays bounded whatever comes in: of a line above the limit
 * the beginning is given out and the rest skipped. Not safe for use by more than one thread.
 */
final class LineSplitter {

    /** Takes the lines, in order; the array is used again after the call. */
    interface Lines {

        /** A line that a newline ended, without it; may be empty. */
        void line(byte[] bytes, int start, int end, long position);

        /** The beginning of a line that is longer than the limit. */
        void tooLong(byte[] bytes, int start, int end, long position);

        /** What came after the last newline, at the end of the input. */
        void unterminated(byte[] bytes, int start, int end, long position);
    }

    private static final int FIRST_ROOM = 8_192;

    private final int limit;
    private final Lines out;
    private byte[] begun = new byte[FIRST_ROOM];
    private int length;
    private long position;
    private boolean skipping;

    /**
     * @param limit most bytes of a line, its line end not counted
     */
    LineSplitter(final int limit, final Lines out) {
        this.limit = limit;
        this.out = out;
    }

    /** Takes the next bytes of the input. */
    void take(final byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                endLine(bytes, from, i);
                from = i + 1;
            }
        }
        keep(bytes, from, bytes.length);
    }

    /** Gives out what the input ends with, if it does not end with a newline. */
    void end() {
        if (length > 0) {
            out.unterminated(begun, 0, length, position);
        }
        forget(length);
    }

    private void endLine(final byte[] bytes, final int from, final int newline) {
        if (skipping) {
            skipping = false;
            position += newline + 1L - from;
        } else if (length == 0) {
            give(bytes, from, newline);
            position += newline + 1L - from;
        } else if (keep(bytes, from, newline)) {
            give(begun, 0, length);
            forget(length + 1L);
        } else {
            skipping = false;
            position++;
        }
    }

    private void give(final byte[] bytes, final int start, final int newline) {
        final boolean carriageReturn = newline > start && bytes[newline - 1] == '\r';
        final int end = carriageReturn ? newline - 1 : newline;
        if (end - start > limit) {
            out.tooLong(bytes, start, start + limit, position);
        } else {
            out.line(bytes, start, end, position);
        }
    }

    /** Keeps bytes of a line whose end is still to come; false if the line is too long by them. */
    private boolean keep(final byte[] bytes, final int from, final int to) {
        final int more = to - from;
        if (skipping) {
            position += more;
            return false;
        }
        /* With room for the CR of CR LF. */
        if (more > limit + 1 - length) {
            final int fitting = limit - Math.min(limit, length);
            append(bytes, from, from + fitting);
            out.tooLong(begun, 0, limit, position);
            skipping = true;
            forget(length + (long) more - fitting);
            return false;
        }
        append(bytes, from, to);
        return true;
    }

    private void append(final byte[] bytes, final int from, final int to) {
        final int needed = length + to - from;
        if (needed > begun.length) {
            begun = Arrays.copyOf(begun, Math.max(needed, Math.min(limit + 1, 2 * begun.length)));
        }
        System.arraycopy(bytes, from, begun, length, to - from);
        length = needed;
    }

    private void forget(final long passed) {
        position += passed;
        length = 0;
        if (begun.length > FIRST_ROOM) {
            begun = new byte[FIRST_ROOM];
        }
    }
}
