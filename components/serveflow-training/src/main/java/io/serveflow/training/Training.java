/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleWriter;
import io.serveflow.model.GoldenVector;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.TierSpec;
import io.serveflow.training.TestResult.TierResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains a bundle from labelled captures.
 *
 * <p>The flows are dealt out to folds by group. For each fold every tier is trained on the others
 * and scores the fold; what the cascade and its baselines reach on these scores goes into the
 * bundle as its result ({@link OutOfFold}). The models that are shipped are then trained on all
 * flows, and get temperatures and thresholds that were fitted on the same scores.
 *
 * <p>The same options and data give the same models, thresholds and metrics on the same machine.
 */
public final class Training {

    static final String CARD = "CARD.md";

    private final TrainingOptions options;
    private final TrainingListener listener;
    private final Clock clock;

    /**
     * @param listener told of progress and of what could not be used
     * @param clock dates the bundle
     */
    public Training(
            final TrainingOptions options, final TrainingListener listener, final Clock clock) {
        this.options = options;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Trains, and puts the bundle in its place.
     *
     * @return the manifest of the new bundle
     * @throws TrainingException if it cannot be done; one sentence that says why
     */
    public BundleManifest run() {
        try (BundleFolder folder = BundleFolder.open(options.out())) {
            final Dataset data = read();
            final CrossFit scores = crossFit(data, options.tiers(), "");
            final TierWaits waits = TierWaits.of(data.flows(), features(options.tiers()));
            final Calibration.Aim aim =
                    OutOfFold.bestAim(
                            data, scores, waits, costs(), options.objective(), Optional.empty());
            final TestResult result = test(data, scores, waits, aim);
            final Calibration calibration =
                    Calibration.fit(scores.raw(), data.labels(), data.folds(), waits, aim);
            final List<TrainedTier> tiers = new ArrayList<>();
            try {
                final int[] all = IntStream.range(0, data.labels().length).toArray();
                for (final TierPlan plan : options.tiers()) {
                    tiers.add(train(plan, data, all, "training " + plan.name()));
                }
                write(folder, data, tiers, calibration, result);
                final BundleManifest manifest;
                try (Bundle bundle = Bundle.load(folder.draft())) {
                    manifest = bundle.manifest();
                }
                folder.publish();
                return manifest;
            } finally {
                tiers.forEach(TrainedTier::close);
            }
        }
    }

    private Dataset read() {
        final int depth =
                options.tiers().stream().mapToInt(t -> t.features().packets()).max().orElseThrow();
        final LabelledCaptures captures =
                LabelledCaptures.read(
                        options.labels(),
                        options.captures(),
                        FlowAssembler.Options.defaults("training").withDepth(depth),
                        listener);
        final Dataset data = Dataset.of(captures, options.folds(), options.seed());
        data.gaps().forEach(listener::notice);
        return data;
    }

    private CrossFit crossFit(final Dataset data, final List<TierPlan> plans, final String remark) {
        return CrossFit.of(
                data,
                plans,
                (plan, rows, fold) ->
                        train(
                                plan,
                                data,
                                rows,
                                "training %s%s for fold %d of %d"
                                        .formatted(
                                                plan.name(),
                                                remark,
                                                fold + 1,
                                                data.folds().count())));
    }

    private TrainedTier train(
            final TierPlan plan, final Dataset data, final int[] rows, final String step) {
        return TrainedTier.train(
                plan,
                data.flows(rows),
                data.labels(rows),
                data.names().size(),
                options.seed(),
                round -> listener.progress(step, round, plan.trees().rounds()));
    }

    private static List<FeatureSpec> features(final List<TierPlan> plans) {
        return plans.stream().map(TierPlan::features).toList();
    }

    private double[] costs() {
        return options.tiers().stream().mapToDouble(TierPlan::cost).toArray();
    }

    private void write(
            final BundleFolder folder,
            final Dataset data,
            final List<TrainedTier> tiers,
            final Calibration calibration,
            final TestResult result) {
        final double[] temperatures = calibration.temperatures();
        final List<TierSpec> specs = new ArrayList<>();
        for (int i = 0; i < tiers.size(); i++) {
            specs.add(tiers.get(i).spec(temperatures[i]));
        }
        final BundleManifest manifest =
                new BundleManifest(
                        options.name(),
                        options.version(),
                        options.task(),
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                        data.names(),
                        specs,
                        calibration.hops(),
                        provenance(data),
                        result.json(),
                        Map.of());
        try {
            final BundleWriter writer = new BundleWriter(folder.draft());
            for (final TrainedTier tier : tiers) {
                writer.file(tier.plan().file(), tier.onnx());
            }
            writer.file(GoldenVectors.FILE, golden(tiers, temperatures));
            writer.file(
                    CARD,
                    ModelCard.of(manifest, options.dataNote(), result)
                            .getBytes(StandardCharsets.UTF_8));
            writer.finish(manifest);
        } catch (final IOException e) {
            throw new TrainingException(
                    "The bundle cannot be written to " + folder.draft() + ": " + e + ".", e);
        }
    }

    private TestResult test(
            final Dataset data,
            final CrossFit scores,
            final TierWaits waits,
            final Calibration.Aim aim) {
        final OutOfFold answers = OutOfFold.of(data, scores, waits, aim);
        final List<TierResult> tiers = new ArrayList<>();
        final List<Double> decidedBy = new ArrayList<>();
        for (int i = 0; i < options.tiers().size(); i++) {
            tiers.add(
                    new TierResult(options.tiers().get(i), evaluate(data, answers.tiers().get(i))));
            decidedBy.add(answers.cascade().share(i));
        }
        final List<Evaluation> byFold =
                IntStream.range(0, data.folds().count())
                        .mapToObj(data.folds()::in)
                        .map(rows -> evaluate(data, answers.cascade().of(rows), data.labels(rows)))
                        .toList();
        return new TestResult(
                data.names(),
                data.groupsByClass(),
                tiers,
                withoutPorts(data),
                evaluate(data, answers.cascade()),
                byFold,
                decidedBy,
                evaluate(data, answers.portTable()),
                Gain.of(
                        Answers.right(answers.cascade().predicted(), data.labels()),
                        Answers.right(answers.portTable().predicted(), data.labels()),
                        data.groups(),
                        options.seed()),
                evaluate(data, answers.majority()),
                scores.parity());
    }

    /** The last tier once more without ports, to tell what of the result is a table of ports. */
    private Optional<Evaluation> withoutPorts(final Dataset data) {
        final TierPlan last = options.tiers().get(options.tiers().size() - 1);
        if (last.features().mask().contains(Mask.PORTS)) {
            return Optional.empty();
        }
        final TierPlan blind = last.withoutPorts();
        final CrossFit scores = crossFit(data, List.of(blind), " without ports");
        final OutOfFold answers =
                OutOfFold.of(
                        data,
                        scores,
                        TierWaits.of(data.flows(), features(List.of(blind))),
                        new Calibration.Aim(
                                new double[1], options.objective(), HopPolicy.UNIVERSAL));
        return Optional.of(evaluate(data, answers.tiers().get(0)));
    }

    private static Evaluation evaluate(final Dataset data, final Answers answers) {
        return evaluate(data, answers, data.labels());
    }

    private static Evaluation evaluate(
            final Dataset data, final Answers answers, final int[] labels) {
        return Evaluation.of(
                labels, answers.predicted(), answers.confidence(), data.names().size());
    }

    private static byte[] golden(final List<TrainedTier> tiers, final double[] temperatures) {
        final int depth =
                tiers.stream().mapToInt(t -> t.plan().features().packets()).max().orElseThrow();
        final List<FlowRecord> records = GoldenFlows.records(depth);
        final List<float[][]> scores = new ArrayList<>();
        for (int i = 0; i < tiers.size(); i++) {
            scores.add(tiers.get(i).score(records, temperatures[i]));
        }
        final List<GoldenVector> vectors = new ArrayList<>();
        for (int row = 0; row < records.size(); row++) {
            final Map<String, float[]> answers = new HashMap<>();
            for (int i = 0; i < tiers.size(); i++) {
                final TierSpec tier = tiers.get(i).spec(temperatures[i]);
                if (GoldenVectors.answers(tier, records.get(row).stage())) {
                    answers.put(tier.name(), scores.get(i)[row]);
                }
            }
            vectors.add(new GoldenVector(records.get(row), answers));
        }
        return GoldenVectors.write(vectors);
    }

    /** The {@code training} of {@code bundle.json}. */
    private ObjectNode provenance(final Dataset data) {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("seed", options.seed());
        root.put("note", options.dataNote());
        root.put("objective", options.objective().text());
        final LabelledCaptures.Counts counts = data.counts();
        final ObjectNode read = root.putObject("data");
        read.put("labelRows", counts.rows());
        read.put("unreadableRows", counts.unreadableRows());
        read.put("captures", counts.captures());
        read.put("missingCaptures", counts.missingCaptures());
        read.put("rowsWithoutCapture", counts.rowsWithoutCapture());
        read.put("rowsWithoutFlow", counts.rowsWithoutFlow());
        read.put("flowsWithoutRow", counts.flowsWithoutRow());
        read.put("deadLetters", counts.deadLetters());
        final ObjectNode split = root.putObject("split");
        split.put("by", "group");
        split.put("flows", data.labels().length);
        split.put("groups", data.groupCount());
        split.put("folds", data.folds().count());
        final ArrayNode gaps = split.putArray("gaps");
        data.gaps().forEach(gaps::add);
        final ArrayNode tiers = root.putArray("tiers");
        for (final TierPlan plan : options.tiers()) {
            final ObjectNode entry = tiers.addObject();
            entry.put("name", plan.name());
            entry.put("rounds", plan.trees().rounds());
            entry.put("depth", plan.trees().depth());
            entry.put("learningRate", plan.trees().learningRate());
            entry.put("columns", plan.trees().columns());
            entry.put("minChildWeight", plan.trees().minChildWeight());
            entry.put("lambda", plan.trees().lambda());
            entry.put("balance", plan.trees().balance());
            entry.put("cost", plan.cost());
        }
        return root;
    }
}
