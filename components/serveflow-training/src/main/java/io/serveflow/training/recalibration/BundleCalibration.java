/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.recalibration;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.training.bundle.BundleFolder;
import io.serveflow.training.calibration.Calibration;
import io.serveflow.training.data.DataKind;
import io.serveflow.training.data.Dataset;
import io.serveflow.training.data.Folds;
import io.serveflow.training.data.LabelledCaptures;
import io.serveflow.training.data.LabelledFlow;
import io.serveflow.training.fold.CrossFit;
import io.serveflow.training.fold.OutOfFold;
import io.serveflow.training.fold.References;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.recalibration.Recalibration.Measured;
import io.serveflow.training.score.Answers;
import io.serveflow.training.score.TierWaits;
import io.serveflow.training.tier.TierScores;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the calibrations of the tiers and the thresholds of a bundle anew on other captures; its
 * models stay.
 *
 * <p>With labels, both are fitted to them. Without, the answers of the last tier stand for labels:
 * that says how often an earlier tier disagrees with it, and so which flows are worth the wait, but
 * not how often the last tier is right, so the calibrations of the tiers stay as they are.
 *
 * <p>The reference that live traffic is compared with becomes that of these captures.
 *
 * <p>What a new choice comes to is found fold by fold, on groups that it was not made on.
 */
public final class BundleCalibration {

    private static final int FOLDS = 5;
    private static final int LEAST_GROUPS = 2;

    private final CalibrationOptions options;
    private final TrainingListener listener;

    /**
     * @param listener called with progress and with what could not be used
     */
    public BundleCalibration(final CalibrationOptions options, final TrainingListener listener) {
        this.options = options;
        this.listener = listener;
    }

    /**
     * Calibrates, and writes the new bundle if there is a folder for it.
     *
     * @throws TrainingException if it cannot be done; one sentence that says why
     * @throws io.serveflow.model.BundleException if the bundle cannot be loaded
     */
    public Recalibration run() {
        // Minutes of work would be lost if that showed only when the bundle is written.
        options.out().ifPresent(BundleFolder::requireReplaceable);
        try (Bundle bundle = Bundle.load(options.bundle())) {
            final LabelledCaptures captures = read(bundle.manifest());
            final CrossFit scores = scores(bundle.manifest(), captures);
            final Recalibration result =
                    recalibrate(
                            bundle.manifest(), data(bundle.manifest(), captures, scores), scores);
            options.out()
                    .ifPresent(
                            out ->
                                    new CalibratedBundle(options.bundle(), result)
                                            .write(out, options.version(), listener));
            return result;
        }
    }

    private LabelledCaptures read(final BundleManifest manifest) {
        final DataKind kind = options.source().kind();
        options.objective().requireTimes(kind.timed(), kind.words());
        final LabelledCaptures all =
                options.source()
                        .read(
                                "calibration",
                                manifest.tiers().stream().map(TierSpec::features).toList(),
                                listener);
        if (options.source().labels().isEmpty()) {
            return all;
        }
        final List<LabelledFlow> known =
                all.flows().stream()
                        .filter(flow -> manifest.labels().contains(flow.label()))
                        .toList();
        warnOfLearnedFlows(manifest, all.counts());
        final int foreign = all.flows().size() - known.size();
        if (foreign > 0) {
            listener.notice(
                    foreign
                            + " of "
                            + all.flows().size()
                            + " flows have a label that the bundle does not know and are left"
                            + " out.");
        }
        return new LabelledCaptures(known, all.counts(), all.kind());
    }

    /** A bundle says how many captures it was trained on, and not which. */
    private void warnOfLearnedFlows(
            final BundleManifest manifest, final LabelledCaptures.Counts counts) {
        final var data = manifest.training().path("data");
        if (data.path("labelRows").asInt(-1) == counts.rows()
                && data.path("captures").asInt(-1) == counts.captures()) {
            listener.notice(
                    "The bundle was trained on as many captures and labelled rows as there are"
                        + " here, so they are most likely the same; on flows that it has learned it"
                        + " looks far too good, and what is chosen on them will be far too sure. Do"
                        + " not use it.");
        }
    }

