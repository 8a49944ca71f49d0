/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class IsotonicFitTest {

    @Test
    void shouldPoolWhatFalls() {
        assertThat(IsotonicFit.of(new double[] {1, 3, 2, 2, 5}, new double[] {1, 1, 1, 2, 1}))
                .containsExactly(1, 2.25, 2.25, 2.25, 5);
    }

    @Test
    void shouldFitNothing() {
        assertThat(IsotonicFit.of(new double[0], new double[0])).isEmpty();
    }

    @Property
    void shouldNeverFall(
            @ForAll @Size(max = 40) final List<@DoubleRange(min = -1, max = 1) Double> values,
            @ForAll @IntRange(min = 1, max = 100) final int seed) {
        assertThat(IsotonicFit.of(values(values), weights(values.size(), seed))).isSorted();
    }

    /** The value of a place is the least mean on its right of the greatest means on its left. */
    @Property
    void shouldBeTheSameAsByBruteForce(
            @ForAll @Size(min = 1, max = 12)
                    final List<@DoubleRange(min = -1, max = 1) Double> list,
            @ForAll @IntRange(min = 1, max = 100) final int seed) {
        final double[] values = values(list);
        final double[] weights = weights(values.length, seed);
        final double[] expected = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double most = Double.NEGATIVE_INFINITY;
            for (int from = 0; from <= i; from++) {
                double least = Double.POSITIVE_INFINITY;
                for (int to = i + 1; to <= values.length; to++) {
                    least = Math.min(least, mean(values, weights, from, to));
                }
                most = Math.max(most, least);
            }
            expected[i] = most;
        }

        assertThat(IsotonicFit.of(values, weights)).containsExactly(expected, within(1e-9));
    }

    private static double mean(
            final double[] values, final double[] weights, final int from, final int to) {
        double sum = 0;
        double mass = 0;
        for (int i = from; i < to; i++) {
            sum += values[i] * weights[i];
            mass += weights[i];
        }
        return sum / mass;
    }

    private static double[] values(final List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] weights(final int count, final int seed) {
        final double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = 1 + (i * 7 + seed) % 5;
        }
        return weights;
    }
}
