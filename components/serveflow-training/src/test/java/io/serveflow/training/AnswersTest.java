/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.model.HopThreshold;
import io.serveflow.model.UncertaintyScore;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class AnswersTest {

    private static final int FLOWS = 300;
    private static final int CLASSES = 4;

    @Property(tries = 200)
    void shouldMoveNoMoreFlowsTheHigherTheThreshold(
            @ForAll final UncertaintyScore score,
            @ForAll @IntRange(min = 1, max = 1_000) final int seed,
            @ForAll @DoubleRange(min = 0, max = 1) final double one,
            @ForAll @DoubleRange(min = 0, max = 1) final double other) {
        final float[][] rows = rows(seed);

        assertThat(moved(rows, new HopThreshold(score, Math.max(one, other))))
                .isLessThanOrEqualTo(moved(rows, new HopThreshold(score, Math.min(one, other))));
    }

    @Property(tries = 200)
    void shouldMoveNoMoreFlowsTheHigherTheThresholdOfALabel(
            @ForAll final UncertaintyScore score,
            @ForAll @IntRange(min = 1, max = 1_000) final int seed,
            @ForAll @IntRange(min = 0, max = CLASSES - 1) final int label,
            @ForAll @DoubleRange(min = 0, max = 0.9) final double low,
            @ForAll @DoubleRange(min = 0, max = 0.1) final double more) {
        final float[][] rows = rows(seed);
        final double[] values = new double[CLASSES];
        Arrays.fill(values, 0.4);
        values[label] = low;
        final Answers before = cascade(rows, new HopThreshold(score, values));
        values[label] = low + more;
        final Answers after = cascade(rows, new HopThreshold(score, values));

        final int[] predicted = Answers.of(rows).predicted();
        for (int flow = 0; flow < FLOWS; flow++) {
            if (predicted[flow] == label) {
                assertThat(after.decidedBy()[flow]).isLessThanOrEqualTo(before.decidedBy()[flow]);
            } else {
                assertThat(after.decidedBy()[flow]).isEqualTo(before.decidedBy()[flow]);
            }
        }
    }

    private static double moved(final float[][] rows, final HopThreshold hop) {
        return cascade(rows, hop).share(1);
    }

    private static Answers cascade(final float[][] rows, final HopThreshold hop) {
        return Answers.cascade(List.of(rows, rows), List.of(hop));
    }

    private static float[][] rows(final int seed) {
        final Random random = new Random(seed);
        final float[][] rows = new float[FLOWS][CLASSES];
        for (final float[] row : rows) {
            float sum = 0;
            for (int c = 0; c < CLASSES; c++) {
                row[c] = (float) Math.exp(3 * random.nextGaussian());
                sum += row[c];
            }
            for (int c = 0; c < CLASSES; c++) {
                row[c] /= sum;
            }
        }
        return rows;
    }
}
