/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.Cascade;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.vote.Ballot;
import io.serveflow.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a bundle answers to flows, tier by tier and as the cascade that it is deployed as.
 *
 * @param tiers what each tier answers when it is asked of every flow
 * @param cascade the answers that stand when the tiers are asked one after the other
 */
record BundleAnswers(List<TierAnswers> tiers, CascadeAnswers cascade) {

    private static final int BATCH = 256;

    /**
     * The answers of one tier.
     *
     * @param probabilities calibrated, those of flow i at {@code [i * classes, (i + 1) * classes)}
     * @param predicted the most probable label of each flow
     * @param confidence its probability
     */
    record TierAnswers(
            TierSpec spec,
            int classes,
            float[] probabilities,
            int[] predicted,
            double[] confidence) {}

    /**
     * The answers of all tiers together.
     *
     * @param predicted a label's index, or {@link Evaluation#NO_ANSWER} for an answer that is none
     *     of the bundle's labels
     * @param decidedBy the index of the tier whose answer stands
     */
    record CascadeAnswers(int[] predicted, double[] confidence, int[] decidedBy) {

        /** The share of the flows that a tier decided. */
        double share(final int tier) {
            int n = 0;
            for (final int decider : decidedBy) {
                n += decider == tier ? 1 : 0;
            }
            return (double) n / decidedBy.length;
        }
    }

    /** Asks every tier of every flow, and the cascade. */
    static BundleAnswers of(
            final Bundle bundle, final List<FlowRecord> flows, final LongSupplier nanoClock) {
        final List<TierAnswers> tiers = new ArrayList<>();
        for (final TierModel tier : bundle.tiers()) {
            tiers.add(ask(tier, flows));
        }
        return new BundleAnswers(List.copyOf(tiers), decide(bundle, flows, nanoClock));
    }

    /** What the cascade's answers for a sample count in a vote. */
    List<Ballot> ballots(final Sample sample, final List<String> labels) {
        final List<Ballot> ballots = new ArrayList<>();
        for (int flow = 0; flow < sample.size(); flow++) {
            ballots.add(
                    new Ballot(
                            sample.flows().get(flow),
                            sample.captures().get(flow),
                            sample.actual()[flow],
                            0,
                            cascade.predicted[flow] == Evaluation.NO_ANSWER,
                            Ballot.top(
                                    labels,
                                    tiers.get(cascade.decidedBy[flow]).probabilities,
                                    flow * labels.size())));
        }
        return ballots;
    }

    private static TierAnswers ask(final TierModel tier, final List<FlowRecord> flows) {
        final int classes = tier.classes();
        final float[] probabilities = new float[flows.size() * classes];
        tier.score(flows.size(), flows::get, probabilities);
        final int[] predicted = new int[flows.size()];
        final double[] confidence = new double[flows.size()];
        for (int i = 0; i < predicted.length; i++) {
            int best = 0;
            for (int c = 1; c < classes; c++) {
                if (probabilities[i * classes + c] > probabilities[i * classes + best]) {
                    best = c;
                }
            }
            predicted[i] = best;
            confidence[i] = probabilities[i * classes + best];
        }
        return new TierAnswers(tier.spec(), classes, probabilities, predicted, confidence);
    }

    /** Through the same code as in a route, so that thresholds mean here what they mean there. */
    private static CascadeAnswers decide(
            final Bundle bundle, final List<FlowRecord> flows, final LongSupplier nanoClock) {
        final Cascade cascade = new Cascade(bundle, nanoClock, new Ledger(), (flow, verdict) -> {});
        final List<String> labels = bundle.manifest().labels();
        final List<String> tiers = bundle.manifest().tiers().stream().map(TierSpec::name).toList();
        final CascadeAnswers answers =
                new CascadeAnswers(
                        new int[flows.size()], new double[flows.size()], new int[flows.size()]);
        for (int from = 0; from < flows.size(); from += BATCH) {
            final FlowBatch batch =
                    cascade.decide(
                            FlowBatch.of(
                                    flows.subList(from, Math.min(flows.size(), from + BATCH))));
            for (int row = 0; row < batch.size(); row++) {
                final Verdict verdict = batch.verdict(row);
                final int label = labels.indexOf(verdict.label());
                answers.predicted[from + row] = label < 0 ? Evaluation.NO_ANSWER : label;
                answers.confidence[from + row] = verdict.confidence();
                answers.decidedBy[from + row] = tiers.indexOf(verdict.tier());
            }
        }
        return answers;
    }
}
