/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.packing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.drift.Reference;
import io.serveflow.flow.FlowRecord;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleWriter;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.model.UncertaintyScore;
import io.serveflow.training.bundle.BundleFolder;
import io.serveflow.training.bundle.GoldenAnswers;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.calibration.Calibration;
import io.serveflow.training.notice.DiskFailure;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.recalibration.BundleCalibration;
import io.serveflow.training.recalibration.CalibrationOptions;
import io.serveflow.training.recalibration.Recalibration;
import io.serveflow.training.tier.TierPlan;
import io.serveflow.training.tier.TierScores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Puts ONNX models that were made elsewhere into a bundle.
 *
 * <p>The models are written as they are. The bundle is checked by loading it before it replaces an
 * older one, so what is there can be run. Nothing is said of how good it is: that is for {@code
 * evaluate}.
 */
public final class BundlePacking {

    /** How far the probabilities of a flow may be from a sum of 1, for rounding. */
    private static final double SUM_TOLERANCE = 1e-3;

    private final PackOptions options;
    private final TrainingListener listener;
    private final Clock clock;

    /**
     * @param listener called with progress and what could not be used
     * @param clock dates the bundle
     */
    public BundlePacking(
            final PackOptions options, final TrainingListener listener, final Clock clock) {
        this.options = options;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Packs, and puts the bundle into its folder.
     *
     * @return the manifest of the new bundle
     * @throws TrainingException if a model does not fit, or the bundle cannot be written; one
     *     sentence that says why
     * @throws io.serveflow.model.BundleException if ONNX Runtime does not take a model
     */
    public BundleManifest run() {
        final List<ModelFile> models =
                options.tiers().stream()
                        .map(tier -> ModelFile.read(tier, options.classes().size()))
                        .toList();
        try (BundleFolder folder = BundleFolder.open(options.out())) {
            write(folder.draft(), models, stated(), Optional.empty());
            if (options.fitting().isPresent()) {
                final Recalibration fitted = fit(folder.draft(), options.fitting().get());
                write(folder.draft(), models, fitted.chosen(), Optional.of(fitted));
            }
            final BundleManifest manifest;
            try (Bundle bundle = Bundle.load(folder.draft())) {
                manifest = bundle.manifest();
            }
            folder.publish(listener);
            return manifest;
        } catch (final IOException e) {
            throw new TrainingException(
                    "The bundle cannot be written to "
                            + options.out()
                            + ": "
                            + DiskFailure.reason(e)
                            + ".",
                    e);
        }
    }

    /** Probabilities as the models give them; where thresholds are to be fitted, no flow moves. */
    private Calibration stated() {
        final int hops = options.tiers().size() - 1;
        return new Calibration(
                Collections.nCopies(hops + 1, TierCalibration.NONE),
                IntStream.range(0, hops)
                        .mapToObj(
                                hop ->
                                        new HopThreshold(
                                                UncertaintyScore.LEAST_CONFIDENCE,
                                                options.fitting().isPresent()
                                                        ? 1
                                                        : options.thresholds().get(hop)))
                        .toList(),
                Optional.empty());
    }

    private Recalibration fit(final Path bundle, final PackOptions.Fitting fitting) {
        return new BundleCalibration(
                        new CalibrationOptions(
                                bundle,
                                fitting.source(),
                                Optional.empty(),
                                Optional.empty(),
                                fitting.objective(),
                                fitting.seed()),
                        listener)
                .run();
    }

    private void write(
            final Path folder,
            final List<ModelFile> models,
            final Calibration calibration,
            final Optional<Recalibration> fitted)
            throws IOException {
        final List<TierSpec> tiers = new ArrayList<>();
        for (int tier = 0; tier < models.size(); tier++) {
            tiers.add(models.get(tier).tier().spec(calibration.tiers().get(tier)));
        }
        final BundleWriter writer = new BundleWriter(folder);
        for (int tier = 0; tier < tiers.size(); tier++) {
            writer.file(tiers.get(tier).file(), models.get(tier).onnx());
        }
        writer.file(
                GoldenVectors.FILE,
                GoldenAnswers.of(
                        tiers,
                        (tier, records) -> answers(models.get(tier), tiers.get(tier), records)));
        final BundleManifest manifest =
                manifest(
                        tiers,
                        calibration,
                        fitted.map(Recalibration::reference),
                        fitted.map(Recalibration::json));
        writer.file(
                ModelCard.FILE,
                PackedCard.of(manifest, options.about().dataNote(), fitted)
                        .getBytes(StandardCharsets.UTF_8));
        writer.finish(manifest);
    }

    private BundleManifest manifest(
            final List<TierSpec> tiers,
            final Calibration calibration,
            final Optional<Reference> reference,
            final Optional<ObjectNode> measured) {
        final ObjectNode training = JsonNodeFactory.instance.objectNode();
        training.put("note", options.about().dataNote());
        final ArrayNode entries = training.putArray("tiers");
        for (final PackedTier tier : options.tiers()) {
            entries.addObject()
                    .put("name", tier.name())
                    .put("model", "packed, " + tier.model().getFileName())
                    .put("cost", TierPlan.COST);
        }
        final ObjectNode metrics = JsonNodeFactory.instance.objectNode();
        measured.ifPresent(result -> metrics.set("calibration", result));
        return new BundleManifest(
                options.about().name(),
                options.about().version(),
                options.about().task(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                options.classes(),
                tiers,
                calibration.hops(),
                calibration.unknown(),
                reference,
                training,
                metrics,
                Map.of());
    }

    private float[][] answers(
            final ModelFile file, final TierSpec spec, final List<FlowRecord> records) {
        final int classes = options.classes().size();
        try (TierModel raw =
                TierModel.open(spec.withCalibration(TierCalibration.NONE), classes, file.onnx())) {
            for (final float[] row : TierScores.of(raw, records)) {
                requireProbabilities(file, row);
            }
        } catch (final IllegalStateException e) {
            throw noProbabilities(file, e.getMessage(), e);
        }
        try (TierModel model = TierModel.open(spec, classes, file.onnx())) {
            return TierScores.of(model, records);
        }
    }

    private static void requireProbabilities(final ModelFile file, final float[] row) {
        double sum = 0;
        for (final float probability : row) {
            sum += probability;
        }
        if (Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw noProbabilities(file, "the classes of a flow come to " + (float) sum, null);
        }
    }

    private static TrainingException noProbabilities(
            final ModelFile file, final String why, final Exception cause) {
        return new TrainingException(
                file.tier().model()
                        + ", the model of tier "
                        + file.tier().name()
                        + ": its output is no probabilities, since "
                        + why
                        + "; let it end in a softmax.",
                cause);
    }
}
