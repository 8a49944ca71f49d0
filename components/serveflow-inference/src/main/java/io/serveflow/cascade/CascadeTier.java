/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.batch.FlowBatch;
import io.serveflow.feature.ContextReach;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.Idle;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.model.UncertaintyScore;
import io.serveflow.model.UnknownThresholds;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import io.serveflow.verdict.VerdictStage;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One tier of a cascade at work: it answers for the flows of a batch and says, by the threshold of
 * its hop, which answers stand and which flows move on.
 *
 * <p>Safe for use by many threads, each with its own batch.
 */
public final class CascadeTier {

    private final TierModel model;
    private final TierSpec spec;
    private final ContextReach reach;
    private final List<String> labels;
    private final Verdict.BundleRef bundle;
    private final Optional<HopThreshold> hop;
    private final Optional<UnknownThresholds> unknown;
    private final UncertaintyScore score;
    private final String hopName;
    private final LongSupplier nanoClock;
    private final Ledger ledger;
    private final VerdictListener listener;

    /** Room for the probabilities of a batch. */
    private final Idle<float[]> idle = new Idle<>();

    /**
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param listener told of each verdict that stands
     * @throws IllegalArgumentException if the bundle has no tier of that name
     */
    public CascadeTier(
            final Bundle bundle,
            final String tier,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.listener = Objects.requireNonNull(listener, "listener");
        final BundleManifest manifest = bundle.manifest();
        final int index = manifest.tiers().stream().map(TierSpec::name).toList().indexOf(tier);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "bundle "
                            + manifest.name()
                            + " has no tier '"
                            + tier
                            + "'; it has "
                            + String.join(
                                    ", ", manifest.tiers().stream().map(TierSpec::name).toList()));
        }
        final List<HopThreshold> hops = manifest.hops();
        final boolean last = index == manifest.tiers().size() - 1;
        this.model = bundle.tier(tier);
        this.spec = manifest.tiers().get(index);
        this.reach = ContextReach.of(spec.features());
        this.labels = manifest.labels();
        this.bundle = bundle.ref();
        this.hop = last ? Optional.empty() : Optional.of(hops.get(index));
        this.unknown = manifest.unknown();
        this.score =
                hops.isEmpty()
                        ? UncertaintyScore.LEAST_CONFIDENCE
                        : hops.get(Math.min(index, hops.size() - 1)).score();
        this.hopName = last ? "" : tier + "-" + manifest.tiers().get(index + 1).name();
    }

    /** The tier as its bundle states it. */
    public TierSpec spec() {
        return spec;
    }

    /** The bundle that the tier is of. */
    public Verdict.BundleRef bundle() {
        return bundle;
    }

    /** Whether the tier can answer for records of a stage. */
    public boolean reads(final FlowRecord.Stage stage) {
        return model.encoder().stages().contains(stage);
    }

    /**
     * Gives every row of the batch this tier's verdict. An answer on a context record follows the
     * provisional verdict that the row already carries, and supersedes it.
     *
     * @throws IllegalArgumentException if the tier cannot answer for records of the batch's stage
     */
    public void decide(final FlowBatch batch) {
        decide(batch, Earlier.GIVEN_OUT);
    }

    /** What became of the doubtful answers of the tier before. */
    enum Earlier {
        /** Somebody has them; an answer on more packets supersedes them. */
        GIVEN_OUT,
        /** Nobody has them; there is nothing to supersede. */
        KEPT_BACK
    }

    void decide(final FlowBatch batch, final Earlier earlier) {
        if (!reads(batch.stage())) {
            throw new IllegalArgumentException(
                    "tier "
                            + spec.name()
                            + " of bundle "
                            + bundle.name()
                            + " reads "
                            + spec.features().encoder()
                            + " features, which "
                            + described(batch.stage()));
        }
        final int n = batch.size();
        final int classes = labels.size();
        final float[] probabilities = room(n * classes);
        final long started = nanoClock.getAsLong();
        model.score(n, batch::record, probabilities);
        final long computeNanos = (nanoClock.getAsLong() - started) / n;
        int escalated = 0;
        for (int i = 0; i < n; i++) {
            final FlowRecord flow = batch.record(i);
            Verdict verdict = verdict(flow, probabilities, i * classes, started, computeNanos);
            if (earlier == Earlier.GIVEN_OUT
                    && flow.stage() == FlowRecord.Stage.CONTEXT
                    && batch.hasVerdict(i)) {
                verdict = verdict.superseding(batch.verdict(i));
            }
            batch.decide(i, verdict);
            if (verdict.isFinal()) {
                listener.given(flow, verdict);
            } else {
                escalated++;
            }
        }
        idle.giveBack(probabilities);
        if (escalated > 0) {
            ledger.add(Ledger.Entry.ESCALATED, hopName, escalated);
        }
    }

    private static String described(final FlowRecord.Stage stage) {
        return switch (stage) {
            case SUMMARY ->
                    "summaries of flows (a line of conn.log, a flow event of Suricata) do not have;"
                            + " send them to a tier with conn features";
            case FIRST, CONTEXT ->
                    stage + " records do not have; send them to a tier that reads them";
        };
    }

    private float[] room(final int values) {
        final Optional<float[]> kept = idle.borrow();
        return kept.isPresent() && kept.get().length >= values ? kept.get() : new float[values];
    }

    private Verdict verdict(
            final FlowRecord flow,
            final float[] probabilities,
            final int from,
            final long started,
            final long computeNanos) {
        final int predicted = mostProbable(probabilities, from);
        final double uncertainty = score.of(probabilities, from, labels.size());
        final boolean escalates = hop.isPresent() && hop.get().escalates(predicted, uncertainty);
        final int packets = Math.min(reach.packets(flow.packets()), flow.packets().count());
        final long waitMicros =
                packets == 0
                        ? Math.max(0, flow.summary().durationMicros())
                        : flow.end() == FlowRecord.End.TIMEOUT && reach.micros() > 0
                                ? reach.micros()
                                : flow.packets().offsetMicros(packets - 1);
        return Verdict.of(
                bundle,
                spec.name(),
                escalates ? VerdictStage.PROVISIONAL : VerdictStage.FINAL,
                escalates
                        ? labels.get(predicted)
                        : label(predicted, probabilities[from + predicted]),
                uncertainty,
                reason(flow, escalates),
                packets,
                waitMicros,
                TimeUnit.NANOSECONDS.toMicros(Math.max(0, started - flow.readNanos())),
                TimeUnit.NANOSECONDS.toMicros(computeNanos),
                labels,
                probabilities,
                from);
    }

    /** The lower label wins a tie. */
    private int mostProbable(final float[] probabilities, final int from) {
        int best = 0;
        for (int label = 1; label < labels.size(); label++) {
            if (probabilities[from + label] > probabilities[from + best]) {
                best = label;
            }
        }
        return best;
    }

    /** What an answer that stands says: its label, or that the flow is like none. */
    private String label(final int predicted, final double confidence) {
        return unknown.isPresent() && unknown.get().isUnknown(predicted, confidence)
                ? Verdict.UNKNOWN
                : labels.get(predicted);
    }

    private String reason(final FlowRecord flow, final boolean escalates) {
        if (hop.isPresent()) {
            return escalates ? "uncertain" : "certain";
        }
        return flow.end().name().toLowerCase(Locale.ROOT);
    }
}
