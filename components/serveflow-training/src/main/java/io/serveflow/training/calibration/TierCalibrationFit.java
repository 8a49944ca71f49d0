/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import io.serveflow.model.TierCalibration;
import io.serveflow.training.data.Folds;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import java.util.Arrays;
import java.util.Optional;

/**
 * Fits the calibration of a tier: a temperature, and a map of the confidence after it where that
 * wins.
 *
 * <p>Both are judged fold by fold on groups that they were not fitted on. The map wins where the
 * calibration error is smaller, and the squared difference between the confidence of an answer and
 * whether it was right is hardly larger: a map that says the same of all answers has no error and
 * says nothing.
 */
public final class TierCalibrationFit {

    /** A map of fewer bins than ten would make one of answers that a tier distinguishes. */
    private static final int LEAST_FLOWS = 10 * ConfidenceFit.LEAST_FLOWS;

    /**
     * By how much the calibration error must fall, times the root of the flows; less is chance.
     * That is 0.003 of 7,000 flows.
     */
    private static final double LEAST_GAIN = 0.25;

    /** By how much of itself the squared difference may grow. */
    private static final double MOST_LOSS = 0.01;

    private final int[] labels;
    private final Folds folds;

    /**
     * @param labels the class of each flow
     * @param folds of the same flows
     */
    public TierCalibrationFit(final int[] labels, final Folds folds) {
        this.labels = labels;
        this.folds = folds;
    }

    /**
     * The calibration.
     *
     * @param raw the probabilities as the model gives them, one row a flow
     */
    public TierCalibration fit(final float[][] raw) {
        final TierCalibration temperature = temperature(raw, labels);
        return labels.length >= LEAST_FLOWS && folds.count() > 1 && mapWins(raw)
                ? withMap(temperature, raw, labels)
                : temperature;
    }

    /** Rows after a calibration. */
    public static float[][] calibrated(final float[][] raw, final TierCalibration calibration) {
        return Arrays.stream(raw)
                .map(
                        row -> {
                            final float[] calibrated = row.clone();
                            calibration.apply(calibrated, 0, calibrated.length);
                            return calibrated;
                        })
                .toArray(float[][]::new);
    }

    private boolean mapWins(final float[][] raw) {
        final Answers tempered = Answers.room(labels.length);
        final Answers mapped = Answers.room(labels.length);
        for (int fold = 0; fold < folds.count(); fold++) {
            final int[] others = folds.outside(fold);
            final float[][] known = rows(raw, others);
            final int[] right = Arrays.stream(others).map(row -> labels[row]).toArray();
            final int[] judged = folds.in(fold);
            final float[][] unknown = rows(raw, judged);
            final TierCalibration temperature = temperature(known, right);
            tempered.put(judged, Answers.of(calibrated(unknown, temperature)));
            mapped.put(judged, Answers.of(calibrated(unknown, withMap(temperature, known, right))));
        }
        final int classes = raw[0].length;
        final double gain = error(tempered, classes) - error(mapped, classes);
        return gain * Math.sqrt(labels.length) >= LEAST_GAIN
                && loss(mapped) <= (1 + MOST_LOSS) * loss(tempered);
    }

    private static TierCalibration temperature(final float[][] raw, final int[] labels) {
        return TierCalibration.of(TemperatureFit.fit(raw, labels));
    }

    private static TierCalibration withMap(
            final TierCalibration temperature, final float[][] raw, final int[] labels) {
        final Answers answers = Answers.of(calibrated(raw, temperature));
        return new TierCalibration(
                temperature.temperature(),
                Optional.of(
                        ConfidenceFit.fit(
                                answers.confidence(), Answers.right(answers.predicted(), labels))));
    }

    private static float[][] rows(final float[][] all, final int[] rows) {
        return Arrays.stream(rows).mapToObj(row -> all[row]).toArray(float[][]::new);
    }

    private double error(final Answers answers, final int classes) {
        return Evaluation.of(labels, answers.predicted(), answers.confidence(), classes).ece();
    }

    private double loss(final Answers answers) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            final double off =
                    answers.confidence()[i] - (answers.predicted()[i] == labels[i] ? 1 : 0);
            sum += off * off;
        }
        return sum;
    }
}
