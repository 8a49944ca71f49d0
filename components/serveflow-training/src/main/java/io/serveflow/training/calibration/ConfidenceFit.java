/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import io.serveflow.model.ConfidenceMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fits a {@link ConfidenceMap} by isotonic regression (Zadrozny and Elkan, KDD 2002): how often
 * answers of a confidence were right, the more often the higher it is.
 *
 * <p>Answers of like confidence go into bins of {@value #LEAST_FLOWS} flows or more, so that no
 * knot rests on less. Each bin counts {@value #PRIOR_FLOWS} flows more that are right as often as
 * they say, so that none becomes 0 or 1 by chance, and bins of nothing but right answers still show
 * the sure from the less sure. Below the least confidence that was seen the map falls to 0 in
 * proportion: nothing is known of answers there.
 */
final class ConfidenceFit {

    /** Fewer flows say too little of how often answers like them are right. */
    static final int LEAST_FLOWS = 100;

    /** Flows that are taken to be right as often as they say, a bin. */
    static final int PRIOR_FLOWS = 5;

    private ConfidenceFit() {}

    /**
     * The map.
     *
     * @param confidence of each answer, as the map will find it; one answer at least
     * @param right whether the answer was right
     */
    static ConfidenceMap fit(final double[] confidence, final boolean[] right) {
        final List<Step> steps = pooled(bins(confidence, right));
        while (steps.size() >= ConfidenceMap.MOST_KNOTS) {
            mergeClosest(steps);
        }
        final double[] from = new double[steps.size() + 1];
        final double[] to = new double[steps.size() + 1];
        for (int i = 0; i < steps.size(); i++) {
            from[i + 1] = Math.min(1, steps.get(i).confidence());
            to[i + 1] = Math.min(1, steps.get(i).right());
        }
        return new ConfidenceMap(from, to);
    }

    /**
     * Answers of like confidence.
     *
     * @param flows how many
     * @param said the sum of their confidences
     * @param hits how many were right, prior flows among them
     * @param trials how many flows and prior flows they are
     */
    private record Step(double flows, double said, double hits, double trials) {

        double confidence() {
            return said / flows;
        }

        double right() {
            return hits / trials;
        }

        Step with(final Step other) {
            return new Step(
                    flows + other.flows,
                    said + other.said,
                    hits + other.hits,
                    trials + other.trials);
        }
    }

    private static List<Step> bins(final double[] confidence, final boolean[] right) {
        final int[] order =
                IntStream.range(0, confidence.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> confidence[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        final List<Step> bins = new ArrayList<>();
        for (int n = 0; n < order.length; ) {
            int flows = 0;
            double said = 0;
            int hits = 0;
            while (n < order.length
                    && (flows < LEAST_FLOWS
                            || order.length - n < LEAST_FLOWS
                            || confidence[order[n]] == confidence[order[n - 1]])) {
                flows++;
                said += confidence[order[n]];
                hits += right[order[n]] ? 1 : 0;
                n++;
            }
            bins.add(new Step(flows, said, hits + PRIOR_FLOWS * said / flows, flows + PRIOR_FLOWS));
        }
        return bins;
    }

    private static List<Step> pooled(final List<Step> bins) {
        final double[] rising =
                IsotonicFit.of(
                        bins.stream().mapToDouble(Step::right).toArray(),
                        bins.stream().mapToDouble(Step::trials).toArray());
        final List<Step> steps = new ArrayList<>();
        for (int i = 0; i < rising.length; i++) {
            if (i > 0 && rising[i] == rising[i - 1]) {
                steps.set(steps.size() - 1, steps.get(steps.size() - 1).with(bins.get(i)));
            } else {
                steps.add(bins.get(i));
            }
        }
        return steps;
    }

    /** Merges the two neighbours whose difference matters least. */
    private static void mergeClosest(final List<Step> steps) {
        int closest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i + 1 < steps.size(); i++) {
            final Step left = steps.get(i);
            final Step right = steps.get(i + 1);
            final double gap = right.right() - left.right();
            final double loss =
                    gap * gap * left.trials() * right.trials() / (left.trials() + right.trials());
            if (loss < least) {
                least = loss;
                closest = i;
            }
        }
        steps.set(closest, steps.get(closest).with(steps.remove(closest + 1)));
    }
}
