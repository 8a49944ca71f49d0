/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.Arrays;

/**
 * How often answers of each confidence are right: a line through knots that never falls, flat
 * before the first and after the last.
 *
 * <p>Applied to a row it replaces the largest probability; the others keep their shares of what is
 * left. The most probable class stays the most probable one: where the line falls below the second
 * largest probability, the two meet.
 */
public final class ConfidenceMap {

    /** More knots would follow chance. */
    public static final int MOST_KNOTS = 20;

    private final double[] from;
    private final double[] to;

    /**
     * @param from the confidences at the knots, ascending, 0 to 1; at most {@value #MOST_KNOTS}
     * @param to what each of them becomes, never falling, 0 to 1
     */
    public ConfidenceMap(final double[] from, final double[] to) {
        if (from.length < 1 || from.length > MOST_KNOTS || from.length != to.length) {
            throw new IllegalArgumentException(
                    "from and to must be 1 to "
                            + MOST_KNOTS
                            + " numbers each and as many, are "
                            + from.length
                            + " and "
                            + to.length);
        }
        for (int knot = 0; knot < from.length; knot++) {
            if (!(from[knot] >= 0 && from[knot] <= 1)) {
                throw new IllegalArgumentException(
                        "from[" + knot + "] must be 0 to 1, is " + from[knot]);
            }
            if (!(to[knot] >= 0 && to[knot] <= 1)) {
                throw new IllegalArgumentException(
                        "to[" + knot + "] must be 0 to 1, is " + to[knot]);
            }
            if (knot > 0 && !(from[knot] > from[knot - 1])) {
                throw new IllegalArgumentException(
                        "from["
                                + knot
                                + "] must be above the one before it, is "
                                + from[knot]
                                + " after "
                                + from[knot - 1]);
            }
            if (knot > 0 && !(to[knot] >= to[knot - 1])) {
                throw new IllegalArgumentException(
                        "to["
                                + knot
                                + "] must not be below the one before it, is "
                                + to[knot]
                                + " after "
                                + to[knot - 1]);
            }
        }
        this.from = from.clone();
        this.to = to.clone();
    }

    /** The confidences at the knots. */
    public double[] from() {
        return from.clone();
    }

    /** What the confidences at the knots become. */
    public double[] to() {
        return to.clone();
    }

    /** What a confidence becomes. */
    public double at(final double confidence) {
        final int last = from.length - 1;
        if (!(confidence > from[0])) {
            return to[0];
        }
        if (confidence >= from[last]) {
            return to[last];
        }
        int knot = 1;
        while (from[knot] < confidence) {
            knot++;
        }
        final double part = (confidence - from[knot - 1]) / (from[knot] - from[knot - 1]);
        return to[knot - 1] + part * (to[knot] - to[knot - 1]);
    }

    /**
     * Replaces the largest probability of a row by what it becomes and scales the others to what is
     * left of 1. Where all others are 0 they share it evenly. A row of one class stays as it is.
     *
     * @param probabilities rows of class probabilities, one after the other
     * @param start where the row begins; it sums to 1
     * @param classes how long it is
     */
    public void apply(final float[] probabilities, final int start, final int classes) {
        if (classes < 2) {
            return;
        }
        final int end = start + classes;
        int top = start;
        double second = 0;
        double others = 0;
        for (int i = start + 1; i < end; i++) {
            final int loser = probabilities[i] > probabilities[top] ? top : i;
            second = Math.max(second, probabilities[loser]);
            others += probabilities[loser];
            top = loser == top ? i : top;
        }
        final boolean alone = others == 0;
        final double share = alone ? 1.0 / (classes - 1) : second / others;
        final double confidence = Math.max(at(probabilities[top]), share / (1 + share));
        final double scale = alone ? (1 - confidence) * share : (1 - confidence) / others;
        for (int i = start; i < end; i++) {
            if (i != top) {
                probabilities[i] = (float) (alone ? scale : probabilities[i] * scale);
            }
        }
        probabilities[top] = (float) confidence;
        TierCalibration.keepOnTop(probabilities, start, classes, top);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof ConfidenceMap that
                && Arrays.equals(from, that.from)
                && Arrays.equals(to, that.to);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(from) + Arrays.hashCode(to);
    }

    @Override
    public String toString() {
        return "ConfidenceMap[" + Arrays.toString(from) + " to " + Arrays.toString(to) + "]";
    }
}
