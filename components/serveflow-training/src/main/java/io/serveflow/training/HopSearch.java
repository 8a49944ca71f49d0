/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.model.HopThreshold;
import io.serveflow.model.UncertaintyScore;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses when a flow moves to the next tier.
 *
 * <p>The rule: on the calibration flows, take the threshold with the most right answers, where
 * every flow that moves on costs a fixed part of a right answer. So flows move on as long as the
 * more uncertain ones gain more than they cost; where the next tier is no better, none do. Of
 * thresholds as good as each other the one that moves the fewest flows is taken. All scores are
 * tried, least-confidence first, and another one must do better to be chosen.
 */
final class HopSearch {

    /** Order of trial: of two that do as well the first is taken. */
    private static final List<UncertaintyScore> SCORES =
            List.of(
                    UncertaintyScore.LEAST_CONFIDENCE,
                    UncertaintyScore.MARGIN,
                    UncertaintyScore.ENTROPY);

    private HopSearch() {}

    /**
     * The threshold between a tier and what comes after it.
     *
     * @param probabilities calibrated probabilities of the tier, one row a calibration flow
     * @param right whether the tier is right about each flow
     * @param rightAfter whether the tiers after it are
     * @param cost right answers that moving one flow on must gain, 0 or more
     */
    static HopThreshold choose(
            final float[][] probabilities,
            final boolean[] right,
            final boolean[] rightAfter,
            final double cost) {
        Candidate best = null;
        for (final UncertaintyScore score : SCORES) {
            final Candidate candidate = best(score, probabilities, right, rightAfter, cost);
            if (best == null || candidate.gain > best.gain) {
                best = candidate;
            }
        }
        return new HopThreshold(best.score, best.threshold);
    }

    private static Candidate best(
            final UncertaintyScore score,
            final float[][] probabilities,
            final boolean[] right,
            final boolean[] rightAfter,
            final double cost) {
        final double[] uncertainty = new double[right.length];
        Arrays.setAll(uncertainty, i -> score.of(probabilities[i], 0, probabilities[i].length));
        final Integer[] order = new Integer[right.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble((Integer i) -> uncertainty[i]).reversed());

        double gain = 0;
        Candidate best = new Candidate(score, 1, 0);
        for (int n = 0; n < order.length; n++) {
            final int i = order[n];
            gain += (rightAfter[i] ? 1 : 0) - (right[i] ? 1 : 0) - cost;
            final double next = n + 1 < order.length ? uncertainty[order[n + 1]] : 0;
            if (gain > best.gain && next < uncertainty[i]) {
                best = new Candidate(score, (uncertainty[i] + next) / 2, gain);
            }
        }
        return best;
    }

    private record Candidate(UncertaintyScore score, double threshold, double gain) {}
}
