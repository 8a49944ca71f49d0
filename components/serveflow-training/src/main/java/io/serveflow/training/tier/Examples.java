/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.training.features.FeatureRows;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of features whose classes are known.
 *
 * @param labels the class of each row, 0 to {@code classes - 1}
 * @param columns what each column is called, as the encoder calls it
 * @param groups the group of each row; rows of one group were captured together
 */
public record Examples(
        FeatureRows rows, int[] labels, int classes, List<String> columns, List<String> groups) {

    public Examples {
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
    }

    /** Rows that are each a group of its own, of columns that are called by their numbers. */
    public Examples(final FeatureRows rows, final int[] labels, final int classes) {
        this(rows, labels, classes, numbered(rows.width()), numbered(rows.rows()));
    }

    private static List<String> numbered(final int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
