/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TemperatureTest {

    @Property
    void shouldKeepTheMostProbableClassOnTop(
            @ForAll @Size(min = 2, max = 25)
                    final List<@FloatRange(min = 0, max = 1) Float> weights,
            @ForAll @DoubleRange(min = 0.05, max = 20) final double temperature) {
        final float[] row = probabilities(weights);
        final int best = best(row);

        Temperature.apply(row, 0, row.length, temperature);

        assertThat(row[best]).isEqualTo(row[best(row)]);
    }

    @Property
    void shouldGiveProbabilities(
            @ForAll @Size(min = 2, max = 25)
                    final List<@FloatRange(min = 0, max = 1) Float> weights,
            @ForAll @DoubleRange(min = 0.01, max = 1000) final double temperature) {
        final float[] row = probabilities(weights);

        Temperature.apply(row, 0, row.length, temperature);

        double sum = 0;
        for (final float probability : row) {
            assertThat(probability).isBetween(0f, 1f);
            sum += probability;
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    @Property
    void shouldBeUndoneByTheInverseTemperature(
            @ForAll @FloatRange(min = 0.01f, max = 0.99f) final float probability,
            @ForAll @DoubleRange(min = 0.5, max = 2) final double temperature) {
        final float[] row = {probability, 1 - probability};

        Temperature.apply(row, 0, 2, temperature);
        Temperature.apply(row, 0, 2, 1 / temperature);

        assertThat(row[0]).isCloseTo(probability, within(1e-4f));
    }

    @Test
    void shouldDivideTheLogarithmsByTheTemperature() {
        final float[] row = {9, 0.64f, 0.36f, 9};

        Temperature.apply(row, 1, 2, 2);

        // sqrt(0.64) : sqrt(0.36) = 0.8 : 0.6
        assertThat(row)
                .containsExactly(new float[] {9, 0.8f / 1.4f, 0.6f / 1.4f, 9}, within(1e-6f));
    }

    @Test
    void shouldLeaveTheRowAsItIsAtTemperatureOne() {
        final float[] row = {0.1f, 0.2f, 0.7f};

        Temperature.apply(row, 0, 3, 1);

        assertThat(row).containsExactly(0.1f, 0.2f, 0.7f);
    }

    @Test
    void shouldNotUnderflowWhereAllProbabilitiesAreTiny() {
        final float[] row = {Float.MIN_VALUE, Float.MIN_VALUE, 0};

        Temperature.apply(row, 0, 3, 0.01);

        assertThat(row).containsExactly(0.5f, 0.5f, 0);
    }

    @Test
    void shouldRefuseWhatIsNoProbability() {
        refuses(0.5f, Float.NaN);
        refuses(0.5f, -0.1f);
        refuses(0.5f, Float.POSITIVE_INFINITY);
        refuses(0, 0);
    }

    private static void refuses(final float... row) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Temperature.apply(row, 0, row.length, 1.5));
    }

    /** Weights scaled to a sum of 1, ties and zeros among them. */
    private static float[] probabilities(final List<Float> weights) {
        final double sum = weights.stream().mapToDouble(Float::doubleValue).sum();
        final float[] row = new float[weights.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (sum == 0 ? 1.0 / row.length : weights.get(i) / sum);
        }
        return row;
    }

    private static int best(final float[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            if (row[i] > row[best]) {
                best = i;
            }
        }
        return best;
    }
}
