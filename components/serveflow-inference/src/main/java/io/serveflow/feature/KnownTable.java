/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A table of what is publicly known, which ships with the encoders: lines of a kind, what the line
 * is about, and words that are of that kind, apart by spaces.
 *
 * <p>A line that begins with {@code #} is a comment. A kind may have several lines. An encoder's
 * version names one state of its table: whoever changes a table gives the encoder a new version.
 *
 * @param kinds in the order in which the table names them first
 */
record KnownTable(List<String> kinds, List<Entry> entries) {

    /** Kinds are bits of an {@code int}. */
    private static final int MOST_KINDS = 31;

    /**
     * One line.
     *
     * @param kind its place among the kinds
     */
    record Entry(int kind, String about, List<String> words) {}

    /** Reads a table from beside this class. */
    static KnownTable read(final String resource) {
        final List<String> kinds = new ArrayList<>();
        final List<Entry> entries = new ArrayList<>();
        try (InputStream in = KnownTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new NoSuchElementException("the table " + resource + " is not in the jar");
            }
            final BufferedReader lines =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    entries.add(entry(line.split(",", -1), kinds));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        if (kinds.size() > MOST_KINDS) {
            throw new IllegalStateException(
                    resource + " has " + kinds.size() + " kinds, the limit is " + MOST_KINDS);
        }
        return new KnownTable(List.copyOf(kinds), List.copyOf(entries));
    }

    private static Entry entry(final String[] cells, final List<String> kinds) {
        if (!kinds.contains(cells[0])) {
            kinds.add(cells[0]);
        }
        return new Entry(kinds.indexOf(cells[0]), cells[1], List.of(cells[2].split(" +")));
    }
}
