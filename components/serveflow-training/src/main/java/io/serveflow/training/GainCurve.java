/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import java.util.Arrays;

/**
 * What moving a flow on is expected to gain, by its uncertainty: the non-decreasing step function
 * that is closest to what was gained (isotonic regression by pooling adjacent violators, Ayer et
 * al. 1955).
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
        final double[] sums = new double[order.length];
        final int[] sizes = new int[order.length];
        int steps = 0;
        for (int n = 0; n < order.length; ) {
            final double here = uncertainty[order[n]];
            from[steps] = here;
            sums[steps] = 0;
            sizes[steps] = 0;
            for (; n < order.length && uncertainty[order[n]] == here; n++) {
                sums[steps] += gained[order[n]];
                sizes[steps]++;
            }
            steps++;
            while (steps > 1
                    && sums[steps - 2] * sizes[steps - 1] >= sums[steps - 1] * sizes[steps - 2]) {
                sums[steps - 2] += sums[steps - 1];
                sizes[steps - 2] += sizes[steps - 1];
                steps--;
            }
        }
        final double[] gains = new double[steps];
        for (int step = 0; step < steps; step++) {
            gains[step] = sums[step] / sizes[step];
        }
        return new GainCurve(Arrays.copyOf(from, steps), gains, order.length);
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
                return (below + step) / 2;
            }
            below = step;
        }
        return 1;
    }
}