    /** What the models say before they are calibrated. They were trained on other captures. */
    private CrossFit scores(final BundleManifest manifest, final LabelledCaptures captures) {
        final List<FlowRecord> flows =
                captures.flows().stream().map(LabelledFlow::context).toList();
        final List<float[][]> raw = new ArrayList<>();
        for (final TierSpec spec : manifest.tiers()) {
            listener.progress("asking " + spec.name(), raw.size(), manifest.tiers().size());
            try (TierModel tier = open(manifest, spec)) {
                raw.add(TierScores.of(tier, flows));
            }
        }
        return new CrossFit(raw, 0);
    }

    private TierModel open(final BundleManifest manifest, final TierSpec spec) {
        try {
            return TierModel.open(
                    spec.withCalibration(TierCalibration.NONE),
                    manifest.labels().size(),
                    Files.readAllBytes(options.bundle().resolve(spec.file())));
        } catch (final IOException e) {
            throw new TrainingException(
                    "The model "
                            + spec.file()
                            + " of the bundle cannot be read: "
                            + e.getMessage()
                            + ".",
                    e);
        }
    }

    private Dataset data(
            final BundleManifest manifest, final LabelledCaptures captures, final CrossFit scores) {
        final List<String> groups = captures.flows().stream().map(LabelledFlow::group).toList();
        final int groupCount = new HashSet<>(groups).size();
        if (groupCount < LEAST_GROUPS) {
            throw new TrainingException(
                    groups.size()
                            + " usable flows of "
                            + groupCount
                            + " group(s) are too few to calibrate on; flows of at least "
                            + LEAST_GROUPS
                            + " groups of captures are needed.");
        }
        final int[] labels =
                options.source().labels().isPresent()
                        ? captures.flows().stream()
                                .mapToInt(flow -> manifest.labels().indexOf(flow.label()))
                                .toArray()
                        : Answers.of(scores.raw().get(scores.raw().size() - 1)).predicted();
        return new Dataset(
                captures.flows().stream().map(LabelledFlow::context).toList(),
                labels,
                captures.flows().stream().map(LabelledFlow::application).toList(),
                groups,
                captures.flows().stream().map(LabelledFlow::capture).toList(),
                manifest.labels(),
                Folds.of(
                        groups,
                        labels,
                        manifest.labels().size(),
                        Math.min(FOLDS, groupCount),
                        options.seed()),
                captures.counts(),
                captures.kind());
    }

    private Recalibration recalibrate(
            final BundleManifest manifest, final Dataset data, final CrossFit scores) {
        final List<FeatureSpec> features =
                manifest.tiers().stream().map(TierSpec::features).toList();
        final TierWaits waits = TierWaits.of(data.flows(), features, data.kind().timed());
        final Calibration current =
                new Calibration(
                        manifest.tiers().stream().map(TierSpec::calibration).toList(),
                        manifest.hops(),
                        manifest.unknown());
        final Calibration.Aim aim =
                OutOfFold.bestAim(
                        data,
                        scores,
                        waits,
                        costs(manifest),
                        options.objective(),
                        options.source().labels().isPresent()
                                ? Optional.empty()
                                : Optional.of(current.tiers()));
        final Answers before = current.answers(current.probabilities(scores.raw()));
        final Answers after = OutOfFold.of(data, scores, waits, aim).cascade();
        final Calibration chosen =
                Calibration.fit(scores.raw(), data.labels(), data.folds(), waits, aim);
        return new Recalibration(
                manifest,
                options.source().labels().isPresent(),
                data.labels().length,
                data.groupCount(),
                options.objective(),
                current,
                chosen,
                References.of(data, scores.raw(), chosen),
                Measured.of(before, data, waits),
                Measured.of(after, data, waits),
                changed(before, after));
    }

    /** What tiers cost is what they were trained with; other bundles say nothing of it. */
    private static double[] costs(final BundleManifest manifest) {
        final double[] costs = new double[manifest.tiers().size()];
        for (int tier = 0; tier < costs.length; tier++) {
            costs[tier] = manifest.training().path("tiers").path(tier).path("cost").asDouble(0);
        }
        return costs;
    }

    private static double changed(final Answers before, final Answers after) {
        final boolean[] same = Answers.right(before.predicted(), after.predicted());
        int changed = 0;
        for (final boolean kept : same) {
            changed += kept ? 0 : 1;
        }
        return (double) changed / same.length;
    }
}
