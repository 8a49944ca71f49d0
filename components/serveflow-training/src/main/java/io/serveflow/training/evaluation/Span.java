/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.training.evaluation.page.Axis;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Axes that hold given numbers, with round ends. */
final class Span {

    private static final double[] STEPS = {0.01, 0.02, 0.05, 0.1, 0.2};
    private static final int MOST_STEPS = 7;

    /** Times as far as the outermost number. */
    private static final double MARGIN = 1.6;

    private Span() {}

    /** For scores between 0 and 1. */
    static Axis.Linear linear(final String title, final double... scores) {
        final double least = Arrays.stream(scores).min().orElse(0);
        final double most = Arrays.stream(scores).max().orElse(1);
        double step = STEPS[0];
        for (final double wider : STEPS) {
            step = wider;
            if ((most - least) / wider < MOST_STEPS - 1) {
                break;
            }
        }
        final double low = Math.max(0, step * Math.floor(least / step - 0.3));
        final double high = Math.min(1 + step / 5, step * Math.ceil(most / step + 0.3));
        return new Axis.Linear(title, low, high, step);
    }

    /** For numbers above 0, so that two powers of ten at least can be written at the axis. */
    static Axis.Log log(final String title, final double... values) {
        final double least = Arrays.stream(values).min().orElse(1) / MARGIN;
        final double most = Arrays.stream(values).max().orElse(1) * MARGIN;
        final double first = Math.ceil(Math.log10(least));
        final double last = Math.floor(Math.log10(most));
        return last > first
                ? new Axis.Log(title, least, most)
                : new Axis.Log(
                        title,
                        Math.min(least, Math.pow(10, Math.floor(Math.log10(least)))),
                        Math.max(most, Math.pow(10, Math.floor(Math.log10(least)) + 1)));
    }

    /** Numbers and more of them. */
    static double[] and(final double[] values, final double... more) {
        return DoubleStream.concat(Arrays.stream(values), Arrays.stream(more)).toArray();
    }
}
