/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.Objects;
import java.util.Optional;

/**
 * What makes a tier as sure as it is right: a temperature, and after it, if there is one, a map of
 * the confidence. It never changes which class is most probable.
 *
 * @param temperature divides the logarithms of the model's probabilities; above 1 makes it less
 *     sure
 * @param confidence how often answers of each confidence are right
 */
public record TierCalibration(double temperature, Optional<ConfidenceMap> confidence) {

    /** Leaves the probabilities as the model gives them. */
    public static final TierCalibration NONE = of(1);

    public TierCalibration {
        Objects.requireNonNull(confidence, "confidence");
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be above 0, was " + temperature);
        }
    }

    /** A temperature and no map. */
    public static TierCalibration of(final double temperature) {
        return new TierCalibration(temperature, Optional.empty());
    }

    /**
     * Calibrates a row of class probabilities. It sums to 1 afterwards, and the first of its most
     * probable classes is the one that was the first before.
     *
     * @param probabilities rows of class probabilities, one after the other
     * @param from where the row begins
     * @param classes how long it is
     * @throws IllegalArgumentException if no probability is above 0 or one is negative, infinite or
     *     not a number
     */
    public void apply(final float[] probabilities, final int from, final int classes) {
        final int top = mostProbable(probabilities, from, classes);
        Temperature.apply(probabilities, from, classes, temperature);
        keepOnTop(probabilities, from, classes, top);
        if (confidence.isPresent()) {
            confidence.get().apply(probabilities, from, classes);
        }
    }

    private static int mostProbable(
            final float[] probabilities, final int from, final int classes) {
        int top = from;
        for (int i = from + 1; i < from + classes; i++) {
            if (probabilities[i] > probabilities[top]) {
                top = i;
            }
        }
        return top;
    }

    /** Undoes a tie, or a reversal in the last place, that rounding has made. */
    static void keepOnTop(
            final float[] probabilities, final int from, final int classes, final int top) {
        for (int i = from; i < from + classes; i++) {
            if (i < top && probabilities[i] >= probabilities[top]) {
                probabilities[top] = Math.nextUp(probabilities[i]);
            } else if (probabilities[i] > probabilities[top]) {
                probabilities[top] = probabilities[i];
            }
        }
    }
}
