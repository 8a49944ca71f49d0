/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.terminal;

/**
 * Text from a sensor or an operator made fit for a terminal and a log: what could move a cursor,
 * change a title or begin a line of its own is written as an escape.
 */
public final class PlainText {

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int DELETE = 0x7f;
    private static final int LAST_C1 = 0x9f;

    private PlainText() {}

    /** The text on one line, control characters as {@code \\n}, {@code \\t} or {@code \\u001b}. */
    public static String of(final String text) {
        return escaped(text, false);
    }

    /** The same with its line breaks and tabs, for text of our own that has several lines. */
    public static String lines(final String text) {
        return escaped(text, true);
    }

    private static String escaped(final String text, final boolean lines) {
        int i = 0;
        while (i < text.length() && !isControl(text.charAt(i), lines)) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        final StringBuilder plain = new StringBuilder(text.length() + 16).append(text, 0, i);
        for (; i < text.length(); i++) {
            final char letter = text.charAt(i);
            if (!isControl(letter, lines)) {
                plain.append(letter);
                continue;
            }
            switch (letter) {
                case '\n' -> plain.append("\\n");
                case '\r' -> plain.append("\\r");
                case '\t' -> plain.append("\\t");
                default -> plain.append("\\u%04x".formatted((int) letter));
            }
        }
        return plain.toString();
    }

    /** C0, DEL, C1, the line separators of Unicode, and what turns the direction of text round. */
    private static boolean isControl(final char letter, final boolean lines) {
        if ((letter == '\n' || letter == '\t') && lines) {
            return false;
        }
        return letter < FIRST_PRINTABLE
                || letter >= DELETE && letter <= LAST_C1
                || letter >= '\u2028' && letter <= '\u202e'
                || letter >= '\u2066' && letter <= '\u2069'
                || letter == '\u200e'
                || letter == '\u200f'
                || letter == '\ufeff';
    }
}
