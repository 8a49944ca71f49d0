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
import io.serveflow.flow.FlowTuple;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleWriter;
import io.serveflow.model.GoldenVector;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierSpec;
import io.serveflow.training.GroupSplit.Part;
import io.serveflow.training.TestResult.TierResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Trains a bundle from labelled captures.
 *
 * <p>The flows are parted by group. On the training part every tier is trained; on the calibration
 * part each tier's temperature is fitted and each hop's threshold chosen; the test part is only
 * measured, and what it gives goes into the bundle. The models that are measured are those that are
 * shipped: nothing is trained again on all flows.
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
            final List<TrainedTier> tiers = new ArrayList<>();
            try {
                for (final TierPlan plan : options.tiers()) {
                    tiers.add(train(plan, data));
                }
                write(folder, data, tiers);
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
        final Dataset data = Dataset.of(captures, options.seed());
        data.gaps().forEach(listener::notice);
        return data;
    }

    private TrainedTier train(final TierPlan plan, final Dataset data) {
        return train(plan, data, "training " + plan.name());
    }

    private TrainedTier train(final TierPlan plan, final Dataset data, final String step) {
        return TrainedTier.train(
                plan,
                data.flows(Part.TRAIN),
                data.labels(Part.TRAIN),
                data.names().size(),
                options.seed(),
                round -> listener.progress(step, round, plan.trees().rounds()));
    }

    private void write(
            final BundleFolder folder, final Dataset data, final List<TrainedTier> tiers) {
        final double[] temperatures =
                tiers.stream().mapToDouble(tier -> temperature(tier, data)).toArray();
        final List<HopThreshold> hops = hops(data, tiers, temperatures);
        final TestResult result = test(data, tiers, temperatures, hops);
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
                        hops,
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

    private static double temperature(final TrainedTier tier, final Dataset data) {
        return TemperatureFit.fit(
                tier.score(data.flows(Part.CALIBRATION)), data.labels(Part.CALIBRATION));
    }

    /** Chooses the hops from the last to the first, each against what then comes after it. */
    private static List<HopThreshold> hops(
            final Dataset data, final List<TrainedTier> tiers, final double[] temperatures) {
        final List<FlowRecord> flows = data.flows(Part.CALIBRATION);
        final int[] labels = data.labels(Part.CALIBRATION);
        final List<float[][]> after = new ArrayList<>();
        final List<HopThreshold> hops = new ArrayList<>();
        for (int i = tiers.size() - 1; i >= 0; i--) {
            final float[][] scores = tiers.get(i).score(flows, temperatures[i]);
            if (!after.isEmpty()) {
                hops.add(
                        0,
                        HopSearch.choose(
                                scores,
                                Answers.right(Answers.of(scores).predicted(), labels),
                                Answers.right(Answers.cascade(after, hops).predicted(), labels),
                                tiers.get(i + 1).plan().cost()));
            }
            after.add(0, scores);
        }
        return hops;
    }

    private TestResult test(
            final Dataset data,
            final List<TrainedTier> tiers,
            final double[] temperatures,
            final List<HopThreshold> hops) {
        final List<FlowRecord> flows = data.flows(Part.TEST);
        final List<float[][]> scores = new ArrayList<>();
        final List<TierResult> results = new ArrayList<>();
        double parity = 0;
        for (int i = 0; i < tiers.size(); i++) {
            listener.progress("testing", i, tiers.size());
            final TrainedTier tier = tiers.get(i);
            parity = Math.max(parity, tier.parity(flows));
            scores.add(tier.score(flows, temperatures[i]));
            results.add(
                    new TierResult(
                            tier.spec(temperatures[i]), evaluate(data, Answers.of(scores.get(i)))));
        }
        listener.progress("testing", tiers.size(), tiers.size());
        final Answers cascade = Answers.cascade(scores, hops);
        final List<Double> decidedBy = new ArrayList<>();
        for (int i = 0; i < tiers.size(); i++) {
            decidedBy.add(cascade.share(i));
        }
        final PortTable ports =
                new PortTable(
                        tuples(data.flows(Part.TRAIN)),
                        data.labels(Part.TRAIN),
                        data.names().size());
        final int[] labels = data.labels(Part.TEST);
        final int[] byPort = tuples(flows).stream().mapToInt(ports::predict).toArray();
        return new TestResult(
                data.names(),
                data.groupsByClass(Part.TEST),
                results,
                withoutPorts(data, tiers),
                evaluate(data, cascade),
                decidedBy,
                evaluate(data, byPort),
                Gain.of(
                        Answers.right(cascade.predicted(), labels),
                        Answers.right(byPort, labels),
                        data.groups(Part.TEST),
                        options.seed()),
                evaluate(data, flows.stream().mapToInt(flow -> ports.majority()).toArray()),
                parity);
    }

    /** The same tiers once more without ports, to tell what of the result is a table of ports. */
    private List<TierResult> withoutPorts(final Dataset data, final List<TrainedTier> tiers) {
        final List<TierResult> results = new ArrayList<>();
        for (final TrainedTier tier : tiers) {
            final FeatureSpec features = tier.plan().features();
            final Set<Mask> mask = EnumSet.of(Mask.PORTS);
            mask.addAll(features.mask());
            final TierPlan blind =
                    tier.plan()
                            .withFeatures(
                                    new FeatureSpec(
                                            features.encoder(),
                                            features.version(),
                                            features.packets(),
                                            mask));
            try (TrainedTier trained =
                    train(blind, data, "training " + blind.name() + " without ports")) {
                final double temperature = temperature(trained, data);
                results.add(
                        new TierResult(
                                trained.spec(temperature),
                                evaluate(
                                        data,
                                        Answers.of(
                                                trained.score(
                                                        data.flows(Part.TEST), temperature)))));
            }
        }
        return results;
    }

    private static Evaluation evaluate(final Dataset data, final Answers answers) {
        return Evaluation.of(
                data.labels(Part.TEST),
                answers.predicted(),
                answers.confidence(),
                data.names().size());
    }

    /** Of a baseline that says a class and no probability. */
    private static Evaluation evaluate(final Dataset data, final int[] predicted) {
        final double[] sure = new double[predicted.length];
        Arrays.fill(sure, 1);
        return Evaluation.of(data.labels(Part.TEST), predicted, sure, data.names().size());
    }

    private static List<FlowTuple> tuples(final List<FlowRecord> flows) {
        return flows.stream().map(FlowRecord::tuple).toList();
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
        for (final Part part : Part.values()) {
            final ObjectNode entry = split.putObject(part.id());
            entry.put("groups", data.split().groups(part));
            entry.put("flows", data.labels(part).length);
        }
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
