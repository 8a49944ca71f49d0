/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.model.Temperature;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemperatureFitTest {

    private static final int FLOWS = 20_000;
    private static final int CLASSES = 6;

    @ParameterizedTest
    @ValueSource(doubles = {0.4, 1, 1.7, 4})
    void shouldFindTheTemperatureThatMadeAModelWrong(final double known) {
        final float[][] honest = new float[FLOWS][];
        final int[] labels = new int[FLOWS];
        draw(honest, labels, 1);
        for (final float[] row : honest) {
            Temperature.apply(row, 0, CLASSES, 1 / known);
        }
        assertThat(TemperatureFit.fit(honest, labels)).isCloseTo(known, within(0.05 * known));
    }

    @Test
    void shouldLowerTheCalibrationError() {
        final float[][] rows = new float[FLOWS][];
        final int[] labels = new int[FLOWS];
        draw(rows, labels, 2);
        for (final float[] row : rows) {
            Temperature.apply(row, 0, CLASSES, 0.4);
        }
        final double before = ece(rows, labels);
        final double temperature = TemperatureFit.fit(rows, labels);
        for (final float[] row : rows) {
            Temperature.apply(row, 0, CLASSES, temperature);
        }
        assertThat(before).isGreaterThan(0.1);
        assertThat(ece(rows, labels)).isLessThan(0.02);
    }

    @Test
    void shouldStayInItsLimitsWhereTheModelIsAlwaysRightOrAlwaysWrong() {
        final float[][] rows = {{0.9f, 0.1f}, {0.8f, 0.2f}};
        assertThat(TemperatureFit.fit(rows, new int[] {0, 0}))
                .isBetween(TemperatureFit.LEAST, TemperatureFit.MOST);
        assertThat(TemperatureFit.fit(rows, new int[] {1, 1}))
                .isBetween(TemperatureFit.LEAST, TemperatureFit.MOST);
    }

    @Test
    void shouldBearAProbabilityOfZeroForTheRightClass() {
        final float[][] rows = {{1, 0}, {0.6f, 0.4f}, {0.7f, 0.3f}};
        assertThat(TemperatureFit.fit(rows, new int[] {1, 0, 0})).isFinite();
    }

    /**
     * Rows of probabilities and labels drawn from them: a model that is exactly as sure as right.
     */
    private static void draw(final float[][] rows, final int[] labels, final long seed) {
        final Random random = new Random(seed);
        for (int i = 0; i < rows.length; i++) {
            final double[] weights = new double[CLASSES];
            Arrays.setAll(weights, c -> Math.exp(2 * random.nextGaussian()));
            final double sum = Arrays.stream(weights).sum();
            rows[i] = new float[CLASSES];
            double left = random.nextDouble() * sum;
            labels[i] = CLASSES - 1;
            for (int c = 0; c < CLASSES; c++) {
                rows[i][c] = (float) (weights[c] / sum);
                left -= weights[c];
                if (left < 0) {
                    labels[i] = c;
                    left = Double.POSITIVE_INFINITY;
                }
            }
        }
    }

    private static double ece(final float[][] rows, final int[] labels) {
        final Answers answers = Answers.of(rows);
        return Evaluation.of(labels, answers.predicted(), answers.confidence(), CLASSES).ece();
    }
}
