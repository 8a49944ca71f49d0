/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    /** Reference values computed by hand, as scikit-learn's f1_score defines them. */
    @Test
    void shouldScoreAsByHand() {
        final Evaluation evaluation =
                Evaluation.of(
                        new int[] {0, 0, 0, 1, 1, 2},
                        new int[] {0, 0, 1, 1, 2, 2},
                        new double[] {1, 1, 1, 1, 1, 1},
                        4);
        assertThat(evaluation.flows()).isEqualTo(6);
        assertThat(evaluation.accuracy()).isCloseTo(4.0 / 6, within(1e-12));
        assertThat(evaluation.classes().get(0))
                .isEqualTo(new Evaluation.ClassScore(3, 1, 2.0 / 3, 0.8));
        assertThat(evaluation.classes().get(1))
                .isEqualTo(new Evaluation.ClassScore(2, 0.5, 0.5, 0.5));
        assertThat(evaluation.classes().get(2).f1()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(evaluation.classes().get(3)).isEqualTo(new Evaluation.ClassScore(0, 0, 0, 0));
        assertThat(evaluation.macroF1()).isCloseTo((0.8 + 0.5 + 2.0 / 3) / 3, within(1e-12));
        assertThat(evaluation.weightedF1())
                .isCloseTo((3 * 0.8 + 2 * 0.5 + 2.0 / 3) / 6, within(1e-12));
    }

    @Test
    void shouldMeasureHowFarConfidenceIsFromBeingRight() {
        final int[] zeros = new int[10];
        final int[] half = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
        final double[] sure = new double[10];
        Arrays.fill(sure, 0.9);
        assertThat(Evaluation.of(half, zeros, sure, 2).ece()).isCloseTo(0.4, within(1e-12));
        final double[] fair = new double[10];
        Arrays.fill(fair, 0.5);
        assertThat(Evaluation.of(half, zeros, fair, 2).ece()).isCloseTo(0, within(1e-12));
    }

    @Test
    void shouldMeasureItForEachLabelThatIsAnswered() {
        final Evaluation evaluation =
                Evaluation.of(
                        new int[] {0, 0, 1, 1},
                        new int[] {0, 0, 0, 1},
                        new double[] {0.9, 0.9, 0.6, 0.7},
                        3);
        assertThat(evaluation.trust().get(0).answers()).isEqualTo(3);
        assertThat(evaluation.trust().get(0).confidence()).isCloseTo(0.8, within(1e-12));
        assertThat(evaluation.trust().get(0).ece()).isCloseTo(0.8 / 3, within(1e-12));
        assertThat(evaluation.trust().get(1).ece()).isCloseTo(0.3, within(1e-12));
        assertThat(evaluation.trust().get(2)).isEqualTo(new Evaluation.ClassTrust(0, 0, 0));
    }
}
