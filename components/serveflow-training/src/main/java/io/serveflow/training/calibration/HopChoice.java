/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import io.serveflow.model.HopThreshold;
import io.serveflow.model.UncertaintyScore;
import io.serveflow.training.data.Folds;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Outcome;
import io.serveflow.training.score.TierWaits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The choice of all hops of a cascade: a price is put on waiting, under which the hops are chosen
 * from the last to the first, each against what then comes after it; and the objective takes the
 * price.
 *
 * <p>What a price comes to is found on flows that its thresholds were not chosen on, fold by fold:
 * thresholds look better on their own flows than they are, and those of rare labels much better.
 */
final class HopChoice {

    private static final List<UncertaintyScore> SCORES = List.of(UncertaintyScore.values());

    /** Right answers that a flow has to gain for waiting; 0 is only what it costs to compute. */
    private static final double[] PRICES = prices();

    /** More than any answer is worth, so that nothing waits. */
    private static final double PROHIBITIVE = 1e6;

    private final List<float[][]> probabilities;
    private final int[] labels;
    private final int classes;
    private final Folds folds;
    private final TierWaits waits;
    private final Calibration.Aim aim;

    /**
     * @param probabilities calibrated, by tier, one row a flow
     * @param labels the class of each flow
     * @param folds of the same flows
     * @param waits of the same tiers and flows
     */
    HopChoice(
            final List<float[][]> probabilities,
            final int[] labels,
            final Folds folds,
            final TierWaits waits,
            final Calibration.Aim aim) {
        this.probabilities = probabilities;
        this.labels = labels;
        this.classes = probabilities.get(0)[0].length;
        this.folds = folds;
        this.waits = waits;
        this.aim = aim;
    }

    private record Candidate(UncertaintyScore score, double price) {}

    private record Judged(Candidate candidate, Outcome outcome) {}

    /** The thresholds between one tier and the next. */
    List<HopThreshold> hops() {
        if (probabilities.size() == 1) {
            return List.of();
        }
        final List<Candidate> candidates = new ArrayList<>();
        for (final UncertaintyScore score : SCORES) {
            for (final double price : PRICES) {
                candidates.add(new Candidate(score, price));
            }
        }
        final List<Answers> answers =
                candidates.stream().map(candidate -> Answers.room(labels.length)).toList();
        for (int fold = 0; fold < folds.count(); fold++) {
            final int[] judged = folds.in(fold);
            final List<float[][]> theirs = rows(probabilities, judged);
            final Part others = new Part(folds.outside(fold));
            for (int i = 0; i < candidates.size(); i++) {
                answers.get(i).put(judged, Answers.cascade(theirs, others.hops(candidates.get(i))));
            }
        }
        final List<Judged> outcomes = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            outcomes.add(
                    new Judged(
                            candidates.get(i), Outcome.of(answers.get(i), labels, classes, waits)));
        }
        final Candidate best = aim.objective().best(outcomes, Judged::outcome, slow()).candidate();
        return new Part(IntStream.range(0, labels.length).toArray()).hops(best);
    }

    private Outcome slow() {
        final int last = probabilities.size() - 1;
        return Outcome.of(
                Answers.of(probabilities.get(last)), labels, classes, waits.ofTiers(last));
    }

    private static List<float[][]> rows(final List<float[][]> tiers, final int[] rows) {
        return tiers.stream()
                .map(tier -> Arrays.stream(rows).mapToObj(row -> tier[row]).toArray(float[][]::new))
                .toList();
    }

    private static double[] prices() {
        final double[] prices = new double[32];
        Arrays.setAll(prices, i -> i == 0 ? 0 : 0.004 * Math.pow(1.22, i - 1));
        prices[prices.length - 1] = PROHIBITIVE;
        return prices;
    }

    /** Some of the flows, from which hops are chosen. */
    private final class Part {

        private final List<float[][]> tiers;
        private final int[] actual;
        private final double[] weights;
        private final List<List<HopSearch>> searches = new ArrayList<>();

        Part(final int[] rows) {
            this.tiers = rows(probabilities, rows);
            this.actual = Arrays.stream(rows).map(row -> labels[row]).toArray();
            this.weights = weights(actual);
            for (final UncertaintyScore score : SCORES) {
                searches.add(
                        tiers.subList(0, tiers.size() - 1).stream()
                                .map(tier -> new HopSearch(score, tier))
                                .toList());
            }
        }

        List<HopThreshold> hops(final Candidate candidate) {
            final List<HopSearch> ofScore = searches.get(SCORES.indexOf(candidate.score()));
            final List<HopThreshold> hops = new ArrayList<>();
            for (int tier = ofScore.size() - 1; tier >= 0; tier--) {
                final HopSearch search = ofScore.get(tier);
                hops.add(0, search.choose(gains(search, tier, hops, candidate), aim.policy()));
            }
            return List.copyOf(hops);
        }

        private double[] gains(
                final HopSearch search,
                final int tier,
                final List<HopThreshold> hopsAfter,
                final Candidate candidate) {
            final int next = tier + 1;
            final Answers after = Answers.cascade(tiers.subList(next, tiers.size()), hopsAfter);
            final double[] gains = new double[actual.length];
            for (int row = 0; row < gains.length; row++) {
                final int fixed = after.predicted()[row] == actual[row] ? 1 : 0;
                final int had = search.predicted()[row] == actual[row] ? 1 : 0;
                final boolean starts =
                        waits.moves(next + after.decidedBy()[row]) && !waits.moves(tier);
                gains[row] =
                        weights[row] * (fixed - had)
                                - aim.costs()[next]
                                - (starts ? candidate.price() : 0);
            }
            return gains;
        }
    }

    /** A right answer counts more the rarer its label is, as the objective says. */
    private double[] weights(final int[] actual) {
        final int[] support = new int[classes];
        for (final int label : actual) {
            support[label]++;
        }
        return Arrays.stream(actual)
                .mapToDouble(
                        label ->
                                Math.pow(
                                        actual.length / ((double) classes * support[label]),
                                        aim.objective().rarity()))
                .toArray();
    }
}
