/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.recalibration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleWriter;
import io.serveflow.model.GoldenVector;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierSpec;
import io.serveflow.training.bundle.BundleFolder;
import io.serveflow.training.bundle.ModelCard;
import io.serveflow.training.notice.DiskFailure;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import io.serveflow.training.tier.TierScores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A bundle with the calibrations, thresholds and reference of a new calibration, and all else as it
 * was.
 */
record CalibratedBundle(Path bundle, Recalibration result) {

    private static final String SUFFIX = "-calibrated";

    /**
     * Writes it; what the old bundle was signed with does not hold any more and is left out.
     *
     * @param out missing, empty, or a bundle to replace
     * @param version that of the bundle with a suffix if absent
     * @param listener called with an older bundle that could not be deleted
     */
    void write(final Path out, final Optional<String> version, final TrainingListener listener) {
        try (BundleFolder folder = BundleFolder.open(out)) {
            final BundleManifest old = result.bundle();
            final BundleWriter writer = new BundleWriter(folder.draft());
            for (final String file : old.files().keySet().stream().sorted().toList()) {
                writer.file(file, content(file));
            }
            writer.finish(manifest(old, version.orElse(old.version() + SUFFIX)));
            Bundle.load(folder.draft()).close();
            folder.publish(listener);
        } catch (final IOException e) {
            throw new TrainingException(
                    "The calibrated bundle cannot be written to "
                            + out
                            + ": "
                            + DiskFailure.reason(e)
                            + ".",
                    e);
        }
    }

    private byte[] content(final String file) throws IOException {
        final byte[] bytes = Files.readAllBytes(bundle.resolve(file));
        return switch (file) {
            case GoldenVectors.FILE -> golden(bytes);
            case ModelCard.FILE -> card(bytes);
            default -> bytes;
        };
    }

    private BundleManifest manifest(final BundleManifest old, final String version) {
        final List<TierSpec> tiers = new ArrayList<>();
        for (int tier = 0; tier < old.tiers().size(); tier++) {
            tiers.add(old.tiers().get(tier).withCalibration(result.chosen().tiers().get(tier)));
        }
        final ObjectNode metrics =
                old.metrics() instanceof ObjectNode measured
                        ? measured.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        metrics.set("calibration", result.json());
        return new BundleManifest(
                old.name(),
                version,
                old.task(),
                old.created(),
                old.labels(),
                tiers,
                result.chosen().hops(),
                result.chosen().unknown(),
                Optional.of(result.reference()),
                old.vote(),
                old.training(),
                metrics,
                Map.of());
    }

    /** The same records with the answers of the tiers as they are calibrated now. */
    private byte[] golden(final byte[] old) throws IOException {
        final List<GoldenVector> vectors = GoldenVectors.read(old);
        final List<Map<String, float[]>> answers = new ArrayList<>();
        vectors.forEach(vector -> answers.add(new HashMap<>()));
        final List<TierCalibration> calibrations = result.chosen().tiers();
        for (int tier = 0; tier < calibrations.size(); tier++) {
            final TierSpec spec =
                    result.bundle().tiers().get(tier).withCalibration(calibrations.get(tier));
            final int[] asked =
                    IntStream.range(0, vectors.size())
                            .filter(i -> vectors.get(i).probabilities().containsKey(spec.name()))
                            .toArray();
            final byte[] onnx = Files.readAllBytes(bundle.resolve(spec.file()));
            try (TierModel model = TierModel.open(spec, result.bundle().labels().size(), onnx)) {
                final float[][] rows =
                        TierScores.of(
                                model,
                                Arrays.stream(asked)
                                        .mapToObj(i -> vectors.get(i).record())
                                        .toList());
                for (int i = 0; i < asked.length; i++) {
                    answers.get(asked[i]).put(spec.name(), rows[i]);
                }
            }
        }
        return GoldenVectors.write(
                IntStream.range(0, vectors.size())
                        .mapToObj(i -> new GoldenVector(vectors.get(i).record(), answers.get(i)))
                        .toList());
    }

    private byte[] card(final byte[] old) {
        return (new String(old, StandardCharsets.UTF_8).stripTrailing()
                        + "\n\n"
                        + "## Calibrated again\n\n"
                        + "Calibrations and thresholds are no longer those that the numbers above"
                        + " were measured with.\n\n"
                        + "```\n"
                        + result.text()
                        + "```\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
