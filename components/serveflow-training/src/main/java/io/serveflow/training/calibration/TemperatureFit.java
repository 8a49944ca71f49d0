/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

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
        final double[][] logarithms = logarithms(probabilities);
        double low = Math.log(LEAST);
        double high = Math.log(MOST);
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double lossLeft = logLoss(logarithms, labels, Math.exp(left));
        double lossRight = logLoss(logarithms, labels, Math.exp(right));
        while (high - low > PRECISION) {
            if (lossLeft <= lossRight) {
                high = right;
                right = left;
                lossRight = lossLeft;
                left = high - GOLDEN * (high - low);
                lossLeft = logLoss(logarithms, labels, Math.exp(left));
            } else {
                low = left;
                left = right;
                lossLeft = lossRight;
                right = low + GOLDEN * (high - low);
                lossRight = logLoss(logarithms, labels, Math.exp(right));
            }
        }
        return Math.exp((low + high) / 2);
    }

    /** Mean negative logarithm of the right class's probability at a temperature. */
    static double logLoss(
            final float[][] probabilities, final int[] labels, final double temperature) {
        return logLoss(logarithms(probabilities), labels, temperature);
    }

    private static double logLoss(
            final double[][] logarithms, final int[] labels, final double temperature) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            final double[] row = logarithms[i];
            double most = Double.NEGATIVE_INFINITY;
            for (final double logarithm : row) {
                most = Math.max(most, logarithm);
            }
            double total = 0;
            for (final double logarithm : row) {
                total += Math.exp((logarithm - most) / temperature);
            }
            sum += Math.log(total) - (row[labels[i]] - most) / temperature;
        }
        return labels.length == 0 ? 0 : sum / labels.length;
    }

    private static double[][] logarithms(final float[][] probabilities) {
        final double[][] logarithms = new double[probabilities.length][];
        for (int i = 0; i < logarithms.length; i++) {
            final float[] row = probabilities[i];
            logarithms[i] = new double[row.length];
            for (int c = 0; c < row.length; c++) {
                logarithms[i][c] = Math.log(Math.max(row[c], TINY));
            }
        }
        return logarithms;
    }
}
