/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import io.serveflow.model.UnknownThresholds;
import io.serveflow.training.score.Answers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Chooses below which confidence a cascade withholds its answer: where, on flows that it was not
 * trained on, fewer than one such answer in four was right.
 */
final class UnknownChoice {

    /** An answer that is right less often than this is worth less than none. */
    static final double LEAST_RIGHT = 0.25;

    /** As in {@link HopSearch}: so many flows of a label count as much as all flows together. */
    private static final double PRIOR_FLOWS = 100;

    private UnknownChoice() {}

    /**
     * The thresholds.
     *
     * @param answers of the cascade, none withheld
     * @param labels the class of each flow
     */
    static UnknownThresholds of(final Answers answers, final int[] labels, final int classes) {
        final double[] worth = new double[labels.length];
        Arrays.setAll(worth, i -> (answers.predicted()[i] == labels[i] ? 1 : 0) - LEAST_RIGHT);
        final double[] confidence = answers.confidence();
        final int[] order =
                IntStream.range(0, labels.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> confidence[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        final GainCurve all = GainCurve.fit(order, confidence, worth);
        final double[] least = new double[classes];
        Arrays.setAll(
                least,
                label -> {
                    final int[] own =
                            Arrays.stream(order)
                                    .filter(i -> answers.predicted()[i] == label)
                                    .toArray();
                    final GainCurve curve = GainCurve.fit(own, confidence, worth);
                    final double share = own.length / (own.length + PRIOR_FLOWS);
                    // Below the lowest confidence that was seen nothing speaks against an answer.
                    return own.length == 0 || share * curve.at(0) + (1 - share) * all.at(0) > 0
                            ? 0
                            : curve.turn(all, share);
                });
        return new UnknownThresholds(least);
    }
}
