/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

/**
 * Temperature scaling of class probabilities (Guo et al., "On Calibration of Modern Neural
 * Networks", ICML 2017), for models that give probabilities and not logits.
 */
public final class Temperature {

    private Temperature() {}

    /**
     * Replaces each probability p of a row by p<sup>1/T</sup>, scaled to a sum of 1.
     *
     * <p>The most probable class stays the most probable one. Powers are taken of the ratios to the
     * largest probability, so nothing overflows and the sum is at least 1 before it is scaled.
     *
     * @param probabilities rows of class probabilities, one after the other
     * @param from where the row begins
     * @param classes how long it is
     * @param temperature above 0; above 1 makes the row less sure, 1 leaves it as it is
     * @throws IllegalArgumentException if no probability is above 0 or one is negative, infinite or
     *     not a number
     */
    public static void apply(
            final float[] probabilities,
            final int from,
            final int classes,
            final double temperature) {
        double largest = 0;
        for (int i = from; i < from + classes; i++) {
            final float probability = probabilities[i];
            if (!(probability >= 0) || probability == Float.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "class " + (i - from) + " has no probability but " + probability);
            }
            largest = Math.max(largest, probability);
        }
        if (largest == 0) {
            throw new IllegalArgumentException("no class has a probability above 0");
        }
        if (temperature == 1) {
            return;
        }
        final double power = 1 / temperature;
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            final double scaled = Math.pow(probabilities[i] / largest, power);
            probabilities[i] = (float) scaled;
            sum += scaled;
        }
        for (int i = from; i < from + classes; i++) {
            probabilities[i] = (float) (probabilities[i] / sum);
        }
    }
}
