/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import java.util.Arrays;

/**
 * Decodes base64 (RFC 4648, section 4, with padding) out of a parser's characters into a buffer of
 * the caller, where the decoder of the JDK wants bytes of its own on both sides.
 */
final class Base64Text {

    private static final int[] SEXTETS = sextets();

    private Base64Text() {}

    /** The most bytes that so many characters can hold. */
    static int maxBytes(final int characters) {
        return characters / 4 * 3;
    }

    /**
     * Decodes characters to {@code to[at...]}.
     *
     * @return how many bytes there are, or -1 if the text is not base64
     */
    static int decode(
            final char[] text, final int from, final int length, final byte[] to, final int at) {
        if ((length & 3) != 0) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        final int end = from + length;
        final int padding = text[end - 1] != '=' ? 0 : text[end - 2] != '=' ? 1 : 2;
        final int wholeEnd = padding == 0 ? end : end - 4;
        int out = at;
        int seen = 0; // all characters and all results, to be judged once
        int invalid = 0;
        for (int i = from; i < wholeEnd; i += 4) {
            final int bits =
                    sextet(text[i]) << 18
                            | sextet(text[i + 1]) << 12
                            | sextet(text[i + 2]) << 6
                            | sextet(text[i + 3]);
            seen |= text[i] | text[i + 1] | text[i + 2] | text[i + 3];
            invalid |= bits;
            to[out] = (byte) (bits >> 16);
            to[out + 1] = (byte) (bits >> 8);
            to[out + 2] = (byte) bits;
            out += 3;
        }
        if (padding > 0) {
            final int bits =
                    sextet(text[wholeEnd]) << 18
                            | sextet(text[wholeEnd + 1]) << 12
                            | (padding == 1 ? sextet(text[wholeEnd + 2]) << 6 : 0);
            final int unused = padding == 1 ? 0xff : 0xffff;
            seen |= text[wholeEnd] | text[wholeEnd + 1] | text[wholeEnd + 2];
            invalid |= (bits & unused) == 0 ? bits : -1;
            to[out++] = (byte) (bits >> 16);
            if (padding == 1) {
                to[out++] = (byte) (bits >> 8);
            }
        }
        return invalid < 0 || seen >= SEXTETS.length ? -1 : out - at;
    }

    private static int sextet(final char c) {
        return SEXTETS[c & SEXTETS.length - 1];
    }

    private static int[] sextets() {
        final int[] sextets = new int[128];
        Arrays.fill(sextets, -1);
        final String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            sextets[alphabet.charAt(i)] = i;
        }
        return sextets;
    }
}
