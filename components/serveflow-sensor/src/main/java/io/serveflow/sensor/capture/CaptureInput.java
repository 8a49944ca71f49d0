/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import io.serveflow.sensor.line.UnpackedInput;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The bytes of a capture file, unpacked if they are gzip-compressed, seen through a window that
 * moves on.
 *
 * <p>What is wanted in one piece is brought into the window, which grows to the largest piece and
 * no further; a file of any size is read in that memory.
 */
final class CaptureInput implements Closeable {

    private static final int WINDOW = 1 << 18;

    private final UnpackedInput in;
    private byte[] window = new byte[WINDOW];
    private int at;
    private int end;
    private long windowPosition;
    private boolean ended;

    private CaptureInput(final UnpackedInput in) {
        this.in = in;
    }

    static CaptureInput open(final Path file) throws IOException {
        return new CaptureInput(UnpackedInput.open(file));
    }

    /** The bytes of a capture in a stream, which is closed with this. */
    static CaptureInput open(final String name, final InputStream in) throws IOException {
        return new CaptureInput(UnpackedInput.open(name, in));
    }

    /** Brings the next {@code n} bytes into the window; false if the input ends before. */
    boolean has(final int n) throws IOException {
        if (end - at >= n) {
            return true;
        }
        if (window.length - at < n) {
            final byte[] larger = n > window.length ? new byte[n] : window;
            System.arraycopy(window, at, larger, 0, end - at);
            window = larger;
            windowPosition += at;
            end -= at;
            at = 0;
        }
        while (end - at < n && !ended) {
            fill();
        }
        return end - at >= n;
    }

    /** Whether there is anything left. */
    boolean hasMore() throws IOException {
        return has(1);
    }

    /** The window; valid until the next call of {@link #has} or {@link #skip}. */
    byte[] bytes() {
        return window;
    }

    /** Index in the window of the next byte. */
    int at() {
        return at;
    }

    /** Where the next byte is in the (unpacked) file. */
    long position() {
        return windowPosition + at;
    }

    /** Skips bytes that are in the window. */
    void advance(final int n) {
        at += n;
    }

    /** Skips any number of bytes; false if the input ends before. */
    boolean skip(final long n) throws IOException {
        long left = n;
        while (left > 0 && hasMore()) {
            final int step = (int) Math.min(left, end - at);
            at += step;
            left -= step;
        }
        return left == 0;
    }

    int u8(final int index) {
        return window[at + index] & 0xff;
    }

    int u16(final int index, final ByteOrder order) {
        final int first = u8(index);
        final int second = u8(index + 1);
        return order == ByteOrder.BIG_ENDIAN ? first << 8 | second : second << 8 | first;
    }

    int i32(final int index, final ByteOrder order) {
        final int first = u16(index, order);
        final int second = u16(index + 2, order);
        return order == ByteOrder.BIG_ENDIAN ? first << 16 | second : second << 16 | first;
    }

    long u32(final int index, final ByteOrder order) {
        return Integer.toUnsignedLong(i32(index, order));
    }

    /** What ended a gzip-compressed input before its time, if anything did. */
    Optional<String> damage() {
        return in.damage();
    }

    /** What stands behind a gzip-compressed input and is no part of it. */
    Optional<String> leftover() {
        return in.leftover();
    }

    private void fill() throws IOException {
        final int n = in.read(window, end, window.length - end);
        if (n < 0) {
            ended = true;
        } else {
            end += n;
        }
    }

    /** The next bytes, as far as there are any, for messages. */
    byte[] peek(final int n) throws IOException {
        has(n);
        return Arrays.copyOfRange(window, at, Math.min(end, at + n));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
