/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import java.util.Arrays;

/**
 * What moving a flow on is expected to gain, by its uncertainty: the non-decreasing step function
 * that is closest to what was gained, {@link IsotonicFit}.
 *
 * @param from the least uncertainty of each step, ascending
 * @param gains the expected gain of each step, ascending
 * @param flows how many flows it was fitted on
 */
record GainCurve(double[] from, double[] gains, int flows) {

    /**
     * Fits the curve.
     *
     * @param order the flows by ascending uncertainty
     * @param uncertainty of each flow, whether it is in the order or not
     * @param gained by each flow
     */
    static GainCurve fit(final int[] order, final double[] uncertainty, final double[] gained) {
        final double[] from = new double[order.length];
        final double[] means = new double[order.length];
        final double[] sizes = new double[order.length];
        int points = 0;
        for (int n = 0; n < order.length; points++) {
            from[points] = uncertainty[order[n]];
            for (; n < order.length && uncertainty[order[n]] == from[points]; n++) {
                means[points] += gained[order[n]];
                sizes[points]++;
            }
            means[points] /= sizes[points];
        }
        final double[] rising =
                IsotonicFit.of(Arrays.copyOf(means, points), Arrays.copyOf(sizes, points));
        int steps = 0;
        for (int point = 0; point < points; point++) {
            if (steps == 0 || rising[point] != means[steps - 1]) {
                from[steps] = from[point];
                means[steps] = rising[point];
                steps++;
            }
        }
        return new GainCurve(Arrays.copyOf(from, steps), Arrays.copyOf(means, steps), order.length);
    }

    /** The expected gain at an uncertainty; below the first step that of the first. */
    double at(final double uncertainty) {
        if (gains.length == 0) {
            return 0;
        }
        final int found = Arrays.binarySearch(from, uncertainty);
        return gains[Math.max(0, found >= 0 ? found : -found - 2)];
    }

    /**
     * The uncertainty above which this curve, mixed with another one, is above 0; 1 if it never is.
     *
     * @param share how much this curve counts, 0 to 1
     */
    double turn(final GainCurve other, final double share) {
        final double[] steps = new double[from.length + other.from.length];
        System.arraycopy(from, 0, steps, 0, from.length);
        System.arraycopy(other.from, 0, steps, from.length, other.from.length);
        Arrays.sort(steps);
        double below = 0;
        for (final double step : steps) {
            if (share * at(step) + (1 - share) * other.at(step) > 0) {
                /* Rounding puts the largest uncertainties above 1. */
                return Math.min(1, (below + step) / 2);
            }
            below = step;
        }
        return 1;
    }
}
