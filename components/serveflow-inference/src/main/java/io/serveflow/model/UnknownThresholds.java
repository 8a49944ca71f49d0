/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.verdict.Verdict;
import java.util.Arrays;
import java.util.Optional;

/**
 * Below which confidence an answer is worth less than none: the flow is like nothing that the
 * bundle was trained on, or like too many things.
 */
public final class UnknownThresholds {

    private final double[] leastConfidence;

    /**
     * @param leastConfidence by predicted label, 0 to 1; 0 where every answer stands
     */
    public UnknownThresholds(final double... leastConfidence) {
        for (final double least : leastConfidence) {
            if (!(least >= 0 && least <= 1)) {
                throw new IllegalArgumentException("leastConfidence must be 0 to 1, was " + least);
            }
        }
        this.leastConfidence = leastConfidence.clone();
    }

    /** By predicted label, in the order of the labels. */
    public double[] values() {
        return leastConfidence.clone();
    }

    /** Whether an answer that stands is to be withheld. */
    public boolean isUnknown(final int predicted, final double confidence) {
        return confidence < leastConfidence[predicted];
    }

    /**
     * @throws IllegalArgumentException if thresholds do not fit labels
     */
    static void requireFit(
            final Optional<UnknownThresholds> unknown, final Iterable<String> labels) {
        int count = 0;
        boolean taken = false;
        for (final String label : labels) {
            count++;
            taken |= label.equals(Verdict.UNKNOWN);
        }
        if (unknown.isPresent() && taken) {
            throw new IllegalArgumentException(
                    "labels: one of them is '"
                            + Verdict.UNKNOWN
                            + "', which is what answers are called that are withheld");
        }
        if (unknown.isPresent() && unknown.get().leastConfidence.length != count) {
            throw new IllegalArgumentException(
                    "unknown.leastConfidence: "
                            + count
                            + " labels need as many least confidences, there are "
                            + unknown.get().leastConfidence.length);
        }
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof UnknownThresholds that
                && Arrays.equals(leastConfidence, that.leastConfidence);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(leastConfidence);
    }

    @Override
    public String toString() {
        return "UnknownThresholds" + Arrays.toString(leastConfidence);
    }
}
