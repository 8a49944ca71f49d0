/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.traffic;

/** Whole lines in a buffer, each with its line end, and where they are. */
public final class Chunk {

    private final byte[] bytes;
    private final int[] ends;
    private int lines;
    private int length;
    private long begins;

    /**
     * @param size bytes that fit
     */
    public Chunk(final int size) {
        this.bytes = new byte[size];
        this.ends = new int[size];
    }

    /** The buffer; what it holds may change with the next chunk. */
    public byte[] bytes() {
        return bytes;
    }

    /** How many of its bytes are lines. */
    public int length() {
        return length;
    }

    /** How many lines there are. */
    public int lines() {
        return lines;
    }

    /** Where line i begins. */
    public int start(final int i) {
        return i == 0 ? 0 : ends[i - 1] + 1;
    }

    /** Where the line end of line i is. */
    public int end(final int i) {
        return ends[i];
    }

    /** How many flows begin in it. */
    public long begins() {
        return begins;
    }

    void clear() {
        lines = 0;
        length = 0;
        begins = 0;
    }

    boolean fits(final int line) {
        return length + line + 1 <= bytes.length;
    }

    /** Adds a line and returns where it begins. */
    int add(final byte[] from, final int start, final int end, final boolean first) {
        final int at = length;
        System.arraycopy(from, start, bytes, at, end - start);
        length += end - start;
        ends[lines++] = length;
        bytes[length++] = '\n';
        begins += first ? 1 : 0;
        return at;
    }
}
