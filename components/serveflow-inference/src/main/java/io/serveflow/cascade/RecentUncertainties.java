/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

/**
 * How uncertain the latest few thousand flows were that a tier wanted to escalate, as counts in
 * steps of 1/256; in a fixed amount of memory.
 *
 * <p>For one thread at a time.
 */
final class RecentUncertainties {

    private static final int STEPS = 256;

    /** At so many flows all counts are halved. */
    private static final double MOST = 8192;

    private final double[] counts = new double[STEPS];
    private double total;

    /** Adds a flow. */
    void add(final double uncertainty) {
        counts[step(uncertainty)]++;
        if (++total >= MOST) {
            for (int i = 0; i < STEPS; i++) {
                counts[i] /= 2;
            }
            total /= 2;
        }
    }

    /**
     * The share of flows that are less uncertain than one, 0 to 1; 0 if there were none.
     *
     * @param among where it is among those that are as uncertain, from 0 to 1
     */
    double below(final double uncertainty, final double among) {
        final int step = step(uncertainty);
        double below = 0;
        for (int i = 0; i < step; i++) {
            below += counts[i];
        }
        return total == 0 ? 0 : (below + among * counts[step]) / total;
    }

    /** The uncertainty that a share of the flows is below; 0 for none of them. */
    double quantile(final double share) {
        if (share <= 0) {
            return 0;
        }
        double left = share * total;
        for (int i = 0; i < STEPS; i++) {
            if (left <= counts[i]) {
                return counts[i] == 0 ? (double) i / STEPS : (i + left / counts[i]) / STEPS;
            }
            left -= counts[i];
        }
        return 1;
    }

    private static int step(final double uncertainty) {
        return (int) Math.max(0, Math.min(STEPS - 1, uncertainty * STEPS));
    }
}
