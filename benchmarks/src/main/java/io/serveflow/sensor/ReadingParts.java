/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

/**
 * Opens to the benchmarks what only its package sees of reading lines: a door from outside, so that
 * nothing becomes public in the product because it is measured.
 */
public final class ReadingParts {

    /** Bytes of 0 that {@link #decode} needs behind what it reads. */
    public static final int ZEROS_BEHIND = Base64Text.ZEROS_BEHIND;

    /** Bytes behind the decoded ones that {@link #decode} may write to. */
    public static final int SLACK = Base64Text.SLACK;

    private ReadingParts() {}

    /** The index of the first LF, -1 if there is none before the end. */
    public static int newline(final byte[] bytes, final int from, final int end) {
        return ByteSearch.indexOf((byte) '\n', bytes, from, end);
    }

    /** Decodes base64 up to a quote; returns how many bytes there are, or -1. */
    public static int decode(final byte[] line, final int from, final byte[] to, final int at) {
        return Base64Text.decodeToQuote(line, from, to, at);
    }

    /** Decodes base64 out of characters, as they come from a parser. */
    public static int decode(
            final char[] text, final int from, final int length, final byte[] to, final int at) {
        return Base64Text.decode(text, from, length, to, at);
    }
}
