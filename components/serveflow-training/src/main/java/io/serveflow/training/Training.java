/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.drift.Reference;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleWriter;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.TierSpec;
import io.serveflow.training.bundle.BundleFolder;
import io.serveflow.training.bundle.GoldenAnswers;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.bundle.TestResult;
import io.serveflow.training.bundle.TestResult.TierResult;
import io.serveflow.training.calibration.Calibration;
import io.serveflow.training.calibration.HopPolicy;
import io.serveflow.training.crafting.Candidate;
import io.serveflow.training.crafting.Crafting;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.data.LabelledCaptures;
import io.serveflow.training.data.Split;
import io.serveflow.training.fold.CrossFit;
import io.serveflow.training.fold.LeftOut;
import io.serveflow.training.fold.NamesResult;
import io.serveflow.training.fold.OutOfFold;
import io.serveflow.training.fold.References;
import io.serveflow.training.notice.DiskFailure;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.Gain;
import io.serveflow.training.score.Objective;
import io.serveflow.training.score.TierWaits;
import io.serveflow.training.tier.TierCost;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.tier.TrainedModels;
import io.serveflow.training.tier.TrainedTier;
import io.serveflow.training.vote.VoteResult;
import io.serveflow.training.work.WorkFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Trains a bundle from labelled captures.
 *
 * <p>The flows are assigned to folds by group. For each fold every tier is trained on the others
 * and scores the fold; what the cascade and its baselines reach on these scores goes into the
 * bundle as its result ({@link OutOfFold}). The models that are shipped are then trained on all
 * flows, and get calibrations and thresholds that were fitted on the same scores.
 *
 * <p>The same options and data give the same models, thresholds and metrics on the same machine.
 */
public final class Training {

    static final String LEAKS =
            "Flows were assigned to folds one by one, so flows of a capture were tested with models"
                + " that know its other flows: the scores are too good, and say nothing of captures"
                + " that are new.";

    /** What part of the heap encoded rows may take, lest they be encoded again for each model. */
    private static final int ROWS_SHARE = 4;

    private static final List<String> NAMES = List.of("fastest", "fast", "slow");

    private final TrainingOptions options;
    private final TrainingListener listener;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final OptionalInt voteSeconds;

    /**
     * @param listener called with progress and with what could not be used
     * @param clock dates the bundle
     * @param nanoClock a clock like {@link System#nanoTime()}, which measures what candidates cost
     */
    public Training(
            final TrainingOptions options,
            final TrainingListener listener,
            final Clock clock,
            final LongSupplier nanoClock) {
        this(options, listener, clock, nanoClock, OptionalInt.empty());
    }

    private Training(
            final TrainingOptions options,
            final TrainingListener listener,
            final Clock clock,
            final LongSupplier nanoClock,
            final OptionalInt voteSeconds) {
        this.options = options;
        this.listener = listener;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.voteSeconds = voteSeconds;
    }

    /**
     * This training, with a vote over the flows of a host in the bundle; for tasks in which all
     * flows of a host have one label.
     *
     * @param windowSeconds flows that begin within a window of this length vote together
     */
    public Training withVote(final int windowSeconds) {
        return new Training(options, listener, clock, nanoClock, OptionalInt.of(windowSeconds));
    }

    /**
     * Trains, and puts the bundle into its folder.
     *
     * @return the manifest of the new bundle
     * @throws TrainingException if it cannot be done; one sentence that says why
     */
    public BundleManifest run() {
        try {
            return train();
        } catch (final OutOfMemoryError e) {
            throw new TrainingException(
                    "The heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB is too small for these captures and tiers; give more, such as"
                            + " SERVEFLOW_JAVA_OPTS=-Xmx8g, and the same command goes on where it"
                            + " stopped.",
                    e);
        }
    }

