/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes base64 (RFC 4648, section 4, with padding) out of a parser's characters into a buffer of
 * the caller, where the decoder of the JDK wants bytes of its own on both sides.
 */
final class Base64Text {

    /** Bytes behind the decoded ones that {@link #decodeToQuote} may write to. */
    static final int SLACK = 2;

    private static final int[] SEXTETS = sextets();
    private static final int[] FIRST = shifted(18);
    private static final int[] SECOND = shifted(12);
    private static final int[] THIRD = shifted(6);
    private static final int[] FOURTH = shifted(0);
    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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

    /**
     * Decodes the text of a JSON string, up to its closing quote.
     *
     * <p>Eight characters at a time make six bytes, by a table a place that has the bits shifted
     * already. A quote or padding ends the long steps as any other stranger does.
     *
     * @param from index of the first character
     * @param to where the bytes go; needs room for {@link #maxBytes} and {@link #SLACK}
     * @return how many bytes there are, or -1 if the text is not base64; the quote is at {@code
     *     from +} {@link #characters}
     */
    static int decodeToQuote(
            final byte[] line, final int from, final int end, final byte[] to, final int at) {
        int in = from;
        int out = at;
        for (; in <= end - 8; in += 8, out += 6) {
            final int high = twentyFour(line, in);
            final int low = twentyFour(line, in + 4);
            if ((high | low) < 0) {
                break;
            }
            BIG_ENDIAN.set(to, out, (long) high << 40 | (long) low << 16);
        }
        for (; in <= end - 4; in += 4, out += 3) {
            final int bits = twentyFour(line, in);
            if (bits < 0) {
                break;
            }
            to[out] = (byte) (bits >> 16);
            to[out + 1] = (byte) (bits >> 8);
            to[out + 2] = (byte) bits;
        }
        if (in < end && line[in] == '"') {
            return out - at;
        }
        final int last = in < end - 4 && line[in + 4] == '"' ? lastBytes(line, in, to, out) : -1;
        return last < 0 ? -1 : out - at + last;
    }

    /** How many characters so many bytes are written with. */
    static int characters(final int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /** Decodes the last four characters, which end with padding; returns how many bytes, or -1. */
    private static int lastBytes(final byte[] line, final int in, final byte[] to, final int out) {
        if (line[in + 3] != '=') {
            return -1;
        }
        final boolean one = line[in + 2] == '=';
        final int bits =
                FIRST[line[in] & 0xff]
                        | SECOND[line[in + 1] & 0xff]
                        | (one ? 0 : THIRD[line[in + 2] & 0xff]);
        if (bits < 0 || (bits & (one ? 0xffff : 0xff)) != 0) {
            return -1;
        }
        to[out] = (byte) (bits >> 16);
        to[out + 1] = (byte) (bits >> 8);
        return one ? 1 : 2;
    }

    /** The bits of four characters; negative if one is not of the alphabet. */
    private static int twentyFour(final byte[] line, final int at) {
        return FIRST[line[at] & 0xff]
                | SECOND[line[at + 1] & 0xff]
                | THIRD[line[at + 2] & 0xff]
                | FOURTH[line[at + 3] & 0xff];
    }

    private static int sextet(final char c) {
        return SEXTETS[c & SEXTETS.length - 1];
    }

    /** The bits of each byte where they stand among those of four characters; -1 for others. */
    private static int[] shifted(final int bits) {
        final int[] shifted = new int[256];
        Arrays.fill(shifted, -1);
        for (int i = 0; i < SEXTETS.length; i++) {
            shifted[i] = SEXTETS[i] < 0 ? -1 : SEXTETS[i] << bits;
        }
        return shifted;
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
