/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes base64 (RFC 4648, section 4, with padding) out of a parser's characters into a buffer of
 * the caller, where the decoder of the JDK wants bytes of its own on both sides.
 */
public final class Base64Text {

    /** Bytes behind the decoded ones that {@link #decodeToQuote} may write to. */
    public static final int SLACK = 8;

    /** Bytes of 0 that {@link #decodeToQuote} needs behind the line. */
    public static final int ZEROS_BEHIND = 16;

    private static final int[] SEXTETS = sextets();

    /** The bits of a character at each position among four; -1 for what is none. */
    private static final int[] FIRST = position(0);

    private static final int[] SECOND = position(1);
    private static final int[] THIRD = position(2);
    private static final int[] FOURTH = position(3);
    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Base64Text() {}

    /** The most bytes that so many characters can hold. */
    public static int maxBytes(final int characters) {
        return characters / 4 * 3;
    }

    /**
     * Decodes characters to {@code to[at...]}.
     *
     * @return how many bytes there are, or -1 if the text is not base64
     */
    public static int decode(
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
     * <p>Eight characters at a time make six bytes, by a table a position that has the bits where
     * they belong; two such steps are written out, because what goes on around a step is a fifth of
     * it. A quote or padding ends the long steps as any other character outside the alphabet does.
     *
     * @param line with {@link #ZEROS_BEHIND} at its end
     * @param from index of the first character
     * @param to where the bytes go; needs room for {@link #maxBytes} and {@link #SLACK}
     * @return how many bytes there are, or -1 if the text is not base64; the quote is at {@code
     *     from +} {@link #characters}
     */
    public static int decodeToQuote(
            final byte[] line, final int from, final byte[] to, final int at) {
        int in = from;
        int out = at;
        int high = twentyFour(line, in);
        int low = twentyFour(line, in + 4);
        while ((high | low) >= 0) {
            LITTLE_ENDIAN.set(to, out, (long) low << 24 | high);
            high = twentyFour(line, in + 8);
            low = twentyFour(line, in + 12);
            if ((high | low) < 0) {
                in += 8;
                out += 6;
                break;
            }
            LITTLE_ENDIAN.set(to, out + 6, (long) low << 24 | high);
            in += 16;
            out += 12;
            high = twentyFour(line, in);
            low = twentyFour(line, in + 4);
        }
        if (high >= 0) {
            LITTLE_ENDIAN.set(to, out, (long) high);
            in += 4;
            out += 3;
        }
        if (line[in] == '"') {
            return out - at;
        }
        final int last = line[in + 4] == '"' ? lastBytes(line, in, to, out) : -1;
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
        if (bits < 0 || bits >>> (one ? 8 : 16) != 0) {
            return -1;
        }
        LITTLE_ENDIAN.set(to, out, (long) bits);
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

    /** The bits of a character where they stand in three little-endian bytes. */
    private static int[] position(final int position) {
        final int[] bits = new int[256];
        Arrays.fill(bits, -1);
        for (int i = 0; i < SEXTETS.length; i++) {
            if (SEXTETS[i] >= 0) {
                bits[i] = Integer.reverseBytes(SEXTETS[i] << 26 - 6 * position);
            }
        }
        return bits;
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
