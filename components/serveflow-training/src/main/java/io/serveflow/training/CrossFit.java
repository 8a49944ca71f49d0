/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The raw scores of tiers for all flows of a dataset, each flow scored by models that were trained
 * without its fold and so without its group.
 *
 * <p>Calibrations and thresholds are a few numbers that are fitted on scores. Those under which a
 * fold is tested are fitted on the scores of the other folds; those that a bundle gets, on all. The
 * models that scored the other folds had the tested fold among their training data, which can reach
 * its result only through these few numbers.
 *
 * @param raw by tier, one row a flow, as the models give them
 * @param parity largest difference between XGBoost's probabilities and the exported models'
 */
record CrossFit(List<float[][]> raw, double parity) {

    /** Trains one tier for one rotation. */
    @FunctionalInterface
    interface Trainer {

        /**
         * A tier trained on some flows.
         *
         * @param rows the flows by their numbers
         * @param fold the fold that is left out
         */
        TrainedTier train(TierPlan plan, int[] rows, int fold);
    }

    /** Trains and scores every tier once a fold. */
    static CrossFit of(final Dataset data, final List<TierPlan> plans, final Trainer trainer) {
        final List<float[][]> raw = new ArrayList<>();
        plans.forEach(plan -> raw.add(new float[data.labels().length][]));
        double parity = 0;
        for (int fold = 0; fold < data.folds().count(); fold++) {
            final int[] tested = data.folds().in(fold);
            for (int i = 0; i < plans.size(); i++) {
                try (TrainedTier tier =
                        trainer.train(plans.get(i), data.folds().outside(fold), fold)) {
                    final var flows = data.flows(tested);
                    parity = Math.max(parity, tier.parity(flows));
                    final float[][] scores = tier.score(flows);
                    for (int row = 0; row < tested.length; row++) {
                        raw.get(i)[tested[row]] = scores[row];
                    }
                }
            }
        }
        return new CrossFit(List.copyOf(raw), parity);
    }

    /** The scores of some of the tiers. */
    CrossFit ofTiers(final List<Integer> tiers) {
        return new CrossFit(tiers.stream().map(raw::get).toList(), parity);
    }

    /** The scores of some flows. */
    List<float[][]> raw(final int[] rows) {
        return raw.stream()
                .map(
                        scores ->
                                Arrays.stream(rows)
                                        .mapToObj(row -> scores[row])
                                        .toArray(float[][]::new))
                .toList();
    }
}
