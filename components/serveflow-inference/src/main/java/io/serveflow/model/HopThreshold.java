/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.Arrays;
import java.util.Objects;

/**
 * When a flow moves from one tier to the next: its uncertainty is above a threshold, one for all
 * classes or one for each predicted class.
 */
public final class HopThreshold {

    private final UncertaintyScore score;
    private final double[] values;

    /**
     * @param values one threshold for every class of the bundle's labels, or a single one for all;
     *     0 to 1, as uncertainties are: at 1 no flow moves on
     */
    public HopThreshold(final UncertaintyScore score, final double... values) {
        this.score = Objects.requireNonNull(score, "score");
        if (values.length == 0) {
            throw new IllegalArgumentException("a hop needs at least one threshold");
        }
        for (final double value : values) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("a threshold must be 0 to 1, was " + value);
            }
        }
        this.values = values.clone();
    }

    /** The score that is compared. */
    public UncertaintyScore score() {
        return score;
    }

    /** Whether each predicted class has a threshold of its own. */
    public boolean perClass() {
        return values.length > 1;
    }

    /** The thresholds: one for all classes, or one a class in the order of the labels. */
    public double[] values() {
        return values.clone();
    }

    /** Whether a flow with this predicted class and uncertainty moves on. */
    public boolean escalates(final int predicted, final double uncertainty) {
        return uncertainty > values[values.length == 1 ? 0 : predicted];
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof HopThreshold that
                && score == that.score
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * score.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "HopThreshold[" + score.id() + " > " + Arrays.toString(values) + "]";
    }
}
