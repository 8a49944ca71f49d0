/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Reads the TSV form of Zeek's {@code serveflow} log: header lines begin with {@code #} and say the
 * separators and columns of the rows below them.
 *
 * <p>The form is that of Zeek's ASCII writer: bytes that would be taken for a separator are written
 * as {@code \xHH}. A header may come again, as it does where logs were joined.
 */
final class ZeekTsv {

    private static final ZeekField[] FIELDS = ZeekField.values();

    private byte separator = '\t';
    private byte setSeparator = ',';
    private byte[] empty = ascii("(empty)");
    private byte[] unset = ascii("-");

    /** What each column holds; null is a column that means nothing here. */
    private ZeekField[] columns = {};

    private char[] cell = new char[4096];

    /** Whether a header has named the columns. */
    boolean hasColumns() {
        return columns.length > 0;
    }

    /** Takes a line that begins with {@code #}. */
    void header(final byte[] bytes, final int start, final int end) throws BadLineException {
        final String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        if (line.startsWith("#separator ")) {
            columns = new ZeekField[0];
            separator = separator("#separator", line.substring("#separator ".length()));
            return;
        }
        final int nameEnd = line.indexOf(separator);
        final String value = nameEnd < 0 ? "" : line.substring(nameEnd + 1);
        switch (nameEnd < 0 ? line : line.substring(0, nameEnd)) {
            case "#set_separator" -> setSeparator = separator("#set_separator", value);
            case "#empty_field" -> empty = ascii(unescaped(value));
            case "#unset_field" -> unset = ascii(unescaped(value));
            case "#fields" -> columns = columns(value);
            default -> {
                // #path, #open, #close, #types: what they say is known or not needed.
            }
        }
    }

    /** Reads a row below a header. */
    void read(final byte[] bytes, final int start, final int end, final ZeekRow row)
            throws BadLineException {
        if (!hasColumns()) {
            throw new BadLineException(
                    BadLineException.BAD_JSON,
                    "the line is no JSON object, and no #fields line above it names columns");
        }
        if (cell.length < end - start) {
            cell = new char[Math.max(end - start, cell.length * 2)];
        }
        final int width = width(bytes, start, end);
        if (width != columns.length) {
            throw new BadLineException(
                    BadLineException.BAD_TSV,
                    "the row has " + width + " columns, but #fields names " + columns.length);
        }
        int from = start;
        for (final ZeekField column : columns) {
            final int to = indexOf(separator, bytes, from, end);
            if (column != null) {
                readCell(column, bytes, from, to, row);
            }
            from = to + 1;
        }
    }

    private int width(final byte[] bytes, final int start, final int end) {
        int width = 1;
        for (int i = start; i < end; i++) {
            width += bytes[i] == separator ? 1 : 0;
        }
        return width;
    }

    private void readCell(
            final ZeekField field,
            final byte[] bytes,
            final int from,
            final int to,
            final ZeekRow row)
            throws BadLineException {
        if (is(unset, bytes, from, to)) {
            return;
        }
        if (!field.vector()) {
            row.set(field, cell, 0, unescape(bytes, from, to));
            return;
        }
        row.begin(field);
        int elementFrom = from;
        while (elementFrom <= to) {
            final int elementTo = indexOf(setSeparator, bytes, elementFrom, to);
            // Both an empty vector and a vector of one empty text are written so; a record has no
            // empty vectors.
            final int length =
                    is(empty, bytes, elementFrom, elementTo)
                            ? 0
                            : unescape(bytes, elementFrom, elementTo);
            row.add(field, cell, 0, length);
            elementFrom = elementTo + 1;
        }
    }

    /** Puts the characters that a cell means at the start of {@link #cell}; returns how many. */
    private int unescape(final byte[] bytes, final int from, final int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] != '\\') {
                cell[length++] = (char) (bytes[i] & 0xff);
            } else if (i + 3 < to && bytes[i + 1] == 'x' && hex(bytes, i + 2) >= 0) {
                cell[length++] = (char) hex(bytes, i + 2);
                i += 3;
            } else {
                cell[length++] = '\\';
                i += i + 1 < to && bytes[i + 1] == '\\' ? 1 : 0;
            }
        }
        return length;
    }

    private String unescaped(final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (cell.length < bytes.length) {
            cell = new char[bytes.length];
        }
        return new String(cell, 0, unescape(bytes, 0, bytes.length));
    }

    private byte separator(final String header, final String value) throws BadLineException {
        final String separator = unescaped(value);
        if (separator.length() != 1 || separator.charAt(0) > '~') {
            throw new BadLineException(
                    BadLineException.BAD_TSV,
                    header + " is '" + value + "'; it must be one ASCII character");
        }
        return (byte) separator.charAt(0);
    }

    private ZeekField[] columns(final String names) {
        final String[] keys = names.split(Pattern.quote(String.valueOf((char) separator)), -1);
        final ZeekField[] named = new ZeekField[keys.length];
        for (int i = 0; i < keys.length; i++) {
            for (final ZeekField field : FIELDS) {
                if (field.key().equals(keys[i])) {
                    named[i] = field;
                }
            }
        }
        return named;
    }

    private static int indexOf(
            final byte wanted, final byte[] bytes, final int from, final int end) {
        int i = from;
        while (i < end && bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    private static boolean is(final byte[] word, final byte[] bytes, final int from, final int to) {
        return to - from == word.length && Arrays.equals(word, 0, word.length, bytes, from, to);
    }

    private static int hex(final byte[] bytes, final int at) {
        final int high = Character.digit(bytes[at], 16);
        final int low = Character.digit(bytes[at + 1], 16);
        return (high | low) < 0 ? -1 : high << 4 | low;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
