/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Reads whole numbers as sensors write them and as shippers make them: {@code 443}, and where a
 * script of the shipper holds every number as a double, {@code 443.0} and {@code 1.5e3}, or as
 * text, {@code "443"}.
 */
public final class WholeNumber {

    /** There is no whole number, or one of more than 18 digits. */
    static final long NONE = -1;

    /** There is one below 0. */
    public static final long NEGATIVE = -2;

    private static final int MAX_DIGITS = 18;

    /** More characters than a double is ever written with. */
    private static final int MAX_CHARACTERS = 64;

    private WholeNumber() {}

    /** The number, 0 or more, or {@link #NONE} or {@link #NEGATIVE}. */
    public static long of(final char[] text, final int from, final int length) {
        long value = length == 0 || length > MAX_DIGITS ? NONE : 0;
        for (int i = from; i < from + length && value >= 0; i++) {
            value = text[i] < '0' || text[i] > '9' ? NONE : value * 10 + (text[i] - '0');
        }
        return value == NONE ? ofDecimal(text, from, length) : value;
    }

    /** The number that a JSON value is, as number or text. */
    public static long of(final JsonParser parser) throws IOException {
        return isNumberOrText(parser.currentToken())
                ? of(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength())
                : NONE;
    }

    /** Whether a JSON value may hold a number. */
    public static boolean isNumberOrText(final JsonToken token) {
        return token.isNumeric() || token == JsonToken.VALUE_STRING;
    }

    private static long ofDecimal(final char[] text, final int from, final int length) {
        if (length == 0 || length > MAX_CHARACTERS || text[from] == '+') {
            return NONE;
        }
        try {
            final BigDecimal number = new BigDecimal(text, from, length);
            if (number.signum() < 0) {
                return NEGATIVE;
            }
            // The exponent may be of any size, so the number is looked at before it is written out.
            return number.signum() == 0 ? 0 : shortOf(number);
        } catch (final ArithmeticException | NumberFormatException e) {
            return NONE;
        }
    }

    private static long shortOf(final BigDecimal number) {
        final long digits = (long) number.precision() - number.scale();
        return digits < 1 || digits > MAX_DIGITS ? NONE : number.longValueExact();
    }
}
