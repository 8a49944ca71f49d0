/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.model.HopThreshold;
import io.serveflow.model.UncertaintyScore;
import io.serveflow.training.score.Answers;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HopSearchTest {

    private static final int FLOWS = 1_000;

    @Test
    void shouldMoveOnWhatTheNextTierKnowsBetter() {
        final float[][] rows = new float[100][];
        final boolean[] right = new boolean[100];
        final boolean[] after = new boolean[100];
        for (int i = 0; i < 100; i++) {
            final float best = 0.55f + 0.004f * i;
            rows[i] = new float[] {best, 1 - best};
            right[i] = i >= 30;
            after[i] = i < 30 || i % 2 == 0;
        }
        final HopThreshold hop = choose(rows, right, after, 0);
        assertThat(hop.score()).isEqualTo(UncertaintyScore.LEAST_CONFIDENCE);
        assertThat(moved(rows, hop)).isEqualTo(30);
    }

    @Test
    void shouldMoveNothingWhereTheNextTierIsWorse() {
        final float[][] rows = random(1);
        final boolean[] right = new boolean[FLOWS];
        Arrays.fill(right, true);
        final HopThreshold hop = choose(rows, right, new boolean[FLOWS], 0);
        assertThat(moved(rows, hop)).isZero();
    }

    @Test
    void shouldMoveNothingWhereTheNextTierIsAsGood() {
        final float[][] rows = random(2);
        final boolean[] right = coins(3);
        assertThat(moved(rows, choose(rows, right, right, 0))).isZero();
    }

    @Test
    void shouldMoveEverythingWhereOnlyTheNextTierKnows() {
        final float[][] rows = random(4);
        final boolean[] after = new boolean[FLOWS];
        Arrays.fill(after, true);
        final HopThreshold hop = choose(rows, new boolean[FLOWS], after, 0);
        assertThat(moved(rows, hop)).isEqualTo(FLOWS);
    }

    @Test
    void shouldMoveFewerTheMoreAMoveCosts() {
        final float[][] rows = random(5);
        final boolean[] right = coins(6);
        final boolean[] after = new boolean[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            after[i] = right[i] || rows[i][0] < 0.8f && i % 3 == 0;
        }
        int last = FLOWS;
        for (final double cost : new double[] {0, 0.05, 0.1, 0.2, 0.4, 1}) {
            final int moved = moved(rows, choose(rows, right, after, cost));
            assertThat(moved).isLessThanOrEqualTo(last);
            last = moved;
        }
        assertThat(last).isZero();
    }

    @Test
    void shouldMoveFewerTheHigherTheThreshold() {
        final float[][] rows = random(7);
        for (final UncertaintyScore score : UncertaintyScore.values()) {
            double last = 1;
            for (int step = 0; step <= 100; step++) {
                final Answers answers =
                        Answers.cascade(
                                List.of(rows, rows),
                                List.of(new HopThreshold(score, step / 100.0)));
                assertThat(answers.share(1)).isLessThanOrEqualTo(last);
                last = answers.share(1);
            }
            assertThat(last).isZero();
        }
    }

    @Test
    void shouldGiveALabelAThresholdOfItsOwnWhereItsFlowsGainMore() {
        final float[][] rows = new float[FLOWS][];
        final double[] gained = new double[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            final float best = 0.6f + 0.35f * (i / 2) / FLOWS;
            rows[i] = i % 2 == 0 ? new float[] {best, 1 - best} : new float[] {1 - best, best};
            gained[i] = i % 2 == 0 ? 0.5 : -0.5;
        }
        final HopThreshold hop =
                new HopSearch(UncertaintyScore.MARGIN, rows).choose(gained, HopPolicy.PER_CLASS);
        assertThat(hop.values()[0]).isLessThan(0.3);
        assertThat(hop.values()[1]).isEqualTo(1);
    }

    /** Whatever is predicted, with labels apart or not. */
    @Test
    void shouldMoveNothingUnderAnyPolicyWhereTheNextTierIsWorseEverywhere() {
        final float[][] rows = random(9);
        final double[] gained = new double[FLOWS];
        Arrays.fill(gained, -0.01);
        for (final HopPolicy policy : HopPolicy.values()) {
            for (final UncertaintyScore score : UncertaintyScore.values()) {
                assertThat(moved(rows, new HopSearch(score, rows).choose(gained, policy))).isZero();
            }
        }
    }

    /** Unsure answers of both labels, and right ones of one label that the next tier breaks. */
    @Test
    void shouldKeepTheFlowsOfALabelWhoseRightAnswersTheNextTierBreaks() {
        final float[][] rows = new float[FLOWS][];
        final boolean[] right = new boolean[FLOWS];
        final boolean[] after = new boolean[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            final float best = 0.6f + 0.35f * (i / 2) / FLOWS;
            rows[i] = i % 2 == 0 ? new float[] {best, 1 - best} : new float[] {1 - best, best};
            right[i] = i % 2 == 1;
            after[i] = i % 2 == 0;
        }
        final double[] gained = new double[FLOWS];
        Arrays.setAll(gained, i -> (after[i] ? 1 : 0) - (right[i] ? 1 : 0));
        final HopThreshold hop =
                new HopSearch(UncertaintyScore.LEAST_CONFIDENCE, rows)
                        .choose(gained, HopPolicy.PER_CLASS);
        final Answers answers = Answers.cascade(List.of(rows, rows), List.of(hop));
        for (int i = 0; i < FLOWS; i++) {
            assertThat(answers.decidedBy()[i]).isEqualTo(i % 2 == 0 ? 1 : 0);
        }
    }

    /** Where unsure answers of one label gain and those of the other lose, but less. */
    @Test
    void shouldMoveOnlyLabelsThatPayUnderOneThreshold() {
        final float[][] rows = new float[FLOWS][];
        final double[] gained = new double[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            final float best = 0.55f + 0.4f * (i / 2) / FLOWS;
            rows[i] = i % 2 == 0 ? new float[] {best, 1 - best} : new float[] {1 - best, best};
            gained[i] = best > 0.7 ? -0.1 : i % 2 == 0 ? 0.5 : -0.2;
        }

        final HopThreshold hop =
                new HopSearch(UncertaintyScore.LEAST_CONFIDENCE, rows)
                        .choose(gained, HopPolicy.WHERE_IT_PAYS);

        assertThat(hop.values()[0]).isBetween(0.2, 0.31);
        assertThat(hop.values()[1]).isEqualTo(1);
    }

    @Test
    void shouldTrustALabelOfFewFlowsLessThanAllFlows() {
        final float[][] rows = random(8);
        final double[] gained = new double[FLOWS];
        Arrays.fill(gained, -0.2);
        for (int i = 0; i < 5; i++) {
            rows[i] = new float[] {0.1f, 0.8f, 0.1f};
            gained[i] = 1;
        }
        final HopThreshold hop =
                new HopSearch(UncertaintyScore.MARGIN, rows).choose(gained, HopPolicy.PER_CLASS);
        assertThat(hop.escalates(1, 0.3)).isFalse();
    }

    private static HopThreshold choose(
            final float[][] rows,
            final boolean[] right,
            final boolean[] after,
            final double price) {
        final double[] gained = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            gained[i] = (after[i] ? 1 : 0) - (right[i] ? 1 : 0) - price;
        }
        return new HopSearch(UncertaintyScore.LEAST_CONFIDENCE, rows)
                .choose(gained, HopPolicy.UNIVERSAL);
    }

    private static int moved(final float[][] rows, final HopThreshold hop) {
        final Answers answers =
                Answers.cascade(List.of(rows, rows), Collections.singletonList(hop));
        return (int) Math.round(answers.share(1) * rows.length);
    }

    private static float[][] random(final long seed) {
        final Random random = new Random(seed);
        final float[][] rows = new float[FLOWS][];
        for (int i = 0; i < FLOWS; i++) {
            final float best = 0.5f + 0.5f * random.nextFloat();
            rows[i] = new float[] {best, (1 - best) * 0.75f, (1 - best) * 0.25f};
        }
        return rows;
    }

    private static boolean[] coins(final long seed) {
        final Random random = new Random(seed);
        final boolean[] coins = new boolean[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            coins[i] = random.nextBoolean();
        }
        return coins;
    }
}
