/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

/**
 * How far a distribution is from its reference.
 *
 * @param psi population stability index: the sum over the bins of (q - p) ln(q / p), 0 for equal
 *     shares
 * @param js Jensen-Shannon distance to base 2: 0 for equal shares, 1 for shares that have no bin in
 *     common
 * @param chance what the index exceeds once in a thousand times where nothing but the draw of the
 *     flows differs
 */
public record Divergence(double psi, double js, double chance) {

    /**
     * The part of each distribution that is spread evenly over its bins before the index is taken.
     * It bounds what an empty bin adds, and leaves equal shares equal.
     */
    private static final double SMOOTHING = 0.01;

    /** The normal deviate that is exceeded once in a thousand times. */
    private static final double ONE_IN_A_THOUSAND = 3.09;

    /**
     * Compares two distributions over the same bins.
     *
     * @param seen counts, at least one of them above 0
     */
    public static Divergence between(final Counts reference, final Counts seen) {
        final int bins = reference.bins();
        if (seen.bins() != bins) {
            throw new IllegalArgumentException(
                    "a distribution of "
                            + bins
                            + " bins cannot be compared with one of "
                            + seen.bins());
        }
        double psi = 0;
        double divergence = 0;
        int used = 0;
        for (int bin = 0; bin < bins; bin++) {
            final double p = (double) reference.of(bin) / reference.total();
            final double q = (double) seen.of(bin) / seen.total();
            final double smoothP = smooth(p, bins);
            final double smoothQ = smooth(q, bins);
            psi += (smoothQ - smoothP) * Math.log(smoothQ / smoothP);
            divergence += (towards(p, (p + q) / 2) + towards(q, (p + q) / 2)) / 2;
            used += p + q > 0 ? 1 : 0;
        }
        return new Divergence(
                psi,
                Math.sqrt(Math.max(0, Math.min(1, divergence))),
                chance(used - 1, reference.total(), seen.total()));
    }

    private static double smooth(final double share, final int bins) {
        return (1 - SMOOTHING) * share + SMOOTHING / bins;
    }

    /** A bin's part of the Kullback-Leibler divergence, bits. */
    private static double towards(final double share, final double mean) {
        return share == 0 ? 0 : share * Math.log(share / mean) / Math.log(2);
    }

    /**
     * Of two samples of one distribution the index is (1/n + 1/m) times a chi-square variable; its
     * quantile is that of Wilson and Hilferty.
     */
    private static double chance(final int freedom, final long n, final long m) {
        if (freedom < 1) {
            return 0;
        }
        final double part = 2.0 / (9.0 * freedom);
        final double root = 1 - part + ONE_IN_A_THOUSAND * Math.sqrt(part);
        return (1.0 / n + 1.0 / m) * freedom * root * root * root;
    }
}
