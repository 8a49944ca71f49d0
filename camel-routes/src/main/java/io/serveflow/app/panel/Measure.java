/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is said of the documents of a row.
 *
 * @param label what stands over the column
 * @param field the field that is measured; empty where documents are counted
 * @param percent of a percentile, 0 to 100, else 0
 * @param only the documents of the row that count, if not all
 */
public record Measure(
        String label,
        Operation operation,
        Optional<String> field,
        double percent,
        Unit unit,
        Optional<Filter> only) {

    /** How it is measured. */
    public enum Operation {
        /** How many documents. */
        COUNT,
        /** How many values a field has. */
        DISTINCT,
        /** The mean of a number. */
        AVERAGE,
        /** The least of a number or time. */
        LEAST,
        /** The greatest of a number or time. */
        GREATEST,
        /** A percentile of a number. */
        PERCENTILE,
        /** The value in the latest document. */
        LATEST
    }

    /** How many documents. */
    static Measure count(final String label) {
        return new Measure(
                label, Operation.COUNT, Optional.empty(), 0, Unit.COUNT, Optional.empty());
    }

    /** How many of the documents a filter lets through. */
    static Measure count(final String label, final Filter only) {
        return new Measure(
                label, Operation.COUNT, Optional.empty(), 0, Unit.COUNT, Optional.of(only));
    }

    /** How many values a field has. */
    static Measure distinct(final String label, final String field) {
        return of(label, Operation.DISTINCT, field, Unit.COUNT);
    }

    /** A percentile of a number. */
    static Measure percentile(
            final String label, final String field, final double percent, final Unit unit) {
        return new Measure(
                label, Operation.PERCENTILE, Optional.of(field), percent, unit, Optional.empty());
    }

    /** Another measure of a field. */
    static Measure of(
            final String label, final Operation operation, final String field, final Unit unit) {
        return new Measure(label, operation, Optional.of(field), 0, unit, Optional.empty());
    }

    /** Whether it is the number of all documents of the row. */
    boolean countsAll() {
        return operation == Operation.COUNT && only.isEmpty();
    }

    /** The fields that it needs. */
    Stream<String> fields() {
        return Stream.concat(field.stream(), only.stream().flatMap(Filter::fields));
    }
}
