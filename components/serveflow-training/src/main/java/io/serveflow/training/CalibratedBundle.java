/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleWriter;
import io.serveflow.model.GoldenVector;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.Temperature;
import io.serveflow.model.TierSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bundle with the temperatures and thresholds of a new calibration, and all else as it was. */
record CalibratedBundle(Path bundle, Recalibration result) {

    private static final String SUFFIX = "-calibrated";

    /**
     * Writes it; what the old bundle was signed with does not hold any more and is left out.
     *
     * @param place missing, empty, or a bundle to replace
     * @param version that of the bundle with a suffix if absent
     */
    void write(final Path place, final Optional<String> version) {
        try (BundleFolder folder = BundleFolder.open(place)) {
            final BundleManifest old = result.bundle();
            final BundleWriter writer = new BundleWriter(folder.draft());
            for (final String file : old.files().keySet().stream().sorted().toList()) {
                writer.file(file, content(file));
            }
            writer.finish(manifest(old, version.orElse(old.version() + SUFFIX)));
            Bundle.load(folder.draft()).close();
            folder.publish();
        } catch (final IOException e) {
            throw new TrainingException(
                    "The calibrated bundle cannot be written to " + place + ": " + e + ".", e);
        }
    }

    private byte[] content(final String file) throws IOException {
        final byte[] bytes = Files.readAllBytes(bundle.resolve(file));
        return switch (file) {
            case GoldenVectors.FILE -> golden(bytes);
            case Training.CARD -> card(bytes);
            default -> bytes;
        };
    }

    private BundleManifest manifest(final BundleManifest old, final String version) {
        final List<TierSpec> tiers = new ArrayList<>();
        for (int tier = 0; tier < old.tiers().size(); tier++) {
            final TierSpec spec = old.tiers().get(tier);
            tiers.add(
                    new TierSpec(
                            spec.name(),
                            spec.file(),
                            spec.features(),
                            result.chosen().temperatures()[tier],
                            spec.device()));
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
                        old.training(),
                        metrics,
                        Map.of())
                .withVote(old.vote());
    }

    /** The same records with the answers under the new temperatures. */
    private byte[] golden(final byte[] old) {
        final List<GoldenVector> vectors = new ArrayList<>();
        for (final GoldenVector vector : GoldenVectors.read(old)) {
            final Map<String, float[]> answers = new HashMap<>();
            for (int tier = 0; tier < result.bundle().tiers().size(); tier++) {
                final TierSpec spec = result.bundle().tiers().get(tier);
                final float[] answer = vector.probabilities().get(spec.name());
                if (answer != null) {
                    final float[] row = answer.clone();
                    Temperature.apply(
                            row,
                            0,
                            row.length,
                            result.chosen().temperatures()[tier] / spec.temperature());
                    answers.put(spec.name(), row);
                }
            }
            vectors.add(new GoldenVector(vector.record(), answers));
        }
        return GoldenVectors.write(vectors);
    }

    private byte[] card(final byte[] old) {
        return (new String(old, StandardCharsets.UTF_8).stripTrailing()
                        + "\n\n"
                        + "## Calibrated again\n\n"
                        + "Temperatures and thresholds are no longer those that the numbers above"
                        + " were measured with.\n\n"
                        + "```\n"
                        + result.text()
                        + "```\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
