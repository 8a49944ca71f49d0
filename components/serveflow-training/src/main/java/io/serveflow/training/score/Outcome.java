/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

/**
 * What a cascade comes to on some flows.
 *
 * @param macroF1 its macro F1
 * @param accuracy the share of right answers
 * @param escalated the share of the flows that waited for more packets than packet 1
 * @param meanMillis milliseconds that a flow waited for its packets on average, as the tier that
 *     answered reads them
 */
public record Outcome(double macroF1, double accuracy, double escalated, double meanMillis) {

    private static final double MICROS = 1e3;

    /** Judges answers. */
    public static Outcome of(
            final Answers answers, final int[] labels, final int classes, final TierWaits waits) {
        int escalated = 0;
        double micros = 0;
        for (int row = 0; row < labels.length; row++) {
            escalated += waits.moves(answers.decidedBy()[row]) ? 1 : 0;
            micros += waits.micros(answers.decidedBy()[row], row);
        }
        final Evaluation evaluation =
                Evaluation.of(labels, answers.predicted(), answers.confidence(), classes);
        return new Outcome(
                evaluation.macroF1(),
                evaluation.accuracy(),
                (double) escalated / labels.length,
                waits.known() ? micros / MICROS / labels.length : Double.NaN);
    }
}
