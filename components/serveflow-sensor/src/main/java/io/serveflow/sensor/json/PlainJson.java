/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import io.serveflow.sensor.line.SensorTime;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON of one line in the plain form in which machines write it: printable ASCII without
 * escapes and white space.
 *
 * <p>It reads in place and eight bytes at a time, as numbers whose lowest byte is the first. Each
 * reading method is given an index and returns the one behind what it read, or {@link #NOT_PLAIN};
 * a value is in {@link #value()} then. It only says yes where a JSON parser would, and whatever it
 * refuses may still be JSON. Not safe for use by more than one thread.
 */
public final class PlainJson {

    /**
     * Instead of an index: what is there is not in the plain form. It is among the zeros in front
     * of the line, where nothing is found.
     */
    public static final int NOT_PLAIN = 0;

    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long TRUE = Word.of("true").first();
    private static final long FALSE = Word.of("false").first();
    private static final long FALSE_MASK = 0xff_ffff_ffffL;

    /** The bit that a {@code t} has and an {@code f} has not. */
    private static final int TRUE_BIT = 4;

    private static final Word NULL = Word.of("null");

    private static final int MAX_SECONDS_DIGITS = 10;
    private static final int MAX_COUNT_DIGITS = 7;
    private static final int MAX_WHOLE_DIGITS = 18;
    private static final long MICROS = 1_000_000;

    /** Jackson reads numbers of up to 1,000 characters. */
    private static final int MAX_NUMBER = 256;

    /** Where the line begins: no word that is looked for at {@link #NOT_PLAIN} reaches it. */
    private static final int BEGINNING = 2 * Long.BYTES;

    /** What may be looked at behind the end of the line. */
    private static final int ZEROS_BEHIND = 4 * Long.BYTES;

    private final char[] characters = new char[MAX_NUMBER];

    /** The line, with zeros in front of it and behind, which end everything that is read. */
    private byte[] bytes = {};

    private int end;
    private long value;

    /**
     * Up to sixteen bytes that are compared as two numbers.
     *
     * @param firstMask the bytes of the first number that count
     */
    public record Word(long first, long firstMask, long second, long secondMask, int length) {

        public static final int MAX_LENGTH = 2 * Long.BYTES;

        public static Word of(final String ascii) {
            final int length = ascii.length();
            final byte[] bytes =
                    Arrays.copyOf(ascii.getBytes(StandardCharsets.US_ASCII), MAX_LENGTH);
            return new Word(
                    part(bytes, 0, length),
                    mask(length),
                    part(bytes, Long.BYTES, length),
                    mask(length - Long.BYTES),
                    length);
        }

        /**
         * The first of the numbers of a range; of what is behind its eighth byte, the second.
         *
         * @param bytes with eight at least from the index on
         */
        public static long part(final byte[] bytes, final int from, final int to) {
            return (long) LITTLE_ENDIAN.get(bytes, from) & mask(to - from);
        }

        boolean begins(final long eight) {
            return ((eight ^ first) & firstMask) == 0;
        }

        boolean ends(final long eightBehind) {
            return ((eightBehind ^ second) & secondMask) == 0;
        }

        private static long mask(final int bytes) {
            if (bytes <= 0) {
                return 0;
            }
            return bytes >= Long.BYTES ? -1L : ~(-1L << Byte.SIZE * bytes);
        }
    }

    /**
     * Takes the line that is read from now on, as a copy that has zeros around it.
     *
     * @return the index of its first byte in {@link #bytes()}
     */
    public int on(final byte[] line, final int start, final int lineEnd) {
        final int length = lineEnd - start;
        if (bytes.length - BEGINNING - ZEROS_BEHIND < length) {
            bytes = new byte[Math.max(BEGINNING + length + ZEROS_BEHIND, 2 * bytes.length)];
        }
        end = BEGINNING + length;
        System.arraycopy(line, start, bytes, BEGINNING, length);
        for (int i = end; i < end + ZEROS_BEHIND; i += Long.BYTES) {
            LITTLE_ENDIAN.set(bytes, i, 0L);
        }
        return BEGINNING;
    }

    /** The array in which the indices are. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether the line ends there. */
    public boolean isEnd(final int at) {
        return at == end;
    }

    /** The number or truth value (1 or 0) that was read last, or the length of the base64. */
    public long value() {
        return value;
    }

    /** Whether a character is there. */
    public boolean is(final char expected, final int at) {
        return bytes[at] == expected;
    }

    /** Whether a word is there. */
    public boolean is(final Word expected, final int at) {
        return expected.begins(eight(at))
                && (expected.secondMask == 0 || expected.ends(eight(at + Long.BYTES)));
    }

    /** Reads a string; its text lies between the quotes. */
    public int text(final int at) {
        if (!is('"', at)) {
            return NOT_PLAIN;
        }
        final int quote = textEnd(at + 1);
        return is('"', quote) ? quote + 1 : NOT_PLAIN;
    }

    /** Reads a string that says a moment, as microseconds since the epoch. */
    public int moment(final int at) {
        final int behind = text(at);
        if (behind == NOT_PLAIN || behind - at > MAX_NUMBER) {
            return NOT_PLAIN;
        }
        try {
            value = SensorTime.epochMicros(characters(at + 1, behind - 1), 0, behind - at - 2);
            return behind;
        } catch (final NumberFormatException e) {
            return NOT_PLAIN;
        }
    }

    /** Reads a whole number of at most seven digits. */
    public int count(final int at) {
        final long eight = eight(at);
        final int digits = digits(eight);
        if (digits == 0 || digits > MAX_COUNT_DIGITS || digits > 1 && (byte) eight == '0') {
            return NOT_PLAIN;
        }
        value = number(eight << Long.SIZE - Byte.SIZE * digits);
        return at + digits;
    }

    /** Reads a whole number of at most eighteen digits. */
    public int wholeNumber(final int at) {
        final int behind = digitsEnd(at);
        if (behind == at || behind - at > MAX_WHOLE_DIGITS || behind > at + 1 && is('0', at)) {
            return NOT_PLAIN;
        }
        long number = 0;
        for (int i = at; i < behind; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        value = number;
        return behind;
    }

    /** Reads a number of seconds, 0 or more and without exponent, as microseconds, rounded. */
    public int seconds(final int at) {
        // Most intervals are shorter than ten seconds.
        final boolean oneDigit = isDigit(bytes[at]) && bytes[at + 1] == '.';
        final int whole = oneDigit ? at + 1 : wholeSeconds(at);
        final long seconds = oneDigit ? bytes[at] - '0' : value;
        if (!is('.', whole)) {
            value = seconds * MICROS;
            return whole;
        }
        final long decimals = eight(whole + 1);
        final int digits = digits(decimals);
        if (digits == 0) {
            return NOT_PLAIN;
        }
        // The digits that are missing behind are zeros; of the eight two round the microseconds.
        final long fraction = number(decimals & -1L >>> Long.SIZE - Byte.SIZE * digits);
        value = seconds * MICROS + (fraction + 50) / 100;
        final int behind = whole + 1 + digits;
        return digits == Long.BYTES ? digitsEnd(behind) : behind;
    }

    private int wholeSeconds(final int at) {
        final long eight = eight(at);
        final int digits = digits(eight);
        if (digits == 0 || digits > 1 && (byte) eight == '0') {
            return NOT_PLAIN;
        }
        long seconds = number(eight << Long.SIZE - Byte.SIZE * digits);
        int behind = at + digits;
        if (digits == Long.BYTES) {
            while (isDigit(bytes[behind])) {
                seconds = seconds * 10 + (bytes[behind++] - '0');
                if (behind - at > MAX_SECONDS_DIGITS) {
                    return NOT_PLAIN;
                }
            }
        }
        value = seconds;
        return behind;
    }

    /** Reads a number of seconds as {@link #seconds} does, also one with a sign or exponent. */
    public int secondsInAnyForm(final int at) {
        final int behind = seconds(at);
        return behind == NOT_PLAIN || isExponent(behind) ? secondsByCharacters(at) : behind;
    }

    private int secondsByCharacters(final int at) {
        final int behind = number(at);
        if (behind == NOT_PLAIN) {
            return NOT_PLAIN;
        }
        try {
            value = SensorTime.micros(characters(at, behind), 0, behind - at);
            return behind;
        } catch (final NumberFormatException e) {
            return NOT_PLAIN;
        }
    }

    /** Reads {@code true} or {@code false}. */
    public int flag(final int at) {
        final long eight = eight(at);
        // Which it is cannot be predicted, so it is computed without a branch.
        final int flag = (int) eight >>> TRUE_BIT & 1;
        final long different = eight ^ FALSE ^ (TRUE ^ FALSE) & -flag;
        value = flag;
        return (different & FALSE_MASK >>> Byte.SIZE * flag) == 0 ? at + 5 - flag : NOT_PLAIN;
    }

    /**
     * Reads a string of base64.
     *
     * @param decoded where its bytes go, see {@link Base64Text#decodeToQuote}
     */
    public int base64(final int at, final byte[] decoded, final int start) {
        if (!is('"', at)) {
            return NOT_PLAIN;
        }
        final int length = Base64Text.decodeToQuote(bytes, at + 1, decoded, start);
        value = length;
        return length < 0 ? NOT_PLAIN : at + 2 + Base64Text.characters(length);
    }

    /** The most bytes of base64 that the line can hold from an index on, with its slack. */
    public int mostBytes(final int at) {
        return Base64Text.maxBytes(end - at) + Base64Text.SLACK;
    }

    /** Reads a string, a number, a truth value or null. */
    public int scalar(final int at) {
        return switch (bytes[at]) {
            case '"' -> text(at);
            case 't', 'f' -> flag(at);
            case 'n' -> is(NULL, at) ? at + NULL.length() : NOT_PLAIN;
            default -> number(at);
        };
    }

    private int number(final int at) {
        final int whole = is('-', at) ? at + 1 : at;
        int behind = digitsEnd(whole);
        if (behind == whole || behind > whole + 1 && bytes[whole] == '0') {
            return NOT_PLAIN;
        }
        if (is('.', behind)) {
            final int fraction = behind + 1;
            behind = digitsEnd(fraction);
            if (behind == fraction) {
                return NOT_PLAIN;
            }
        }
        if (isExponent(behind)) {
            final int sign = behind + 1;
            final int exponent = is('+', sign) || is('-', sign) ? sign + 1 : sign;
            behind = digitsEnd(exponent);
            if (behind == exponent) {
                return NOT_PLAIN;
            }
        }
        return behind - at <= MAX_NUMBER ? behind : NOT_PLAIN;
    }

    private boolean isExponent(final int at) {
        return is('e', at) || is('E', at);
    }

    /** Bytes as {@link SensorTime} reads them. */
    private char[] characters(final int from, final int to) {
        for (int i = from; i < to; i++) {
            characters[i - from] = (char) bytes[i];
        }
        return characters;
    }

    /** Index of the first byte that may not stand in a plain text, a zero behind it at last. */
    private int textEnd(final int start) {
        for (int at = start; ; at += Long.BYTES) {
            final long marks = textEndMarks(eight(at));
            if (marks != 0) {
                return at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
    }

    /** Marks what may not stand in a plain text, and maybe bytes above a mark, never below. */
    private static long textEndMarks(final long eight) {
        return (zeros(eight ^ '"' * ONES)
                        | zeros(eight ^ '\\' * ONES)
                        | (eight - ' ' * ONES)
                        | (eight + ONES)
                        | eight)
                & HIGHS;
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

    private long eight(final int index) {
        return (long) LITTLE_ENDIAN.get(bytes, index);
    }

    private static boolean isDigit(final byte c) {
        return c >= '0' && c <= '9';
    }
}
