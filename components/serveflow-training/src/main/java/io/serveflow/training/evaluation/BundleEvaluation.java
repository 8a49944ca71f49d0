/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.drift.DriftReport;
import io.serveflow.drift.PacketFeature;
import io.serveflow.drift.Reference;
import io.serveflow.drift.ReferenceCounter;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.LabelledCaptures;
import io.serveflow.training.evaluation.BundleAnswers.CascadeAnswers;
import io.serveflow.training.evaluation.BundleAnswers.TierAnswers;
import io.serveflow.training.evaluation.Measurements.CascadeMeasurement;
import io.serveflow.training.evaluation.Measurements.Occluded;
import io.serveflow.training.evaluation.Measurements.TierMeasurement;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.PacketWait;
import io.serveflow.training.tier.TierCost;
import io.serveflow.training.vote.VoteScores;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Measures a bundle, as it is deployed, on labelled captures.
 *
 * <p>The same options and captures give the same numbers, but for those that are times.
 */
public final class BundleEvaluation {

    private static final String TIMING = "measuring what tiers cost";
    private static final String ANSWERING = "asking the bundle";

    /** What flows without headers have by no more than the form of a record. */
    private static final Set<String> OF_HEADERS =
            Set.of(
                    PacketFeature.TRANSPORT.id(),
                    PacketFeature.RESPONDER_PORT.id(),
                    PacketFeature.TTL.id());

    private final EvaluationOptions options;
    private final TrainingListener listener;
    private final LongSupplier nanoClock;

    /**
     * @param listener called with progress and with what could not be used
     * @param nanoClock a clock like {@link System#nanoTime()}
     */
    public BundleEvaluation(
            final EvaluationOptions options,
            final TrainingListener listener,
            final LongSupplier nanoClock) {
        this.options = options;
        this.listener = listener;
        this.nanoClock = nanoClock;
    }

    /**
     * Evaluates.
     *
     * @throws TrainingException if nothing can be measured; one sentence that says why
     * @throws io.serveflow.model.BundleException if the bundle cannot be loaded
     */
    public EvaluationReport run() {
        try (Bundle bundle = Bundle.load(options.bundle())) {
            requirePackets(bundle);
            final LabelledCaptures captures =
                    options.source()
                            .read(
                                    "evaluation",
                                    bundle.manifest().tiers().stream()
                                            .map(TierSpec::features)
                                            .toList(),
                                    listener);
            final Sample sample = Sample.of(captures.flows(), bundle.manifest().labels());
            final List<String> warnings =
                    Warnings.of(bundle.manifest(), sample, captures.counts(), captures.kind());
            warnings.forEach(listener::notice);
            return new EvaluationReport(
                    measure(
                            bundle,
                            sample,
                            captures,
                            new PacketWait(
                                    FlowAssembler.Options.defaults("evaluation").waitMicros()),
                            warnings));
        }
    }

    private void requirePackets(final Bundle bundle) {
        for (final TierModel tier : bundle.tiers()) {
            if (!tier.encoder().stages().contains(FlowRecord.Stage.CONTEXT)) {
                throw new TrainingException(
                        "Tier "
                                + tier.spec().name()
                                + " of the bundle in "
                                + options.bundle()
                                + " reads "
                                + tier.spec().features().encoder()
                                + ", which a sensor's summaries have and captures have not; name a"
                                + " bundle whose tiers read packets.");
            }
        }
    }

    private Measurements measure(
            final Bundle bundle,
            final Sample sample,
            final LabelledCaptures captures,
            final PacketWait wait,
            final List<String> warnings) {
        final Occlusion[] occlusions =
                captures.kind().withPorts() ? Occlusion.values() : new Occlusion[0];
        final int steps = occlusions.length + 2;
        listener.progress(ANSWERING, 0, steps);
        final BundleAnswers answers = BundleAnswers.of(bundle, sample.flows(), nanoClock);
        final List<Occluded> occluded = new ArrayList<>();
        for (final Occlusion occlusion : occlusions) {
            listener.progress(ANSWERING, 1 + occluded.size(), steps);
            occluded.add(occlude(bundle, sample, occlusion));
        }
        listener.progress(ANSWERING, steps - 1, steps);
        final FeatureSpec slowest = slowest(answers).spec().features();
        final Baselines baselines =
                Baselines.of(
                        sample, slowest.packets(), captures.kind().withPorts(), options.seed());
        listener.progress(ANSWERING, steps, steps);
        final List<TierMeasurement> tiers = tiers(bundle, sample, answers);
        final FlowTiming timing = new FlowTiming(sample, tiers);
        return new Measurements(
                new Measurements.Input(
                        bundle.manifest(), sample, captures.counts(), captures.kind(), warnings),
                tiers,
                cascade(sample, answers.cascade(), timing, wait),
                timing.slowOnly(wait),
                captures.kind().timed() ? endings(sample, wait, slowest) : Map.of(),
                hops(bundle.manifest(), sample, answers, timing, wait),
                baselines,
                occluded,
                bundle.manifest()
                        .reference()
                        .map(
                                reference ->
                                        drift(
                                                reference,
                                                sample,
                                                answers.cascade(),
                                                captures.kind())),
                vote(bundle.manifest(), sample, answers));
    }

