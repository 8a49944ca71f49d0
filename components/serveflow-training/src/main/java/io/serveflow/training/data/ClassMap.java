/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.training.notice.Notices;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which class the rows of a labels file are of: a CSV file with the column {@code class} and others
 * that name columns of the labels file. A row is of the class whose values it has in all of them.
 *
 * @param columns the columns that decide, sorted
 * @param classes the class by the values in these columns
 */
public record ClassMap(List<String> columns, Map<List<String>, String> classes) {

    static final String CLASS = "class";

    private record Line(Map<String, String> values, String name) {}

    /**
     * Reads a class map.
     *
     * @throws TrainingException if a row cannot be used, or two say the same of the same values
     */
    public static ClassMap read(final Path file, final TrainingListener listener) {
        final Notices notices = new Notices(listener);
        final CsvRows<Line> lines =
                CsvRows.read(
                        "class map",
                        file,
                        List.of(CLASS),
                        notices,
                        row -> {
                            final Map<String, String> values = new TreeMap<>(row.cells());
                            values.remove(CLASS);
                            values.keySet().forEach(row::cell);
                            return new Line(values, row.cell(CLASS));
                        });
        notices.finish();
        if (lines.unreadable() > 0) {
            throw new TrainingException(
                    "The class map "
                            + file
                            + " has "
                            + lines.unreadable()
                            + " row(s) without a value in every column; fill them in.");
        }
        final List<String> columns = List.copyOf(lines.rows().get(0).values().keySet());
        if (columns.isEmpty()) {
            throw new TrainingException(
                    "The class map "
                            + file
                            + " has no column but class; add those of the labels that decide.");
        }
        final Map<List<String>, String> classes = new HashMap<>();
        for (final Line line : lines.rows()) {
            final List<String> values = new ArrayList<>(line.values().values());
            if (classes.put(values, line.name()) != null) {
                throw new TrainingException(
                        "The class map "
                                + file
                                + " has two rows for "
                                + String.join(",", values)
                                + "; keep one.");
            }
        }
        return new ClassMap(columns, Map.copyOf(classes));
    }

    /** The class of a row, if it has one. */
    Optional<String> of(final CsvRows.Row row) {
        return Optional.ofNullable(
                classes.get(columns.stream().map(name -> row.find(name).orElse("")).toList()));
    }
}
