/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a stream of bytes into lines, in place: the current line is a range of one buffer that the
 * next call overwrites.
 *
 * <p>Lines end with LF or CR LF; empty ones are skipped, and so is a byte order mark before the
 * first. Memory stays bounded whatever comes in, because a line above the limit is reported with
 * its beginning only and the rest of it skipped.
 */
public final class LineReader implements Closeable {

    /** What {@link #next()} came to. */
    public enum Line {
        /** A line that a newline ended. */
        WHOLE,
        /** The last line of the stream, which no newline ended. */
        UNTERMINATED,
        /** A line longer than the limit, of which the range holds the beginning. */
        TOO_LONG,
        /** The end of the stream. */
        NONE
    }

    private final InputStream in;
    private final int limit;
    private final byte[] buffer;
    private long bufferOffset;
    private int filled;
    private int read;
    private int start;
    private int end;
    private boolean skipping;

    /**
     * @param limit most bytes of a line, its line end not counted
     */
    public LineReader(final InputStream in, final int limit) {
        this.in = in;
        this.limit = limit;
        // With room for CR LF, a full buffer without LF is proof that the line is too long.
        this.buffer = new byte[limit + 2];
    }

    /** Moves to the next line that is not empty. */
    public Line next() throws IOException {
        if (skipping && !skipToNewline()) {
            return none();
        }
        int scanned = read;
        while (true) {
            final int newline = newline(scanned);
            if (newline >= 0) {
                select(newline);
                read = newline + 1;
                if (end - start > limit) {
                    end = start + limit;
                    return Line.TOO_LONG;
                }
                if (end > start) {
                    return Line.WHOLE;
                }
                scanned = read;
                continue;
            }
            if (filled == buffer.length) {
                if (read == 0) {
                    start = 0;
                    end = limit;
                    read = filled;
                    skipping = true;
                    return Line.TOO_LONG;
                }
                moveToFront();
            }
            scanned = filled;
            if (!fill()) {
                return last();
            }
        }
    }

    /** The array that holds the current line between {@link #start()} and {@link #end()}. */
    public byte[] buffer() {
        return buffer;
    }

    public int start() {
        return start;
    }

    /** Where the line ends (exclusive), its line end not counted. */
    public int end() {
        return end;
    }

    /** Where the line starts in the stream, in bytes from its beginning. */
    public long offset() {
        return bufferOffset + start;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private Line last() {
        select(filled);
        read = filled;
        if (end - start > limit) {
            end = start + limit;
            return Line.TOO_LONG;
        }
        return end > start ? Line.UNTERMINATED : none();
    }

    private Line none() {
        start = filled;
        end = filled;
        return Line.NONE;
    }

    private void select(final int newline) {
        start = read;
        end = newline > start && buffer[newline - 1] == '\r' ? newline - 1 : newline;
    }

    /** Index of the next LF, looked for in eight bytes at a time; -1 if there is none. */
    private int newline(final int from) {
        return ByteSearch.indexOf((byte) '\n', buffer, from, filled);
    }

    private boolean skipToNewline() throws IOException {
        while (true) {
            final int newline = newline(read);
            if (newline >= 0) {
                read = newline + 1;
                skipping = false;
                return true;
            }
            read = filled;
            moveToFront();
            if (!fill()) {
                return false;
            }
        }
    }

    private void moveToFront() {
        System.arraycopy(buffer, read, buffer, 0, filled - read);
        bufferOffset += read;
        filled -= read;
        read = 0;
    }

    /** Reads more bytes behind the ones there are; false at the end of the stream. */
    private boolean fill() throws IOException {
        final int n = in.read(buffer, filled, buffer.length - filled);
        if (n < 0) {
            return false;
        }
        filled += n;
        return true;
    }
}
