/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GainCurveTest {

    @Test
    void shouldPoolWhatFallsInBetween() {
        final GainCurve curve =
                curve(new double[] {0.1, 0.2, 0.3, 0.4}, new double[] {-1, 1, 0, 1});
        assertThat(curve.from()).containsExactly(0.1, 0.2, 0.4);
        assertThat(curve.gains()).containsExactly(-1, 0.5, 1);
    }

    @Test
    void shouldTurnBetweenTheStepsAroundZero() {
        final GainCurve curve = curve(new double[] {0.1, 0.2, 0.4}, new double[] {-1, -0.5, 1});
        assertThat(curve.turn(curve, 1)).isEqualTo(0.3, within(1e-12));
    }

    @Test
    void shouldNeverTurnWhereNothingIsGained() {
        final GainCurve curve = curve(new double[] {0.1, 0.2}, new double[] {0, -1});
        assertThat(curve.turn(curve, 1)).isEqualTo(1);
    }

    @Test
    void shouldMixWithAnother() {
        final GainCurve gaining = curve(new double[] {0.5}, new double[] {1});
        final GainCurve losing = curve(new double[] {0.5}, new double[] {-1});
        assertThat(gaining.turn(losing, 0.6)).isEqualTo(0.25);
        assertThat(gaining.turn(losing, 0.4)).isEqualTo(1);
    }

    @Property
    void shouldNeverFall(
            @ForAll @Size(min = 1, max = 50)
                    final List<@DoubleRange(min = -1, max = 1) Double> gained) {
        final double[] uncertainty = new double[gained.size()];
        Arrays.setAll(uncertainty, i -> i / 3 * 0.01);
        assertThat(curve(uncertainty, values(gained)).gains()).isSorted();
    }

    /** Isotonic regression keeps the mean. */
    @Property
    void shouldGiveBackWhatWasGainedInAll(
            @ForAll @Size(min = 1, max = 50)
                    final List<@DoubleRange(min = -1, max = 1) Double> gained) {
        final double[] uncertainty = new double[gained.size()];
        Arrays.setAll(uncertainty, i -> i * 37 % gained.size() * 0.01);
        final GainCurve curve = curve(uncertainty, values(gained));
        assertThat(Arrays.stream(uncertainty).map(curve::at).sum())
                .isEqualTo(Arrays.stream(values(gained)).sum(), within(1e-9));
    }

    private static double[] values(final List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static GainCurve curve(final double[] uncertainty, final double[] gained) {
        final int[] order =
                IntStream.range(0, gained.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> uncertainty[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        return GainCurve.fit(order, uncertainty, gained);
    }
}
