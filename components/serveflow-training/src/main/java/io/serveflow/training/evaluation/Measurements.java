/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.drift.DriftReport;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierSpec;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.LabelledCaptures;
import io.serveflow.training.evaluation.BundleAnswers.CascadeAnswers;
import io.serveflow.training.evaluation.page.Wording;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.PacketWait;
import io.serveflow.training.tier.TierCost;
import io.serveflow.training.vote.VoteScores;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known of a bundle once it is evaluated.
 *
 * @param input what was measured on what
 * @param tiers by the order in which they are asked; the last one is the slow one
 * @param endings what ended the waits for what the last tier reads; empty where it is not timed
 * @param hops from each tier to the next
 * @param occluded the bundle with something hidden from it; none where the flows have no headers
 * @param drift how far the flows are from the bundle's reference, if it has one
 */
record Measurements(
        Input input,
        List<TierMeasurement> tiers,
        CascadeMeasurement cascade,
        Waiting slowOnly,
        Map<PacketWait.Ending, Integer> endings,
        List<EscalationCurve> hops,
        Baselines baselines,
        List<Occluded> occluded,
        Optional<DriftReport> drift,
        Optional<VoteScores> vote) {

    /**
     * What was measured on what.
     *
     * @param kind what the flows were read from; where it is not timed, all waits are taken for
     *     none
     * @param warnings what a reader must know before the numbers, one sentence each
     */
    record Input(
            BundleManifest bundle,
            Sample sample,
            LabelledCaptures.Counts counts,
            DataKind kind,
            List<String> warnings) {}

    /**
     * One tier that is asked of every flow.
     *
     * @param model what kind of model it is, for people
     */
    record TierMeasurement(TierSpec spec, String model, Evaluation score, TierCost cost) {}

    /**
     * The bundle as it is deployed.
     *
     * @param decidedBy the share of the flows that each tier decided
     * @param unclassified the share of the flows whose answer is none of the bundle's labels, or
     *     whose label the bundle does not know
     */
    record CascadeMeasurement(
            CascadeAnswers answers,
            Evaluation score,
            double[] decidedBy,
            Waiting waiting,
            double unclassified) {}

    /**
     * The time from first packet to verdict.
     *
     * @param full with the waiting of a sensor
     * @param toLastPacket the same if a sensor knew that no packet follows the last one
     */
    record Waiting(Latencies full, Latencies toLastPacket) {}

    /** What a bundle reaches with something hidden from it. */
    record Occluded(Occlusion occlusion, Evaluation cascade, List<Evaluation> tiers) {}

    BundleManifest bundle() {
        return input.bundle();
    }

    Sample sample() {
        return input.sample();
    }

    LabelledCaptures.Counts counts() {
        return input.counts();
    }

    DataKind kind() {
        return input.kind();
    }

    List<String> warnings() {
        return input.warnings();
    }

    /** The last tier, asked of every flow. */
    TierMeasurement slowest() {
        return tiers.get(tiers.size() - 1);
    }

    /** How many waits for what the last tier reads ended so. */
    int ended(final PacketWait.Ending ending) {
        return endings.getOrDefault(ending, 0);
    }

    /** Whether an answer can come so soon that how many do is worth reporting. */
    boolean canBeSoon() {
        return kind().timed() && tiers.stream().noneMatch(Reads::seconds);
    }

    /** What was measured, in the plural. */
    String unit() {
        return kind().unit();
    }

    /** What was measured, as many as there are, such as "1 flow" and "2 sessions". */
    String units(final long n) {
        return Wording.count(n, kind().one(), kind().unit());
    }

    /** How many times shorter the median latency is than that of the last tier alone. */
    double speedup() {
        return slowOnly.full().quantile(0.5) / cascade.waiting().full().quantile(0.5);
    }

    /** Whether more than half of the flows never have the packets that the last tier reads. */
    boolean medianRunsOut() {
        return 2 * ended(PacketWait.Ending.TIMEOUT) > sample().size();
    }

    /** The same speed-up if a sensor knew that no packet follows the last one of a flow. */
    double speedupToLastPacket() {
        return slowOnly.toLastPacket().quantile(0.5)
                / cascade.waiting().toLastPacket().quantile(0.5);
    }
}