    private BundleManifest train() {
        try (BundleFolder folder = BundleFolder.open(options.out())) {
            final Dataset data = read();
            final WorkFolder work = WorkFolder.beside(options.out());
            final TrainedModels models =
                    new TrainedModels(
                            data,
                            work,
                            options.seed(),
                            Runtime.getRuntime().maxMemory() / ROWS_SHARE,
                            listener);
            final Cascade cascade =
                    options.tiers().crafted() ? craft(data, models) : stated(data, models);
            final TierWaits waits =
                    TierWaits.of(data.flows(), features(cascade.plans()), data.kind().timed());
            final Calibration.Aim aim =
                    OutOfFold.bestAim(
                            data,
                            cascade.scores(),
                            waits,
                            costs(cascade.plans()),
                            options.objective(),
                            Optional.empty());
            final Calibration calibration =
                    Calibration.fit(
                            cascade.scores().raw(), data.labels(), data.folds(), waits, aim);
            final TestResult result = test(data, models, cascade, waits, aim, calibration);
            final List<TrainedTier> tiers = new ArrayList<>();
            try {
                final int[] all = IntStream.range(0, data.labels().length).toArray();
                for (final TierPlan plan : cascade.plans()) {
                    tiers.add(models.of(plan, all, "training " + plan.name()));
                }
                models.notices().forEach(listener::notice);
                final Reference reference =
                        References.of(data, cascade.scores().raw(), calibration);
                write(folder, data, tiers, calibration, reference, result);
                final BundleManifest manifest;
                try (Bundle bundle = Bundle.load(folder.draft())) {
                    manifest = bundle.manifest();
                }
                folder.publish(listener);
                clear(work);
                return manifest;
            } finally {
                tiers.forEach(TrainedTier::close);
            }
        }
    }

    /**
     * The tiers of the bundle and their scores out of fold.
     *
     * @param candidates what they were chosen among; none if they were stated
     */
    private record Cascade(List<TierPlan> plans, CrossFit scores, List<Candidate> candidates) {}

    private Cascade stated(final Dataset data, final TrainedModels models) {
        final CrossFit scores = crossFit(data, models, options.tiers().plans(), "");
        return new Cascade(
                options.tiers().plans().stream().map(models::settled).toList(), scores, List.of());
    }

