/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.model.HopThreshold;
import io.serveflow.model.UncertaintyScore;
import io.serveflow.training.data.Folds;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.Objective;
import io.serveflow.training.score.Outcome;
import io.serveflow.training.score.TierWaits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HopChoiceTest {

    private static final int FLOWS = 3_000;
    private static final int CLASSES = 4;

    private final int[] labels = new int[FLOWS];
    private final Folds folds = new Folds(5, new int[FLOWS]);
    private final TierWaits waits = new TierWaits(new boolean[] {false, true}, new long[2][FLOWS]);

    @Test
    void shouldKeepToAShareThatWaits() {
        for (final HopPolicy policy : HopPolicy.values()) {
            assertThat(outcome(new Objective.MostEscalated(0.25), policy).escalated())
                    .isBetween(0.15, 0.27);
        }
    }

    @Test
    void shouldKeepCloseToTheLastTier() {
        final List<float[][]> tiers = tiers(1);
        final double slow = macroF1(Answers.of(tiers.get(1)));
        for (final HopPolicy policy : HopPolicy.values()) {
            final Outcome outcome = outcome(new Objective.NearSlow(0.02), policy);
            assertThat(outcome.macroF1()).isGreaterThan(slow - 0.03);
            assertThat(outcome.escalated()).isLessThan(0.9);
        }
    }

    @Test
    void shouldLetFewerWaitTheLessF1IsAskedFor() {
        double last = 1;
        for (final double f1 : new double[] {0.9, 0.8, 0.7, 0.6}) {
            final double escalated =
                    outcome(new Objective.LeastF1(f1), HopPolicy.UNIVERSAL).escalated();
            assertThat(escalated).isLessThanOrEqualTo(last);
            last = escalated;
        }
    }

    @Test
    void shouldLetMoreWaitForMacroF1ThanForAsFewAsPossible() {
        for (final HopPolicy policy : HopPolicy.values()) {
            final Outcome best = outcome(new Objective.BestF1(), policy);
            final Outcome few = outcome(new Objective.NearSlow(0.02), policy);

            assertThat(best.macroF1()).isGreaterThanOrEqualTo(few.macroF1());
            assertThat(best.escalated()).isGreaterThan(few.escalated());
        }
    }

    @Test
    void shouldMoveNothingWhereTheLastTierKnowsNoMore() {
        final List<float[][]> tiers = tiers(2);
        final List<HopThreshold> hops =
                choice(List.of(tiers.get(0), tiers.get(0)), new Objective.LeastF1(1), 0.001);
        assertThat(Answers.cascade(tiers, hops).share(1)).isZero();
    }

    /** Who moves a flow only where that fixes an answer is right wherever any tier is. */
    @Property(tries = 30)
    void shouldNeverBeRightMoreOftenThanTheOracle(
            @ForAll @IntRange(min = 1, max = 1_000) final int seed,
            @ForAll @DoubleRange(min = 0, max = 1) final double threshold) {
        final List<float[][]> tiers = tiers(seed);
        final boolean[] fast = Answers.right(Answers.of(tiers.get(0)).predicted(), labels);
        final boolean[] slow = Answers.right(Answers.of(tiers.get(1)).predicted(), labels);
        final boolean[] cascade =
                Answers.right(
                        Answers.cascade(
                                        tiers,
                                        List.of(
                                                new HopThreshold(
                                                        UncertaintyScore.ENTROPY, threshold)))
                                .predicted(),
                        labels);
        for (int row = 0; row < FLOWS; row++) {
            assertThat(!cascade[row] || fast[row] || slow[row]).isTrue();
        }
    }

    /** Whatever temperature is fitted, a tier's answer stays what it was. */
    @Property(tries = 10)
    void shouldKeepTheAnswersOfATierWhenItIsCalibrated(
            @ForAll @IntRange(min = 1, max = 1_000) final int seed) {
        final List<float[][]> tiers = tiers(seed);
        final Calibration calibration =
                Calibration.fit(
                        tiers,
                        labels,
                        folds,
                        waits,
                        new Calibration.Aim(new double[2], Objective.DEFAULT, HopPolicy.PER_CLASS));
        final List<float[][]> calibrated = calibration.probabilities(tiers);
        for (int tier = 0; tier < 2; tier++) {
            assertThat(Answers.of(calibrated.get(tier)).predicted())
                    .isEqualTo(Answers.of(tiers.get(tier)).predicted());
            assertThat(calibration.tiers().get(tier).temperature()).isCloseTo(1, within(0.3));
        }
    }

    private Outcome outcome(final Objective objective, final HopPolicy policy) {
        final List<float[][]> tiers = tiers(1);
        final List<HopThreshold> hops =
                new HopChoice(
                                tiers,
                                labels,
                                folds,
                                waits,
                                new Calibration.Aim(new double[2], objective, policy))
                        .hops();
        return Outcome.of(Answers.cascade(tiers, hops), labels, CLASSES, waits);
    }

    private List<HopThreshold> choice(
            final List<float[][]> tiers, final Objective objective, final double cost) {
        return new HopChoice(
                        tiers,
                        labels,
                        folds,
                        waits,
                        new Calibration.Aim(new double[] {0, cost}, objective, HopPolicy.UNIVERSAL))
                .hops();
    }

    private double macroF1(final Answers answers) {
        return Evaluation.of(labels, answers.predicted(), answers.confidence(), CLASSES).macroF1();
    }

    /**
     * A tier that is right with the probability that it gives, and one that is right more often.
     */
    private List<float[][]> tiers(final int seed) {
        final Random random = new Random(seed);
        final List<float[][]> tiers =
                new ArrayList<>(List.of(new float[FLOWS][], new float[FLOWS][]));
        for (int row = 0; row < FLOWS; row++) {
            labels[row] = random.nextInt(CLASSES);
            folds.foldOf()[row] = random.nextInt(5);
            tiers.get(0)[row] = answer(labels[row], 0.4f + 0.59f * random.nextFloat(), random);
            tiers.get(1)[row] = answer(labels[row], 0.8f + 0.19f * random.nextFloat(), random);
        }
        return tiers;
    }

    private static float[] answer(final int label, final float best, final Random random) {
        final float[] row = new float[CLASSES];
        Arrays.fill(row, (1 - best) / (CLASSES - 1));
        final boolean right = random.nextFloat() < best;
        row[right ? label : (label + 1 + random.nextInt(CLASSES - 1)) % CLASSES] = best;
        return row;
    }
}
