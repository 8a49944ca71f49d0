/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * A scale from a value to a position, with round values to mark on it.
 *
 * @param logarithmic whether equal ratios are equally long; else it begins at 0
 */
record Axis(String label, double least, double most, boolean logarithmic) {

    private static final int MARKS = 5;
    private static final double[] ROUND = {1, 2, 5, 10};

    static Axis of(final String label, final List<Double> values, final boolean logarithmic) {
        final double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        final double least =
                values.stream().mapToDouble(Double::doubleValue).filter(v -> v > 0).min().orElse(1);
        if (!logarithmic) {
            final double step = step(most / MARKS);
            return new Axis(label, 0, step * Math.max(1, Math.ceil(most / step)), false);
        }
        return new Axis(
                label,
                Math.pow(10, Math.floor(Math.log10(least))),
                Math.pow(
                        10,
                        Math.max(Math.ceil(Math.log10(most)), Math.floor(Math.log10(least)) + 1)),
                true);
    }

    private static double step(final double about) {
        final double power = Math.pow(10, Math.floor(Math.log10(Math.max(about, 1e-9))));
        for (final double round : ROUND) {
            if (round * power >= about) {
                return round * power;
            }
        }
        return 10 * power;
    }

    /** Where a value is, from 0 at the beginning to 1 at the end. */
    double position(final double value) {
        return logarithmic
                ? Math.log(Math.max(value, least) / least) / Math.log(most / least)
                : (value - least) / (most - least);
    }

    /** The values to mark. */
    List<Double> marks() {
        final List<Double> marks = new ArrayList<>();
        if (logarithmic) {
            for (double mark = least; mark <= most * 1.001; mark *= 10) {
                marks.add(mark);
            }
        } else {
            final double step = step(most / MARKS);
            for (int i = 0; i * step <= most * 1.001; i++) {
                marks.add(i * step);
            }
        }
        return marks;
    }
}
