/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.tsv;

import io.serveflow.sensor.line.BadLineException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the header lines of a Zeek log in TSV say of the rows below them: separators, the words for
 * empty and unset, and the names of the columns.
 *
 * <p>The form is that of Zeek's ASCII writer: bytes that would be taken for a separator are written
 * as {@code \xHH}. A header may come again, as it does where logs were joined.
 */
public final class ZeekTsvForm {

    private byte separator = '\t';
    private byte setSeparator = ',';
    private byte[] empty = ascii("(empty)");
    private byte[] unset = ascii("-");
    private List<String> names = List.of();
    private String path = "";
    private char[] cell = {};

    /** Whether a header has named the columns. */
    public boolean hasColumns() {
        return !names.isEmpty();
    }

    /** The names of the columns, in order. */
    public List<String> names() {
        return names;
    }

    /** What {@code #path} says, or what is given if there was none since {@code #separator}. */
    public String path(final String otherwise) {
        return path.isEmpty() ? otherwise : path;
    }

    /** Takes a line that begins with {@code #}; returns whether it changed the columns. */
    public boolean header(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        final String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        if (line.startsWith("#separator ")) {
            names = List.of();
            path = "";
            separator = separator("#separator", line.substring("#separator ".length()));
            return true;
        }
        final int nameEnd = line.indexOf(separator);
        final String value = nameEnd < 0 ? "" : line.substring(nameEnd + 1);
        switch (nameEnd < 0 ? line : line.substring(0, nameEnd)) {
            case "#set_separator" -> setSeparator = separator("#set_separator", value);
            case "#empty_field" -> empty = ascii(unescaped(value));
            case "#unset_field" -> unset = ascii(unescaped(value));
            case "#path" -> path = unescaped(value).strip();
            case "#fields" -> {
                final String between = Pattern.quote(String.valueOf((char) separator));
                names = List.of(value.split(between, -1));
                return true;
            }
            default -> {
                // #open, #close, #types: what they say is known or not needed.
            }
        }
        return false;
    }

    /** Checks that a row has as many cells as there are columns. */
    public void requireWidth(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        if (!hasColumns()) {
            throw new BadLineException(
                    BadLineException.BAD_JSON,
                    "the line is no JSON object, and no #fields line above it names columns");
        }
        int width = 1;
        for (int i = start; i < end; i++) {
            width += bytes[i] == separator ? 1 : 0;
        }
        if (width != names.size()) {
            throw new BadLineException(
                    BadLineException.BAD_TSV,
                    "the row has " + width + " columns, but #fields names " + names.size());
        }
    }

    /** Where the cell that begins at {@code from} ends (exclusive). */
    public int cellEnd(final byte[] bytes, final int from, final int end) {
        return indexOf(separator, bytes, from, end);
    }

    /** Where the element of a set that begins at {@code from} ends (exclusive). */
    public int elementEnd(final byte[] bytes, final int from, final int end) {
        return indexOf(setSeparator, bytes, from, end);
    }

    public boolean isUnset(final byte[] bytes, final int from, final int to) {
        return is(unset, bytes, from, to);
    }

    public boolean isEmpty(final byte[] bytes, final int from, final int to) {
        return is(empty, bytes, from, to);
    }

    /** The array at whose start {@link #unescape} has put the characters of a cell. */
    public char[] cell() {
        return cell;
    }

    /** Puts the characters that a cell means at the start of {@link #cell}; returns how many. */
    public int unescape(final byte[] bytes, final int from, final int to) {
        if (cell.length < to - from) {
            cell = new char[Math.max(to - from, cell.length * 2)];
        }
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
        final int length = unescape(bytes, 0, bytes.length); // may replace the cell
        return new String(cell, 0, length);
    }

    private byte separator(final String header, final String value) throws BadLineException {
        final String text = unescaped(value);
        if (text.length() != 1 || text.charAt(0) > '~') {
            throw new BadLineException(
                    BadLineException.BAD_TSV,
                    header
                            + " is '"
                            + BadLineException.shown(value)
                            + "'; it must be one ASCII character");
        }
        return (byte) text.charAt(0);
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
