/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;

/**
 * Reads and writes the times of sensor logs exactly, in microseconds: a double would lose the last
 * digit of some, and most readers go through one.
 */
public final class SensorTime {

    private static final int MICRO_DIGITS = 6;
    private static final long MICROS = 1_000_000;
    private static final long MAX_MANTISSA = 100_000_000_000_000_000L;
    private static final int MAX_EXPONENT = 10_000;
    private static final long LAST_MICROS = 253_402_300_799_999_999L;
    private static final int DATE_AND_TIME = "2017-01-13T14:10:32".length();

    private SensorTime() {}

    /**
     * A moment, as seconds since the epoch or in ISO 8601 with its zone, such as {@code
     * 1484319032.865799}, {@code 2017-01-13T14:50:32.865799Z} or {@code
     * 2017-01-13T14:50:32.865799+0000}.
     *
     * @return microseconds since the epoch, between 1970 and 9999
     * @throws NumberFormatException if the text says no such moment
     */
    public static long epochMicros(final char[] text, final int from, final int length) {
        final long micros =
                length > DATE_AND_TIME && text[from + 4] == '-'
                        ? isoMicros(text, from, length)
                        : micros(text, from, length);
        if (micros < 0 || micros > LAST_MICROS) {
            throw new NumberFormatException("not between 1970 and 9999");
        }
        return micros;
    }

    /**
     * A decimal number of seconds as microseconds, rounded half up.
     *
     * @throws NumberFormatException if the text is no JSON number or leaves the range of a long
     */
    public static long micros(final char[] text, final int from, final int length) {
        final int end = from + length;
        int at = from;
        final boolean negative = at < end && text[at] == '-';
        if (negative) {
            at++;
        }
        long mantissa = 0;
        int exponent = 0;
        int digits = 0;
        boolean fraction = false;
        for (; at < end; at++) {
            final char c = text[at];
            if (c >= '0' && c <= '9') {
                digits++;
                if (mantissa < MAX_MANTISSA) {
                    mantissa = mantissa * 10 + (c - '0');
                    exponent -= fraction ? 1 : 0;
                } else {
                    exponent += fraction ? 0 : 1;
                }
            } else if (c == '.' && !fraction && digits > 0) {
                fraction = true;
            } else {
                break;
            }
        }
        if (digits == 0 || text[at - 1] == '.') {
            throw new NumberFormatException("no number");
        }
        if (at < end) {
            exponent += exponent(text, at, end);
        }
        final long micros = scaled(mantissa, exponent + MICRO_DIGITS);
        return negative ? -micros : micros;
    }

    /** Appends microseconds as seconds with six decimals. */
    public static void appendSeconds(final StringBuilder to, final long micros) {
        if (micros < 0) {
            to.append('-');
        }
        to.append(Math.abs(micros / MICROS)).append('.');
        final long fraction = Math.abs(micros % MICROS);
        for (long digit = MICROS / 10; digit > 0; digit /= 10) {
            to.append((char) ('0' + fraction / digit % 10));
        }
    }

    private static int exponent(final char[] text, final int from, final int end) {
        int at = from;
        if (text[at] != 'e' && text[at] != 'E') {
            throw new NumberFormatException("no number");
        }
        at++;
        final boolean negative = at < end && text[at] == '-';
        if (at < end && (text[at] == '-' || text[at] == '+')) {
            at++;
        }
        if (at == end) {
            throw new NumberFormatException("no number");
        }
        int exponent = 0;
        for (; at < end; at++) {
            exponent = Math.min(MAX_EXPONENT, exponent * 10 + digit(text[at]));
        }
        return negative ? -exponent : exponent;
    }

    /** A mantissa times a power of ten. */
    private static long scaled(final long mantissa, final int exponent) {
        long value = mantissa;
        if (exponent >= 0) {
            for (int i = 0; i < exponent && value != 0; i++) {
                if (value > Long.MAX_VALUE / 10) {
                    throw new NumberFormatException("out of range");
                }
                value *= 10;
            }
            return value;
        }
        for (int i = exponent; i < -1 && value != 0; i++) {
            value /= 10;
        }
        return (value + 5) / 10;
    }

    private static long isoMicros(final char[] text, final int from, final int length) {
        final int end = from + length;
        if (text[from + 7] != '-'
                || (text[from + 10] != 'T' && text[from + 10] != ' ')
                || text[from + 13] != ':'
                || text[from + 16] != ':') {
            throw new NumberFormatException("no ISO 8601 time");
        }
        final long seconds;
        try {
            final LocalDate date =
                    LocalDate.of(
                            number(text, from, 4),
                            number(text, from + 5, 2),
                            number(text, from + 8, 2));
            final LocalTime time =
                    LocalTime.of(
                            number(text, from + 11, 2),
                            number(text, from + 14, 2),
                            number(text, from + 17, 2));
            seconds = date.toEpochDay() * 86_400 + time.toSecondOfDay();
        } catch (final DateTimeException e) {
            throw new NumberFormatException(e.getMessage());
        }
        int at = from + DATE_AND_TIME;
        long micros = 0;
        if (text[at] == '.') {
            final int digits = ++at;
            while (at < end && text[at] >= '0' && text[at] <= '9') {
                at++;
            }
            micros = fraction(text, digits, at);
        }
        return seconds * MICROS + micros - zoneSeconds(text, at, end) * MICROS;
    }

    /** The digits behind a decimal point as microseconds, rounded half up. */
    private static long fraction(final char[] text, final int from, final int end) {
        if (from == end) {
            throw new NumberFormatException("no digits behind the point");
        }
        long tenths = 0;
        for (int i = 0; i <= MICRO_DIGITS; i++) {
            tenths = tenths * 10 + (from + i < end ? digit(text[from + i]) : 0);
        }
        return (tenths + 5) / 10;
    }

    /** {@code Z}, {@code +01:00}, {@code +0100} or {@code +01}. */
    private static long zoneSeconds(final char[] text, final int from, final int end) {
        final int length = end - from;
        if (length == 1 && text[from] == 'Z') {
            return 0;
        }
        final boolean colon = length == 6 && text[from + 3] == ':';
        if (!(colon || length == 5 || length == 3) || (text[from] != '+' && text[from] != '-')) {
            throw new NumberFormatException("no zone");
        }
        final int hours = number(text, from + 1, 2);
        final int minutes = length == 3 ? 0 : number(text, end - 2, 2);
        if (hours > 18 || minutes > 59) {
            throw new NumberFormatException("no zone");
        }
        final long seconds = hours * 3_600L + minutes * 60L;
        return text[from] == '-' ? -seconds : seconds;
    }

    private static int number(final char[] text, final int from, final int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            value = value * 10 + digit(text[i]);
        }
        return value;
    }

    private static int digit(final char c) {
        if (c < '0' || c > '9') {
            throw new NumberFormatException("no digit");
        }
        return c - '0';
    }
}
