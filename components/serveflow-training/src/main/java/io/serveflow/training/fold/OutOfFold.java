/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.fold;

import io.serveflow.flow.FlowTuple;
import io.serveflow.model.TierCalibration;
import io.serveflow.training.calibration.Calibration;
import io.serveflow.training.calibration.HopPolicy;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Objective;
import io.serveflow.training.score.Outcome;
import io.serveflow.training.score.PortTable;
import io.serveflow.training.score.TierWaits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The predictions for every flow of a dataset, had its group not been known: models, calibrations,
 * thresholds and baselines of each fold come from the others.
 *
 * @param tiers each tier answering all flows by itself
 * @param cascade all tiers together
 * @param given the calibrated probabilities behind the cascade's answers, one row a flow
 * @param portTable the table of transport and responder port
 * @param majority the commonest label
 */
public record OutOfFold(
        List<Answers> tiers,
        Answers cascade,
        float[][] given,
        Answers portTable,
        Answers majority) {

    /**
     * Answers fold by fold.
     *
     * @param waits of the same tiers and flows
     */
    public static OutOfFold of(
            final Dataset data,
            final CrossFit scores,
            final TierWaits waits,
            final Calibration.Aim aim) {
        final int flows = data.labels().length;
        final OutOfFold all =
                new OutOfFold(
                        scores.raw().stream().map(tier -> Answers.room(flows)).toList(),
                        Answers.room(flows),
                        new float[flows][],
                        Answers.room(flows),
                        Answers.room(flows));
        for (int fold = 0; fold < data.folds().count(); fold++) {
            all.answer(data, scores, waits, aim, fold);
        }
        return all;
    }

    /**
     * The policy that serves the objective better out of fold.
     *
     * @param costs see {@link Calibration.Aim}
     * @param kept see {@link Calibration.Aim}
     */
    public static Calibration.Aim bestAim(
            final Dataset data,
            final CrossFit scores,
            final TierWaits waits,
            final double[] costs,
            final Objective objective,
            final Optional<List<TierCalibration>> kept) {
        final int classes = data.names().size();
        final int last = scores.raw().size() - 1;
        final Map<Calibration.Aim, Outcome> outcomes = new LinkedHashMap<>();
        Outcome slow = new Outcome(0, 0, 0, 0);
        for (final HopPolicy policy : HopPolicy.values()) {
            final Calibration.Aim aim = new Calibration.Aim(costs, objective, policy, kept);
            final OutOfFold answers = of(data, scores, waits, aim);
            outcomes.put(aim, Outcome.of(answers.cascade, data.labels(), classes, waits));
            slow = Outcome.of(answers.tiers.get(last), data.labels(), classes, waits.ofTiers(last));
        }
        return objective.best(List.copyOf(outcomes.keySet()), outcomes::get, slow);
    }

    private void answer(
            final Dataset data,
            final CrossFit scores,
            final TierWaits waits,
            final Calibration.Aim aim,
            final int fold) {
        final int[] tested = data.folds().in(fold);
        final int[] others = data.folds().outside(fold);
        final Calibration calibration =
                Calibration.fit(
                        scores.raw(others),
                        data.labels(others),
                        data.folds().of(others),
                        waits.of(others),
                        aim);
        final List<float[][]> probabilities = calibration.probabilities(scores.raw(tested));
        for (int tier = 0; tier < probabilities.size(); tier++) {
            tiers.get(tier).put(tested, Answers.of(probabilities.get(tier)));
        }
        final Answers answers = calibration.answers(probabilities);
        cascade.put(tested, answers);
        for (int i = 0; i < tested.length; i++) {
            given[tested[i]] = probabilities.get(answers.decidedBy()[i])[i];
        }
        final PortTable ports =
                new PortTable(tuples(data, others), data.labels(others), data.names().size());
        portTable.put(
                tested,
                Answers.sure(tuples(data, tested).stream().mapToInt(ports::predict).toArray()));
        majority.put(
                tested, Answers.sure(Arrays.stream(tested).map(row -> ports.majority()).toArray()));
    }

    private static List<FlowTuple> tuples(final Dataset data, final int[] rows) {
        final List<FlowTuple> tuples = new ArrayList<>(rows.length);
        for (final int row : rows) {
            tuples.add(data.flows().get(row).tuple());
        }
        return tuples;
    }
}
