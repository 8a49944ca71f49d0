/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.report;

import java.util.Arrays;
import java.util.Collection;

/** What several runs of a measurement say together. */
public record Summary(double median, double least, double most, double[] runs) {

    /**
     * @throws IllegalArgumentException if there are no runs
     */
    public static Summary of(final Collection<Double> runs) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to take the median of");
        }
        final double[] inOrder = runs.stream().mapToDouble(Double::doubleValue).toArray();
        final double[] sorted = inOrder.clone();
        Arrays.sort(sorted);
        final int n = sorted.length;
        return new Summary(
                (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1], inOrder);
    }
}
