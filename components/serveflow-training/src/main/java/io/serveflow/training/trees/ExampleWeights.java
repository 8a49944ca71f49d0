/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import io.serveflow.training.tier.Examples;
import java.util.HashMap;
import java.util.Map;

/** How much each example counts in training, by its class and by its group. */
final class ExampleWeights {

    /** All flows of one class in one group. */
    private record Cell(String group, int label) {}

    private ExampleWeights() {}

    /**
     * A weight a row, 1 on average. A class half as frequent weighs {@code 2^balance} as much a
     * flow; within a class, a group of half as many flows of it weighs {@code 2^groupBalance} as
     * much a flow.
     */
    static float[] of(final Examples examples, final TreeSettings settings) {
        final int[] labels = examples.labels();
        final Map<Cell, Integer> sizes = new HashMap<>();
        final int[] counts = new int[examples.classes()];
        for (int row = 0; row < labels.length; row++) {
            sizes.merge(new Cell(examples.groups().get(row), labels[row]), 1, Integer::sum);
            counts[labels[row]]++;
        }
        final double[] weights = new double[labels.length];
        final double[] ofClass = new double[examples.classes()];
        for (int row = 0; row < labels.length; row++) {
            final int size = sizes.get(new Cell(examples.groups().get(row), labels[row]));
            weights[row] = Math.pow(size, -settings.groupBalance());
            ofClass[labels[row]] += weights[row];
        }
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            final int count = counts[labels[row]];
            weights[row] *=
                    count
                            / ofClass[labels[row]]
                            * Math.pow((double) labels.length / count, settings.balance());
            sum += weights[row];
        }
        final float[] scaled = new float[labels.length];
        for (int row = 0; row < labels.length; row++) {
            scaled[row] = (float) (weights[row] * labels.length / sum);
        }
        return scaled;
    }
}
