/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.UnknownThresholds;
import io.serveflow.training.data.Folds;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Objective;
import io.serveflow.training.score.TierWaits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What turns the raw scores of the tiers into a cascade: a calibration for each tier, a threshold
 * for each hop, and when an answer is withheld.
 *
 * @param tiers how each tier is calibrated
 * @param hops the thresholds between one tier and the next, one fewer than tiers
 * @param unknown when an answer is withheld, if it ever is
 */
public record Calibration(
        List<TierCalibration> tiers, List<HopThreshold> hops, Optional<UnknownThresholds> unknown) {

    /**
     * What the hops are chosen for.
     *
     * @param costs right answers that moving one flow to a tier must gain for what the tier costs
     *     to compute, by tier; that of the first tier is not used
     * @param policy whether predicted labels have thresholds of their own
     * @param kept the calibrations to keep, by tier; they are fitted if absent
     */
    public record Aim(
            double[] costs,
            Objective objective,
            HopPolicy policy,
            Optional<List<TierCalibration>> kept) {

        /** An aim that fits the calibrations of tiers. */
        public Aim(final double[] costs, final Objective objective, final HopPolicy policy) {
            this(costs, objective, policy, Optional.empty());
        }
    }

    /**
     * Fits tiers and chooses hops.
     *
     * @param raw the probabilities as the models give them, by tier, one row a flow; of flows on
     *     which these models were not trained
     * @param labels the class of each flow
     * @param folds of the same flows
     * @param waits of the same tiers and flows
     */
    public static Calibration fit(
            final List<float[][]> raw,
            final int[] labels,
            final Folds folds,
            final TierWaits waits,
            final Aim aim) {
        final TierCalibrationFit fit = new TierCalibrationFit(labels, folds);
        final List<TierCalibration> tiers =
                aim.kept().orElseGet(() -> raw.stream().map(fit::fit).toList());
        final List<float[][]> calibrated =
                new Calibration(tiers, List.of(), Optional.empty()).probabilities(raw);
        final List<HopThreshold> hops = new HopChoice(calibrated, labels, folds, waits, aim).hops();
        return new Calibration(
                tiers,
                hops,
                Optional.of(
                        UnknownChoice.of(
                                Answers.cascade(calibrated, hops),
                                labels,
                                calibrated.get(0)[0].length)));
    }

    /** What the cascade answers, all that is not withheld. */
    public Answers answers(final List<float[][]> probabilities) {
        final Answers all = Answers.cascade(probabilities, hops);
        return unknown.map(all::withheld).orElse(all);
    }

    /** The probabilities as the bundle will give them, by tier, one row a flow. */
    public List<float[][]> probabilities(final List<float[][]> raw) {
        final List<float[][]> calibrated = new ArrayList<>();
        for (int tier = 0; tier < raw.size(); tier++) {
            calibrated.add(TierCalibrationFit.calibrated(raw.get(tier), tiers.get(tier)));
        }
        return calibrated;
    }
}
