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
 * A cursor over one line of JSON in the plain form in which machines write it: printable ASCII
 * without escapes and white space.
 *
 * <p>It reads in place and eight bytes at a time, as numbers whose lowest byte is the first. It
 * only says yes where a JSON parser would: whatever it refuses ({@link #NOT_PLAIN}, {@code false})
 * may still be JSON. A refusal leaves the cursor anywhere. Not safe for use by more than one
 * thread.
 */
final class PlainJson {

    /** In place of a number: what is there is none in the plain form. */
    static final int NOT_PLAIN = -1;

    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long TRUE = eight("true");
    private static final long TRUE_MASK = 0xffff_ffffL;
    private static final long FALSE = eight("false");
    private static final long FALSE_MASK = 0xff_ffff_ffffL;
    private static final long NULL = eight("null");

    private static final int MAX_SECONDS_DIGITS = 10;
    private static final int MAX_COUNT_DIGITS = 7;
    private static final long MICROS = 1_000_000;

    /** Jackson reads numbers of up to 1,000 characters. */
    private static final int MAX_NUMBER = 256;

    private byte[] bytes = {};
    private int at;
    private int end;
    private int from;
    private int to;
    private final char[] characters = new char[MAX_NUMBER];

    /** Moves to the beginning of a line. */
    void on(final byte[] line, final int lineStart, final int lineEnd) {
        bytes = line;
        at = lineStart;
        end = lineEnd;
    }

    /** Whether the line ends here. */
    boolean atEnd() {
        return at == end;
    }

    /** Passes over a character, if it is the next. */
    boolean skip(final char next) {
        final boolean there = next(next);
        if (there) {
            at++;
        }
        return there;
    }

    /** Whether a character is the next. */
    boolean next(final char next) {
        return at < end && bytes[at] == next;
    }

    /** Passes over bytes, if they are the next. */
    boolean skip(final byte[] next) {
        final int behind = at + next.length;
        final boolean there =
                behind <= end && Arrays.equals(bytes, at, behind, next, 0, next.length);
        if (there) {
            at = behind;
        }
        return there;
    }

    /** Passes over a string, whose text is then between {@link #from} and {@link #to}. */
    boolean text() {
        if (!next('"')) {
            return false;
        }
        from = at + 1;
        to = textEnd(from);
        at = to + 1;
        return at <= end && bytes[to] == '"';
    }

    /** Where the latest text begins in the line's array. */
    int from() {
        return from;
    }

    /** Where the latest text ends (exclusive) in the line's array. */
    int to() {
        return to;
    }

    /** Whether the latest text is this. */
    boolean is(final byte[] word) {
        return Arrays.equals(bytes, from, to, word, 0, word.length);
    }

    /** The latest text as a moment, microseconds since the epoch. */
    long moment() {
        final int length = to - from;
        if (length > MAX_NUMBER) {
            return NOT_PLAIN;
        }
        try {
            return SensorTime.epochMicros(chars(from, to), 0, length);
        } catch (final NumberFormatException e) {
            return NOT_PLAIN;
        }
    }

    /** Passes over a whole number of at most seven digits and returns it. */
    int count() {
        final long eight = eight(at);
        final int digits = digits(eight);
        if (digits == 0 || digits > MAX_COUNT_DIGITS || digits > 1 && (byte) eight == '0') {
            return NOT_PLAIN;
        }
        at += digits;
        return endsNumber() ? number(eight << (Long.SIZE - Byte.SIZE * digits)) : NOT_PLAIN;
    }

    /** Passes over a number of seconds, 0 or more, and returns it in microseconds, rounded. */
    long micros() {
        final int start = at;
        long seconds = 0;
        int i = at;
        while (i < end && isDigit(bytes[i])) {
            seconds = seconds * 10 + (bytes[i++] - '0');
            if (i - start > MAX_SECONDS_DIGITS) {
                return NOT_PLAIN;
            }
        }
        if (i == start || i > start + 1 && bytes[start] == '0') {
            return NOT_PLAIN;
        }
        long fraction = 0;
        if (i < end && bytes[i] == '.') {
            final long eight = eight(i + 1);
            final int digits = digits(eight);
            if (digits == 0) {
                return NOT_PLAIN;
            }
            fraction = number(digits == Long.BYTES ? eight : eight & ~(-1L << Byte.SIZE * digits));
            i += 1 + digits;
            if (digits == Long.BYTES) {
                i = digitsEnd(i);
            }
        }
        at = i;
        // Eight decimals, of which the two behind the microseconds round.
        return endsNumber() ? seconds * MICROS + (fraction + 50) / 100 : NOT_PLAIN;
    }

    /** Passes over a number of seconds as {@link #micros} does, also one with an exponent. */
    long microsOfAnyForm() {
        final int start = at;
        final long micros = micros();
        if (micros >= 0 || !next('e') && !next('E')) {
            return micros;
        }
        at = start;
        if (!skipNumber()) {
            return NOT_PLAIN;
        }
        try {
            return SensorTime.micros(chars(start, at), 0, at - start);
        } catch (final NumberFormatException e) {
            return NOT_PLAIN;
        }
    }

    /** Passes over {@code true} or {@code false} and returns 1 or 0. */
    int flag() {
        final long eight = eight(at);
        if ((eight & TRUE_MASK) == TRUE) {
            at += 4;
            return 1;
        }
        if ((eight & FALSE_MASK) == FALSE) {
            at += 5;
            return 0;
        }
        return NOT_PLAIN;
    }

    /**
     * Passes over a string of base64 and returns how many bytes it holds.
     *
     * @param decoded where they go, see {@link Base64Text#decodeToQuote}
     */
    int base64(final byte[] decoded, final int start) {
        if (!skip('"')) {
            return NOT_PLAIN;
        }
        final int length = Base64Text.decodeToQuote(bytes, at, end, decoded, start);
        if (length >= 0) {
            at += Base64Text.characters(length) + 1;
        }
        return length;
    }

    /** The most bytes of base64 that the rest of the line can hold. */
    int maxBytes() {
        return Base64Text.maxBytes(end - at) + Base64Text.SLACK;
    }

    /** Passes over a string, a number, a truth value or null. */
    boolean skipScalar() {
        if (at >= end) {
            return false;
        }
        return switch (bytes[at]) {
            case '"' -> text();
            case 't', 'f' -> flag() != NOT_PLAIN;
            case 'n' -> {
                final boolean there = (eight(at) & TRUE_MASK) == NULL;
                at += 4;
                yield there;
            }
            default -> skipNumber();
        };
    }

    private boolean skipNumber() {
        final int start = at;
        if (next('-')) {
            at++;
        }
        final int whole = at;
        at = digitsEnd(at);
        if (at == whole || at > whole + 1 && bytes[whole] == '0') {
            return false;
        }
        if (next('.')) {
            final int fraction = at + 1;
            at = digitsEnd(fraction);
            if (at == fraction) {
                return false;
            }
        }
        if (next('e') || next('E')) {
            at++;
            if (next('+') || next('-')) {
                at++;
            }
            final int exponent = at;
            at = digitsEnd(exponent);
            if (at == exponent) {
                return false;
            }
        }
        return at - start <= MAX_NUMBER && endsNumber();
    }

    /** Bytes as {@link SensorTime} reads them. */
    private char[] chars(final int start, final int behind) {
        for (int i = start; i < behind; i++) {
            characters[i - start] = (char) bytes[i];
        }
        return characters;
    }

    /** Whether what comes may follow a number. */
    private boolean endsNumber() {
        return next(',') || next(']') || next('}');
    }

    /** Index of the first byte that may not stand in a plain text; beyond the end if none is. */
    private int textEnd(final int start) {
        for (int i = start; ; i += Long.BYTES) {
            if (i >= end) {
                return end;
            }
            final long eight = eight(i);
            // Each term marks what it is about, and maybe bytes above a mark, never below.
            final long marks =
                    (zeros(eight ^ '"' * ONES)
                                    | zeros(eight ^ '\\' * ONES)
                                    | zeros(eight ^ 0x7f * ONES)
                                    | (eight - ' ' * ONES)
                                    | eight)
                            & HIGHS;
            if (marks != 0) {
                return i + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
    }

    private int digitsEnd(final int start) {
        for (int i = start; ; i += Long.BYTES) {
            final int digits = digits(eight(i));
            if (digits < Long.BYTES) {
                return i + digits;
            }
        }
    }

    /** How many of eight bytes are digits before the first that is none. */
    private static int digits(final long eight) {
        final long value = eight ^ '0' * ONES;
        final long marks = (value + 0x76 * ONES | value) & HIGHS;
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }

    /**
     * The number that eight digits are; a byte of 0 counts as the digit 0. Neighbours are joined to
     * numbers of two, four and eight digits.
     */
    private static int number(final long eight) {
        final long digits = eight & 0x0f * ONES;
        final long pairs = digits * 10 + (digits >>> 8);
        final long first = (pairs & 0x0000_00ff_0000_00ffL) * 0x000f_4240_0000_0064L;
        final long second = (pairs >>> 16 & 0x0000_00ff_0000_00ffL) * 0x0000_2710_0000_0001L;
        return (int) (first + second >>> 32);
    }

    private static long zeros(final long eight) {
        return eight - ONES & ~eight;
    }

    /** The eight bytes from an index on; 0 stands for those behind the array. */
    private long eight(final int index) {
        if (index <= bytes.length - Long.BYTES) {
            return (long) LITTLE_ENDIAN.get(bytes, index);
        }
        long eight = 0;
        for (int i = bytes.length - 1; i >= index; i--) {
            eight = eight << Byte.SIZE | bytes[i] & 0xff;
        }
        return eight;
    }

    private static long eight(final String word) {
        long eight = 0;
        for (int i = word.length() - 1; i >= 0; i--) {
            eight = eight << Byte.SIZE | word.charAt(i);
        }
        return eight;
    }

    private static boolean isDigit(final byte c) {
        return c >= '0' && c <= '9';
    }
}
