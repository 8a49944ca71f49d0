/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How much more often one way of answering is right than another, with what chance alone may make
 * of it.
 *
 * @param accuracy the difference in accuracy on the flows at hand
 * @param low the 2.5th percentile of that difference on resampled groups
 * @param high the 97.5th percentile
 */
public record Gain(double accuracy, double low, double high) {

    private static final int RESAMPLES = 1_000;
    private static final double TAIL = 0.025;

    /**
     * Compares two ways of answering the same flows. Whole groups are resampled, because flows of a
     * group are right or wrong together (bootstrap of clusters).
     *
     * @param right whether the one is right about each flow
     * @param other whether the other is
     * @param groups the group of each flow
     */
    public static Gain of(
            final boolean[] right,
            final boolean[] other,
            final List<String> groups,
            final long seed) {
        final Map<String, int[]> byGroup = new LinkedHashMap<>();
        for (int i = 0; i < right.length; i++) {
            final int[] sum = byGroup.computeIfAbsent(groups.get(i), group -> new int[2]);
            sum[0] += (right[i] ? 1 : 0) - (other[i] ? 1 : 0);
            sum[1]++;
        }
        final List<int[]> sums = new ArrayList<>(byGroup.values());
        final Random random = new Random(seed);
        final double[] differences = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            differences[i] =
                    difference(
                            random.ints(sums.size(), 0, sums.size()).mapToObj(sums::get).toList());
        }
        Arrays.sort(differences);
        return new Gain(
                difference(sums),
                differences[(int) (TAIL * RESAMPLES)],
                differences[(int) ((1 - TAIL) * RESAMPLES)]);
    }

    private static double difference(final List<int[]> sums) {
        long gained = 0;
        long flows = 0;
        for (final int[] sum : sums) {
            gained += sum[0];
            flows += sum[1];
        }
        return flows == 0 ? 0 : (double) gained / flows;
    }
}