    private static DriftReport drift(
            final Reference reference,
            final Sample sample,
            final CascadeAnswers answers,
            final DataKind kind) {
        final ReferenceCounter counter = ReferenceCounter.like(reference);
        for (int flow = 0; flow < sample.size(); flow++) {
            counter.add(
                    sample.flows().get(flow),
                    answers.predicted()[flow],
                    answers.confidence()[flow],
                    answers.decidedBy()[flow]);
        }
        final DriftReport report = counter.against(reference);
        return kind.withPorts()
                ? report
                : new DriftReport(
                        report.flows(),
                        report.least(),
                        report.distances().stream()
                                .filter(distance -> !OF_HEADERS.contains(distance.distribution()))
                                .toList());
    }

    private Occluded occlude(final Bundle bundle, final Sample sample, final Occlusion occlusion) {
        final SplittableRandom random = new SplittableRandom(options.seed());
        final List<FlowRecord> flows =
                sample.flows().stream().map(flow -> occlusion.apply(flow, random)).toList();
        final BundleAnswers answers = BundleAnswers.of(bundle, flows, nanoClock);
        return new Occluded(
                occlusion,
                score(sample, answers.cascade()),
                answers.tiers().stream().map(tier -> score(sample, tier)).toList());
    }

    private List<TierMeasurement> tiers(
            final Bundle bundle, final Sample sample, final BundleAnswers answers) {
        final List<TierMeasurement> tiers = new ArrayList<>();
        for (int i = 0; i < answers.tiers().size(); i++) {
            listener.progress(TIMING, i, answers.tiers().size());
            final TierModel tier = bundle.tiers().get(i);
            tiers.add(
                    new TierMeasurement(
                            tier.spec(),
                            ModelKind.of(bundle.manifest(), tier.spec()),
                            score(sample, answers.tiers().get(i)),
                            TierCost.measure(tier, sample.flows(), nanoClock)));
        }
        listener.progress(TIMING, tiers.size(), tiers.size());
        return List.copyOf(tiers);
    }

    private static CascadeMeasurement cascade(
            final Sample sample,
            final CascadeAnswers answers,
            final FlowTiming timing,
            final PacketWait wait) {
        final double unclassified =
                IntStream.range(0, sample.size())
                        .filter(
                                flow ->
                                        sample.foreign(flow)
                                                || answers.predicted()[flow]
                                                        == Evaluation.NO_ANSWER)
                        .count();
        return new CascadeMeasurement(
                answers,
                score(sample, answers),
                IntStream.range(0, timing.tiers().size()).mapToDouble(answers::share).toArray(),
                timing.cascade(answers, wait),
                unclassified / sample.size());
    }

    private static Optional<VoteScores> vote(
            final BundleManifest manifest, final Sample sample, final BundleAnswers answers) {
        return manifest.vote()
                .map(
                        rule ->
                                VoteScores.of(
                                        answers.ballots(sample, manifest.labels()),
                                        sample.names(),
                                        sample.known(),
                                        fold -> rule,
                                        rule.windowSeconds()));
    }

    private static Map<PacketWait.Ending, Integer> endings(
            final Sample sample, final PacketWait wait, final FeatureSpec tier) {
        final Map<PacketWait.Ending, Integer> endings = new EnumMap<>(PacketWait.Ending.class);
        for (final PacketWait.Ending ending : PacketWait.Ending.values()) {
            endings.put(ending, 0);
        }
        sample.flows().forEach(flow -> endings.merge(wait.ending(flow, tier), 1, Integer::sum));
        return endings;
    }

    private List<EscalationCurve> hops(
            final BundleManifest manifest,
            final Sample sample,
            final BundleAnswers answers,
            final FlowTiming timing,
            final PacketWait wait) {
        final List<EscalationCurve> curves = new ArrayList<>();
        for (int hop = 0; hop < manifest.hops().size(); hop++) {
            curves.add(
                    EscalationCurve.of(
                            sample,
                            new EscalationCurve.Hop(
                                    answers.tiers().get(hop),
                                    answers.tiers().get(hop + 1),
                                    manifest.hops().get(hop),
                                    timing.micros(wait::micros, hop),
                                    timing.micros(wait::micros, hop, hop + 1)),
                            options.seed()));
        }
        return List.copyOf(curves);
    }

    private static TierAnswers slowest(final BundleAnswers answers) {
        return answers.tiers().get(answers.tiers().size() - 1);
    }

    private static Evaluation score(final Sample sample, final TierAnswers tier) {
        return Evaluation.of(
                sample.actual(), tier.predicted(), tier.confidence(), sample.names().size());
    }

    private static Evaluation score(final Sample sample, final CascadeAnswers cascade) {
        return Evaluation.of(
                sample.actual(), cascade.predicted(), cascade.confidence(), sample.names().size());
    }
}
