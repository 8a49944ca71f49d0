/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.fold;

import io.serveflow.training.data.Dataset;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.tier.TrainedTier;
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
 * @param parity largest difference between the trainers' probabilities and the exported models'
 */
public record CrossFit(List<float[][]> raw, double parity) {

    /** Trains one tier for one rotation. */
    @FunctionalInterface
    public interface Trainer {

        /**
         * A tier trained on the flows outside a fold and compared with its trainer on those in it.
         *
         * @param fold the fold that is left out
         */
        TrainedTier train(TierPlan plan, int fold);
    }

    /** Trains and scores every tier once a fold. */
    public static CrossFit of(
            final Dataset data, final List<TierPlan> plans, final Trainer trainer) {
        final List<float[][]> raw = new ArrayList<>();
        plans.forEach(plan -> raw.add(new float[data.labels().length][]));
        double parity = 0;
        for (int fold = 0; fold < data.folds().count(); fold++) {
            final int[] tested = data.folds().in(fold);
            for (int i = 0; i < plans.size(); i++) {
                try (TrainedTier tier = trainer.train(plans.get(i), fold)) {
                    parity = Math.max(parity, tier.parity());
                    final float[][] scores = tier.score(data.flows(tested));
                    for (int row = 0; row < tested.length; row++) {
                        raw.get(i)[tested[row]] = scores[row];
                    }
                }
            }
        }
        return new CrossFit(List.copyOf(raw), parity);
    }

    /** The scores of some of the tiers. */
    public CrossFit ofTiers(final List<Integer> tiers) {
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