    private Cascade craft(final Dataset data, final TrainedModels models) {
        final List<TierPlan> plans = options.tiers().plans();
        final Map<TierPlan, TierCost> costs = new HashMap<>();
        final CrossFit scores =
                CrossFit.of(
                        data,
                        plans,
                        (plan, fold) -> {
                            final TrainedTier tier =
                                    models.withoutFold(plan, fold, step(plan, "", fold));
                            costs.computeIfAbsent(plan, p -> models.cost(p, tier, nanoClock));
                            return tier;
                        });
        final List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            final List<TierPlan> alone = List.of(plans.get(i));
            final TierWaits waits = TierWaits.of(data.flows(), features(alone));
            final OutOfFold answers =
                    OutOfFold.of(data, scores.ofTiers(List.of(i)), waits, unbounded());
            candidates.add(
                    new Candidate(
                            plans.get(i),
                            evaluate(data, answers.tiers().get(0)),
                            costs.get(plans.get(i)),
                            median(waits.micros()[0])));
        }
        listener.progress("choosing tiers", 0, 1);
        final List<Candidate> chosen =
                new Crafting(data, candidates, scores, options.objective()).choose();
        listener.progress("choosing tiers", 1, 1);
        final List<TierPlan> named = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            named.add(models.settled(chosen.get(i).plan()).withName(name(i, chosen.size())));
        }
        return new Cascade(
                named,
                scores.ofTiers(chosen.stream().map(candidates::indexOf).toList()),
                List.copyOf(candidates));
    }

    /** The paper's names: the last tier is slow, and what comes before it fast and fastest. */
    private static String name(final int tier, final int tiers) {
        return NAMES.get(tiers == 1 ? 1 : NAMES.size() - tiers + tier);
    }

    private static long median(final long[] values) {
        final long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Calibration.Aim unbounded() {
        return new Calibration.Aim(new double[1], Objective.DEFAULT, HopPolicy.UNIVERSAL);
    }

    private Dataset read() {
        requirePackets();
        final DataKind kind = options.source().kind();
        options.objective().requireTimes(kind.timed(), kind.words());
        final LabelledCaptures captures =
                options.source().read("training", features(options.tiers().plans()), listener);
        final Dataset data =
                Dataset.of(
                        captures,
                        options.testing().folds(),
                        options.testing().split(),
                        options.seed());
        data.gaps().forEach(listener::notice);
        if (options.testing().split() == Split.FLOW) {
            listener.notice(LEAKS);
        }
        return data;
    }

    private void requirePackets() {
        for (final TierPlan tier : options.tiers().plans()) {
            if (!FeatureEncoders.of(tier.features()).stages().contains(FlowRecord.Stage.CONTEXT)) {
                throw new TrainingException(
                        "Tier "
                                + tier.name()
                                + " reads "
                                + tier.features().encoder()
                                + ", which needs the summaries of a sensor, but captures hold"
                                + " packets; state another encoder, such as header+payload.");
            }
        }
    }

    private CrossFit crossFit(
            final Dataset data,
            final TrainedModels models,
            final List<TierPlan> plans,
            final String remark) {
        return CrossFit.of(
                data,
                plans,
                (plan, fold) -> models.withoutFold(plan, fold, step(plan, remark, fold)));
    }

    private String step(final TierPlan plan, final String remark, final int fold) {
        return "training %s%s for fold %d of %d"
                .formatted(plan.name(), remark, fold + 1, options.testing().folds());
    }

    private static List<FeatureSpec> features(final List<TierPlan> plans) {
        return plans.stream().map(TierPlan::features).toList();
    }

    private static double[] costs(final List<TierPlan> plans) {
        return plans.stream().mapToDouble(TierPlan::cost).toArray();
    }

    private void write(
            final BundleFolder folder,
            final Dataset data,
            final List<TrainedTier> tiers,
            final Calibration calibration,
            final Reference reference,
            final TestResult result) {
        final List<TierSpec> specs = new ArrayList<>();
        for (int i = 0; i < tiers.size(); i++) {
            specs.add(tiers.get(i).spec(calibration.tiers().get(i)));
        }
        final BundleManifest manifest =
                new BundleManifest(
                        options.about().name(),
                        options.about().version(),
                        options.about().task(),
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                        data.names(),
                        specs,
                        calibration.hops(),
                        calibration.unknown(),
                        Optional.of(reference),
                        result.vote().map(VoteResult::rule),
                        provenance(data, tiers.stream().map(TrainedTier::plan).toList()),
                        result.json(),
                        Map.of());
        try {
            final BundleWriter writer = new BundleWriter(folder.draft());
            for (final TrainedTier tier : tiers) {
                writer.file(tier.plan().file(), tier.onnx());
            }
            writer.file(
                    GoldenVectors.FILE,
                    GoldenAnswers.of(
                            specs,
                            (tier, records) ->
                                    tiers.get(tier).score(records, calibration.tiers().get(tier))));
            writer.file(
                    ModelCard.FILE,
                    ModelCard.of(manifest, note(), result).getBytes(StandardCharsets.UTF_8));
            writer.finish(manifest);
        } catch (final IOException e) {
            throw new TrainingException(
                    "The bundle cannot be written to "
                            + folder.draft()
                            + ": "
                            + DiskFailure.reason(e)
                            + "; fix that and give the same command again, which goes on where it"
                            + " stopped.",
                    e);
        }
    }

    private void clear(final WorkFolder work) {
        try {
            work.delete();
        } catch (final IOException e) {
            listener.notice(
                    "The work folder "
                            + work.path()
                            + " is of no more use but cannot be removed ("
                            + DiskFailure.reason(e)
                            + ").");
        }
    }

    private TestResult test(
            final Dataset data,
            final TrainedModels models,
            final Cascade cascade,
            final TierWaits waits,
            final Calibration.Aim aim,
            final Calibration shipped) {
        final OutOfFold answers = OutOfFold.of(data, cascade.scores(), waits, aim);
        final List<TierResult> tiers = new ArrayList<>();
        final List<Double> decidedBy = new ArrayList<>();
        for (int i = 0; i < cascade.plans().size(); i++) {
            tiers.add(
                    new TierResult(
                            cascade.plans().get(i),
                            evaluate(data, answers.tiers().get(i)),
                            answers.tiers().get(i).errorsInUnsureHalf(data.labels())));
            decidedBy.add(answers.cascade().share(i));
        }
        final List<Evaluation> byFold =
                IntStream.range(0, data.folds().count())
                        .mapToObj(data.folds()::in)
                        .map(rows -> evaluate(data, answers.cascade().of(rows), data.labels(rows)))
                        .toList();
        final Optional<Answers> portTable =
                data.kind().withPorts() ? Optional.of(answers.portTable()) : Optional.empty();
        return new TestResult(
                new TestResult.Flows(data.kind(), data.names(), data.groupsByClass()),
                tiers,
                new TestResult.CascadeResult(
                        evaluate(data, answers.cascade()),
                        byFold,
                        decidedBy,
                        waited(waits, answers.cascade()),
                        answers.cascade().unknown()),
                new TestResult.Baselines(
                        evaluate(data, answers.majority()),
                        portTable.map(table -> evaluate(data, table)),
                        withoutPorts(data, models, cascade.plans()),
                        Gain.of(
                                Answers.right(answers.cascade().predicted(), data.labels()),
                                Answers.right(
                                        portTable.orElse(answers.tiers().get(0)).predicted(),
                                        data.labels()),
                                data.groups(),
                                options.seed())),
                cascade.scores().parity(),
                cascade.candidates(),
                leftOut(data, models, cascade.plans(), shipped, answers.cascade()),
                names(data, models, cascade, answers),
                voteSeconds.isPresent()
                        ? Optional.of(VoteResult.of(data, answers, voteSeconds.getAsInt()))
                        : Optional.empty());
    }

    private static Optional<TestResult.Waits> waited(final TierWaits waits, final Answers cascade) {
        if (!waits.known()) {
            return Optional.empty();
        }
        final int[] deciders = cascade.decidedBy();
        final long[] micros = new long[deciders.length];
        Arrays.setAll(micros, row -> waits.micros(deciders[row], row));
        final int last = waits.micros().length - 1;
        return Optional.of(
                new TestResult.Waits(
                        TestResult.Waited.of(micros), TestResult.Waited.of(waits.micros()[last])));
    }

    /**
     * The last tier once more without ports, to show how much of the result is a table of ports.
     */
    private Optional<Evaluation> withoutPorts(
            final Dataset data, final TrainedModels models, final List<TierPlan> plans) {
        final TierPlan last = plans.get(plans.size() - 1);
        if (last.features().mask().contains(Mask.PORTS) || !data.kind().withPorts()) {
            return Optional.empty();
        }
        final TierPlan blind = last.withoutPorts();
        final CrossFit scores = crossFit(data, models, List.of(blind), " without ports");
        final OutOfFold answers =
                OutOfFold.of(
                        data,
                        scores,
                        TierWaits.of(data.flows(), features(List.of(blind))),
                        unbounded());
        return Optional.of(evaluate(data, answers.tiers().get(0)));
    }

    /** What the names that the last tier reads are worth; nothing if it reads none. */
    private Optional<NamesResult> names(
            final Dataset data,
            final TrainedModels models,
            final Cascade cascade,
            final OutOfFold answers) {
        final TierPlan last = cascade.plans().get(cascade.plans().size() - 1);
        if (!NamesResult.isOf(last.features()) || last.features().mask().contains(Mask.NAMES)) {
            return Optional.empty();
        }
        final List<TierPlan> alone = List.of(last);
        final TierWaits waits = TierWaits.of(data.flows(), features(alone));
        final List<TierPlan> blind = List.of(last.withoutNames());
        final OutOfFold nameless =
                OutOfFold.of(
                        data, crossFit(data, models, blind, " without names"), waits, unbounded());
        final List<NamesResult.Cut> cuts = new ArrayList<>();
        for (final NamesResult.Keep keep : NamesResult.cuts(last.features().packets())) {
            final CrossFit scores = crossFit(data.changed(keep.cut()), models, alone, "");
            cuts.add(
                    new NamesResult.Cut(
                            keep.words(),
                            evaluate(
                                    data,
                                    OutOfFold.of(data, scores, waits, unbounded())
                                            .tiers()
                                            .get(0))));
        }
        return Optional.of(
                NamesResult.of(
                        data,
                        answers.cascade(),
                        last.features().packets(),
                        evaluate(data, nameless.tiers().get(0)),
                        cuts));
    }

    /** Trains the cascade once more for each application that is left out. */
    private List<LeftOut> leftOut(
            final Dataset data,
            final TrainedModels models,
            final List<TierPlan> plans,
            final Calibration calibration,
            final Answers known) {
        final List<LeftOut> measured = new ArrayList<>();
        for (final LeftOut.Application application :
                LeftOut.applications(data, options.testing().leftOut())) {
            final int[] others = LeftOut.others(data, application);
            final int[] labels = data.labels(application.rows());
            final List<float[][]> raw = new ArrayList<>();
            for (final TierPlan plan : plans) {
                try (TrainedTier tier =
                        models.of(
                                plan,
                                others,
                                "training " + plan.name() + " without " + application.name())) {
                    raw.add(tier.score(data.flows(application.rows())));
                }
            }
            measured.add(
                    new LeftOut(
                            application.name(),
                            application.label(),
                            labels.length,
                            LeftOut.Said.of(known.of(application.rows()), labels),
                            LeftOut.Said.of(
                                    calibration.answers(calibration.probabilities(raw)), labels)));
        }
        return measured;
    }

    private static Evaluation evaluate(final Dataset data, final Answers answers) {
        return evaluate(data, answers, data.labels());
    }

    private static Evaluation evaluate(
            final Dataset data, final Answers answers, final int[] labels) {
        return Evaluation.of(
                labels, answers.predicted(), answers.confidence(), data.names().size());
    }

    private String note() {
        return options.testing().split() == Split.FLOW
                ? options.about().dataNote() + " **" + LEAKS + "**"
                : options.about().dataNote();
    }

    /** The {@code training} of {@code bundle.json}. */
    private ObjectNode provenance(final Dataset data, final List<TierPlan> plans) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("seed", options.seed());
        root.put("note", options.about().dataNote());
        root.put("objective", options.objective().text());
        final LabelledCaptures.Counts counts = data.counts();
        final ObjectNode read = root.putObject("data");
        read.put("kind", data.kind().name().toLowerCase(Locale.ROOT));
        read.put("labelRows", counts.rows());
        read.put("unreadableRows", counts.unreadableRows());
        read.put("rowsWithoutClass", counts.rowsWithoutClass());
        read.put("captures", counts.captures());
        read.put("missingCaptures", counts.missingCaptures());
        read.put("rowsWithoutCapture", counts.rowsWithoutCapture());
        read.put("rowsWithoutFlow", counts.rowsWithoutFlow());
        read.put("flowsWithoutRow", counts.flowsWithoutRow());
        read.put("deadLetters", counts.deadLetters());
        final ObjectNode split = root.putObject("split");
        split.put("by", options.testing().split().name().toLowerCase(Locale.ROOT));
        split.put("flows", data.labels().length);
        split.put("groups", data.groupCount());
        split.put("folds", data.folds().count());
        final ArrayNode gaps = split.putArray("gaps");
        data.gaps().forEach(gaps::add);
        final ArrayNode tiers = root.putArray("tiers");
        for (final TierPlan plan : plans) {
            final ObjectNode entry = tiers.addObject();
            entry.put("name", plan.name());
            plan.trainer().describe(entry);
            entry.put("cost", plan.cost());
        }
        return root;
    }
}
