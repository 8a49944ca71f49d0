/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.serveflow.training.notice.DiskFailure;
import io.serveflow.training.notice.Notices;
import io.serveflow.training.notice.TrainingException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * The rows of a CSV file with a header, which may be gzip-compressed, as what they mean.
 *
 * @param rows those that could be read, in order
 * @param unreadable how many could not
 */
record CsvRows<T>(List<T> rows, int unreadable) {

    /** Rows that cannot be read are reported under this name. */
    private static final String UNREADABLE = "unreadable rows";

    private static final CsvMapper CSV =
            CsvMapper.builder()
                    .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                    .enable(CsvParser.Feature.TRIM_SPACES)
                    .build();

    /**
     * A row.
     *
     * @param line where it is in its file, from 1
     * @param cells its values by column
     */
    record Row(long line, Map<String, String> cells) {

        /**
         * The value in a column.
         *
         * @throws IllegalArgumentException if there is none
         */
        String cell(final String column) {
            return find(column)
                    .orElseThrow(
                            () -> new IllegalArgumentException("column " + column + " is empty"));
        }

        /** The value in a column that may be missing or empty. */
        Optional<String> find(final String column) {
            return Optional.ofNullable(cells.get(column)).filter(value -> !value.isEmpty());
        }
    }

    /**
     * Reads a file. A row that cannot be read is counted and reported, and the rest goes on.
     *
     * @param kind what the file is, such as {@code labels file}
     * @param columns those that it must have
     * @param meaning what a row means; refuses one with an {@link IllegalArgumentException}
     * @throws TrainingException if the file cannot be opened, lacks a column or holds no row
     */
    static <T> CsvRows<T> read(
            final String kind,
            final Path file,
            final List<String> columns,
            final Notices notices,
            final Function<Row, T> meaning) {
        requireContent(kind, file);
        try (InputStream in = open(file);
                MappingIterator<Map<String, String>> lines =
                        CSV.readerForMapOf(String.class)
                                .with(CsvSchema.emptySchema().withHeader())
                                .readValues(in)) {
            requireColumns(kind, file, (CsvSchema) lines.getParserSchema(), columns);
            return read(kind, file, lines, notices, meaning);
        } catch (final IOException e) {
            final String reason = DiskFailure.reason(e).lines().findFirst().orElse("");
            throw new TrainingException(
                    "The " + kind + " " + file + " cannot be read: " + reason + ".", e);
        }
    }

    private static void requireContent(final String kind, final Path file) {
        final File stated = file.toFile();
        if (stated.isFile() && stated.length() == 0) {
            throw new TrainingException(
                    "The "
                            + kind
                            + " "
                            + file
                            + " is empty; it needs a header and one row a flow.");
        }
    }

    /** A file as a stream, unpacked if its name ends in {@code .gz}. */
    static InputStream open(final Path file) throws IOException {
        final InputStream in = Files.newInputStream(file);
        if (!file.getFileName().toString().endsWith(".gz")) {
            return in;
        }
        try {
            return new GZIPInputStream(in);
        } catch (final IOException e) {
            in.close();
            throw e;
        }
    }

    private static <T> CsvRows<T> read(
            final String kind,
            final Path file,
            final MappingIterator<Map<String, String>> lines,
            final Notices notices,
            final Function<Row, T> meaning)
            throws IOException {
        final List<T> rows = new ArrayList<>();
        int unreadable = 0;
        for (boolean more = true; more; ) {
            long line = 0;
            String problem = "";
            try {
                more = lines.hasNextValue();
                line = lines.getCurrentLocation().getLineNr();
                if (more) {
                    rows.add(meaning.apply(new Row(line, lines.nextValue())));
                }
            } catch (final JacksonException e) {
                line = e.getLocation().getLineNr();
                problem = e.getOriginalMessage();
            } catch (final IllegalArgumentException e) {
                problem = e.getMessage();
            }
            if (!problem.isEmpty()) {
                unreadable++;
                notices.add(
                        UNREADABLE,
                        "Row left out: " + file.getFileName() + " line " + line + ": " + problem);
            }
        }
        if (rows.isEmpty()) {
            throw new TrainingException(
                    "The "
                            + kind
                            + " "
                            + file
                            + " holds no readable row; it needs a header and one row a flow.");
        }
        return new CsvRows<>(List.copyOf(rows), unreadable);
    }

    private static void requireColumns(
            final String kind,
            final Path file,
            final CsvSchema header,
            final List<String> columns) {
        for (final String name : columns) {
            if (header.column(name) == null) {
                throw new TrainingException(
                        "The "
                                + kind
                                + " "
                                + file
                                + " has no column "
                                + name
                                + "; it needs "
                                + String.join(",", columns)
                                + ".");
            }
        }
    }
}
