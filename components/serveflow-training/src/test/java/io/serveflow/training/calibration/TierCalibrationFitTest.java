/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.model.TierCalibration;
import io.serveflow.training.data.Folds;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TierCalibrationFitTest {

    private static final int FLOWS = 4_000;
    private static final int CLASSES = 5;

    private final int[] labels = new int[FLOWS];
    private final Folds folds = new Folds(5, new int[FLOWS]);

    @Test
    void shouldTakeATemperatureAloneWhereThatIsEnough() {
        final float[][] raw = rows(1, confidence -> confidence);

        final TierCalibration calibration = new TierCalibrationFit(labels, folds).fit(raw);

        assertThat(calibration.confidence()).isEmpty();
        assertThat(calibration.temperature()).isCloseTo(1, within(0.1));
    }

    @Test
    void shouldTakeAMapWhereATemperatureCannotFollow() {
        final float[][] raw = rows(2, confidence -> Math.min(confidence, 0.7));
        final TierCalibration calibration = new TierCalibrationFit(labels, folds).fit(raw);
        assertThat(calibration.confidence()).isPresent();

        final float[][] others = rows(3, confidence -> Math.min(confidence, 0.7));

        assertThat(error(others, calibration))
                .isLessThan(0.03)
                .isLessThan(error(others, TierCalibration.of(calibration.temperature())) / 2);
    }

    @Test
    void shouldTakeATemperatureAloneWhereNothingIsLeftToJudgeAMapOn() {
        final float[][] raw = rows(2, confidence -> Math.min(confidence, 0.7));

        assertThat(
                        new TierCalibrationFit(labels, new Folds(1, new int[FLOWS]))
                                .fit(raw)
                                .confidence())
                .isEmpty();
    }

    @Test
    void shouldTakeATemperatureAloneOfFewFlows() {
        final float[][] raw = rows(2, confidence -> Math.min(confidence, 0.7));
        final int few = 900;

        assertThat(
                        new TierCalibrationFit(
                                        Arrays.copyOf(labels, few),
                                        new Folds(5, Arrays.copyOf(folds.foldOf(), few)))
                                .fit(Arrays.copyOf(raw, few))
                                .confidence())
                .isEmpty();
    }

    @Property(tries = 5)
    void shouldNeverChangeAnAnswer(@ForAll @IntRange(min = 1, max = 1_000) final int seed) {
        final float[][] raw = rows(seed, confidence -> confidence > 0.8 ? 0.4 : confidence);

        final TierCalibration calibration = new TierCalibrationFit(labels, folds).fit(raw);

        assertThat(Answers.of(TierCalibrationFit.calibrated(raw, calibration)).predicted())
                .isEqualTo(Answers.of(raw).predicted());
    }

    private double error(final float[][] raw, final TierCalibration calibration) {
        final Answers answers = Answers.of(TierCalibrationFit.calibrated(raw, calibration));
        return Evaluation.of(labels, answers.predicted(), answers.confidence(), CLASSES).ece();
    }

    /** A tier that is right as often as a function of its confidence. */
    private float[][] rows(final int seed, final DoubleUnaryOperator rightness) {
        final Random random = new Random(seed);
        final float[][] rows = new float[FLOWS][CLASSES];
        for (int row = 0; row < FLOWS; row++) {
            final float best = 0.3f + 0.69f * random.nextFloat();
            final int top = random.nextInt(CLASSES);
            Arrays.fill(rows[row], (1 - best) / (CLASSES - 1));
            rows[row][top] = best;
            labels[row] =
                    random.nextDouble() < rightness.applyAsDouble(best)
                            ? top
                            : (top + 1 + random.nextInt(CLASSES - 1)) % CLASSES;
            folds.foldOf()[row] = random.nextInt(5);
        }
        return rows;
    }
}
