/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

/**
 * What stands before the content of each line of a format, by which a line is known without its
 * keys: some digits and a brace, or a text.
 */
public final class LinePrefix {

    /** Stands for any digit. */
    private static final char DIGIT = '\0';

    private final char[] pattern;

    private LinePrefix(final char[] pattern) {
        this.pattern = pattern;
    }

    /** So many decimal digits, then a JSON object. */
    public static LinePrefix digits(final int count) {
        final char[] pattern = new char[count + 1];
        pattern[count] = '{';
        return new LinePrefix(pattern);
    }

    /**
     * A text.
     *
     * @param ascii of which the first character is none that begins other lines: a brace, a number
     *     sign or a digit
     */
    public static LinePrefix text(final String ascii) {
        if (ascii.isEmpty()
                || "{#".indexOf(ascii.charAt(0)) >= 0
                || isDigit(ascii.charAt(0))
                || !ascii.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    "a prefix must be printable ASCII and begin neither with a brace, nor a number"
                            + " sign, nor a digit, was '"
                            + ascii
                            + "'");
        }
        return new LinePrefix(ascii.toCharArray());
    }

    /** Whether bytes begin with it. */
    public boolean isAt(final byte[] bytes, final int start, final int end) {
        if (end - start < pattern.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (!matches((char) (bytes[start + i] & 0xff), pattern[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether characters begin with it. */
    public boolean isAt(final char[] text, final int start, final int end) {
        if (end - start < pattern.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (!matches(text[start + i], pattern[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(final char c, final char wanted) {
        return wanted == DIGIT ? isDigit(c) : c == wanted;
    }

    private static boolean isDigit(final char c) {
        return c >= '0' && c <= '9';
    }
}
