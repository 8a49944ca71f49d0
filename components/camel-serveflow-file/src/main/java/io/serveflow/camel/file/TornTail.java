/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The end of a file of lines that is no whole line: where a crash broke it off, or where a power
 * failure left zeros, which no line of JSON holds.
 *
 * @param file that has it
 * @param from where it begins
 * @param bytes how long it is
 */
record TornTail(Path file, long from, long bytes) {

    /** How far before the end zeros are looked for: more than is written between two fsyncs. */
    private static final int WINDOW = 16 * 1024 * 1024;

    private static final int BLOCK = 64 * 1024;

    /**
     * The torn end of a file, if it has one.
     *
     * @param latest whether it was the one that was written last, which alone is read for zeros
     */
    static Optional<TornTail> of(final Path file, final boolean latest) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "rw")) {
            final long length = in.length();
            final long zero = latest ? firstZero(in, Math.max(0, length - WINDOW), length) : -1;
            final long whole = afterLastNewline(in, zero < 0 ? length : zero);
            return whole == length
                    ? Optional.empty()
                    : Optional.of(new TornTail(file, whole, length - whole));
        }
    }

    /** Cuts it off; a file that holds nothing else goes. */
    void cut() throws IOException {
        if (from == 0) {
            Files.delete(file);
            return;
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(from);
            out.getFD().sync();
        }
    }

    private static long firstZero(final RandomAccessFile in, final long from, final long to)
            throws IOException {
        final byte[] block = new byte[BLOCK];
        in.seek(from);
        for (long at = from; at < to; ) {
            final int read = in.read(block, 0, (int) Math.min(BLOCK, to - at));
            for (int i = 0; i < read; i++) {
                if (block[i] == 0) {
                    return at + i;
                }
            }
            at += Math.max(1, read);
        }
        return -1;
    }

    /** Where the line begins that is not whole, 0 if there is no newline. */
    private static long afterLastNewline(final RandomAccessFile in, final long to)
            throws IOException {
        final byte[] block = new byte[BLOCK];
        for (long end = to; end > 0; ) {
            final int length = (int) Math.min(BLOCK, end);
            in.seek(end - length);
            in.readFully(block, 0, length);
            for (int i = length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return end - length + i + 1;
                }
            }
            end -= length;
        }
        return 0;
    }
}
