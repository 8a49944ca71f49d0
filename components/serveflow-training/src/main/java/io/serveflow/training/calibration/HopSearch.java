/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import io.serveflow.model.HopThreshold;
import io.serveflow.model.UncertaintyScore;
import io.serveflow.training.score.Answers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Chooses the threshold of a hop from flows of which both the tier's answers and those after it are
 * known.
 *
 * <p>A better tier also breaks right answers. So a flow moves on only where its uncertainty is one
 * at which, by {@link GainCurve}, more is fixed than is broken and paid for.
 */
final class HopSearch {

    /**
     * A predicted label's own curve counts as much as that of all flows when it rests on so many
     * flows.
     */
    private static final double PRIOR_FLOWS = 100;

    /** No flow is more uncertain than that. */
    private static final double NEVER = 1;

    private final UncertaintyScore score;
    private final int classes;
    private final int[] predicted;
    private final double[] uncertainty;
    private final int[] order;

    /**
     * @param score what the threshold will be compared with
     * @param probabilities calibrated probabilities of the tier, one row a flow
     */
    HopSearch(final UncertaintyScore score, final float[][] probabilities) {
        this.score = score;
        this.classes = probabilities.length == 0 ? 0 : probabilities[0].length;
        this.predicted = Answers.of(probabilities).predicted();
        this.uncertainty = new double[probabilities.length];
        Arrays.setAll(uncertainty, i -> score.of(probabilities[i], 0, classes));
        this.order =
                IntStream.range(0, uncertainty.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> uncertainty[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    /** What the tier predicts for each flow. */
    int[] predicted() {
        return predicted;
    }

    /**
     * The threshold between the tier and what comes after it.
     *
     * @param gained by moving each flow on, its price paid
     */
    HopThreshold choose(final double[] gained, final HopPolicy policy) {
        final GainCurve all = GainCurve.fit(order, uncertainty, gained);
        return switch (policy) {
            case UNIVERSAL -> new HopThreshold(score, all.turn(all, 1));
            case WHERE_IT_PAYS -> whereItPays(gained, all);
            case PER_CLASS -> perClass(gained, all);
        };
    }

    /**
     * One threshold, found twice: the second time without the labels whose flows above the first
     * one lose more by moving on than they gain.
     */
    private HopThreshold whereItPays(final double[] gained, final GainCurve all) {
        final double first = all.turn(all, 1);
        final double[] sums = new double[classes];
        for (int i = 0; i < gained.length; i++) {
            sums[predicted[i]] += uncertainty[i] > first ? gained[i] : 0;
        }
        final GainCurve paying =
                GainCurve.fit(
                        Arrays.stream(order).filter(i -> sums[predicted[i]] > 0).toArray(),
                        uncertainty,
                        gained);
        final double second = paying.turn(paying, 1);
        final double[] thresholds = new double[classes];
        Arrays.setAll(thresholds, label -> sums[label] > 0 ? second : NEVER);
        return new HopThreshold(score, thresholds);
    }

    private HopThreshold perClass(final double[] gained, final GainCurve all) {
        final double[] thresholds = new double[classes];
        Arrays.setAll(
                thresholds,
                label -> {
                    final int[] own =
                            Arrays.stream(order).filter(i -> predicted[i] == label).toArray();
                    return GainCurve.fit(own, uncertainty, gained)
                            .turn(all, own.length / (own.length + PRIOR_FLOWS));
                });
        return new HopThreshold(score, thresholds);
    }
}
