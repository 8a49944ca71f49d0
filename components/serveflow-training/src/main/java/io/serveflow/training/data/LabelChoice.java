/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.training.notice.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which columns of a labels file are label, finer label and group of a row.
 *
 * @param classes says the label; without one the column {@code label} does
 * @param groupBy columns whose values together are the group; none for the column {@code group}
 */
record LabelChoice(Optional<ClassMap> classes, List<String> groupBy) {

    private static final String LABEL = "label";
    private static final String GROUP = "group";
    private static final String SOURCE_LABEL = "source_label";

    /** The columns {@code label} and {@code group}. */
    static final LabelChoice PLAIN = new LabelChoice(Optional.empty(), List.of());

    /** The given columns of a labels file and those that this choice needs. */
    List<String> needed(final List<String> columns) {
        final List<String> all = new ArrayList<>(columns);
        all.addAll(classes.map(ClassMap::columns).orElse(List.of(LABEL)));
        all.addAll(groupBy);
        return all.stream().distinct().toList();
    }

    /** The label of a row; empty if the class map has none for it. */
    Optional<String> label(final CsvRows.Row row) {
        return classes.isPresent() ? classes.get().of(row) : Optional.of(row.cell(LABEL));
    }

    /** A finer label, or nothing: what the sensor said, or what a class was made of. */
    String application(final CsvRows.Row row) {
        return row.find(SOURCE_LABEL)
                .or(() -> classes.isPresent() ? row.find(LABEL) : Optional.empty())
                .orElse("");
    }

    /** The group of a row, if its columns say one. */
    Optional<String> group(final CsvRows.Row row) {
        return groupBy.isEmpty()
                ? row.find(GROUP)
                : Optional.of(groupBy.stream().map(row::cell).collect(Collectors.joining("/")));
    }

    /** Reports how many rows are of no class. */
    static void tellUnmatched(final int rows, final int of, final TrainingListener listener) {
        if (rows > 0) {
            listener.notice(
                    rows
                            + " of "
                            + of
                            + " rows are of no class of the class map and are left out.");
        }
    }
}
