/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

/**
 * Temperature scaling: one number that makes a model as sure as it is right.
 *
 * <p>Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017. It never changes
 * which class is most probable.
 */
final class TemperatureFit {

    /** The search stays in these limits; a model that needs more is broken, not overconfident. */
    static final double LEAST = 0.05;

    static final double MOST = 20;

    private static final double TINY = Float.MIN_NORMAL;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double PRECISION = 1e-6;

    private TemperatureFit() {}

    /**
     * The temperature with the least log loss.
     *
     * <p>The loss is convex in 1/T, so it has one minimum in log T, which a golden-section search
     * closes in on.
     *
     * @param probabilities one row a flow, as the model gives them
     * @param labels the right class of each flow
     */
    static double fit(final float[][] probabilities, final int[] labels) {
        double low = Math.log(LEAST);
        double high = Math.log(MOST);
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double lossLeft = logLoss(probabilities, labels, Math.exp(left));
        double lossRight = logLoss(probabilities, labels, Math.exp(right));
        while (high - low > PRECISION) {
            if (lossLeft <= lossRight) {
                high = right;
                right = left;
                lossRight = lossLeft;
                left = high - GOLDEN * (high - low);
                lossLeft = logLoss(probabilities, labels, Math.exp(left));
            } else {
                low = left;
                left = right;
                lossLeft = lossRight;
                right = low + GOLDEN * (high - low);
                lossRight = logLoss(probabilities, labels, Math.exp(right));
            }
        }
        return Math.exp((low + high) / 2);
    }

    /** Mean negative logarithm of the right class's probability at a temperature. */
    static double logLoss(
            final float[][] probabilities, final int[] labels, final double temperature) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            final float[] row = probabilities[i];
            double most = Double.NEGATIVE_INFINITY;
            for (final float p : row) {
                most = Math.max(most, score(p, temperature));
            }
            double total = 0;
            for (final float p : row) {
                total += Math.exp(score(p, temperature) - most);
            }
            sum += Math.log(total) - (score(row[labels[i]], temperature) - most);
        }
        return labels.length == 0 ? 0 : sum / labels.length;
    }

    private static double score(final float probability, final double temperature) {
        return Math.log(Math.max(probability, TINY)) / temperature;
    }
}
