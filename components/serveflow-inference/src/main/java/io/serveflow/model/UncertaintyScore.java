/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

/**
 * How unsure a row of class probabilities is: 0 when one class has all of it, growing with doubt.
 */
public enum UncertaintyScore {
    /** One minus the largest probability. */
    LEAST_CONFIDENCE("least-confidence") {
        @Override
        public double of(final float[] probabilities, final int from, final int classes) {
            float best = 0;
            for (int i = from; i < from + classes; i++) {
                best = Math.max(best, probabilities[i]);
            }
            return 1.0 - best;
        }
    },
    /** One minus the lead of the largest probability over the second. */
    MARGIN("margin") {
        @Override
        public double of(final float[] probabilities, final int from, final int classes) {
            float best = 0;
            float second = 0;
            for (int i = from; i < from + classes; i++) {
                if (probabilities[i] > best) {
                    second = best;
                    best = probabilities[i];
                } else if (probabilities[i] > second) {
                    second = probabilities[i];
                }
            }
            return 1.0 - (best - second);
        }
    },
    /** Shannon entropy divided by that of the uniform distribution. */
    ENTROPY("entropy") {
        @Override
        public double of(final float[] probabilities, final int from, final int classes) {
            double sum = 0;
            for (int i = from; i < from + classes; i++) {
                if (probabilities[i] > 0) {
                    sum -= probabilities[i] * Math.log(probabilities[i]);
                }
            }
            return classes < 2 ? 0 : sum / Math.log(classes);
        }
    };

    private final String id;

    UncertaintyScore(final String id) {
        this.id = id;
    }

    /** The name in a bundle. */
    public String id() {
        return id;
    }

    /**
     * The uncertainty of one row.
     *
     * @param probabilities rows of class probabilities, one after the other
     * @param from where the row begins
     * @param classes how long it is
     */
    public abstract double of(float[] probabilities, int from, int classes);

    /**
     * The score with a bundle's name for it.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static UncertaintyScore named(final String id) {
        for (final UncertaintyScore score : values()) {
            if (score.id.equals(id)) {
                return score;
            }
        }
        throw new IllegalArgumentException(
                "unknown uncertainty score '"
                        + id
                        + "'; known are least-confidence, margin, entropy");
    }
}
