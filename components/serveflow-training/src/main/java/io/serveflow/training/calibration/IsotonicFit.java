/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import java.util.Arrays;

/**
 * Isotonic regression: of all sequences that never fall, the one that is closest to given values in
 * weighted squares, found by pooling adjacent violators (Ayer et al. 1955).
 */
final class IsotonicFit {

    private IsotonicFit() {}

    /**
     * The sequence. Neighbours that were pooled have the very same value, others have not.
     *
     * @param values in their order
     * @param weights above 0, one a value
     */
    static double[] of(final double[] values, final double[] weights) {
        final double[] sums = new double[values.length];
        final double[] masses = new double[values.length];
        final int[] ends = new int[values.length];
        int pools = 0;
        for (int i = 0; i < values.length; i++) {
            sums[pools] = values[i] * weights[i];
            masses[pools] = weights[i];
            ends[pools] = i + 1;
            pools++;
            while (pools > 1
                    && sums[pools - 2] / masses[pools - 2] >= sums[pools - 1] / masses[pools - 1]) {
                sums[pools - 2] += sums[pools - 1];
                masses[pools - 2] += masses[pools - 1];
                ends[pools - 2] = ends[pools - 1];
                pools--;
            }
        }
        final double[] fitted = new double[values.length];
        for (int pool = 0; pool < pools; pool++) {
            Arrays.fill(
                    fitted, pool == 0 ? 0 : ends[pool - 1], ends[pool], sums[pool] / masses[pool]);
        }
        return fitted;
    }
}
