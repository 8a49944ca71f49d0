/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleWriter;
import io.serveflow.model.GoldenVector;
import io.serveflow.model.GoldenVectors;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierSpec;
import io.serveflow.model.UncertaintyScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Bundles of other shapes, made of the models of a shipped one. */
final class DerivedBundle {

    /** So low that most flows are asked about by tier after tier. */
    private static final double THRESHOLD = 0.05;

    private DerivedBundle() {}

    /**
     * Writes a bundle with some of the tiers of another, which may be there more than once: {@code
     * slow} and {@code slow2} are the same model.
     */
    static Path write(
            final Path bundle, final Path out, final String version, final List<String> names)
            throws IOException {
        return write(bundle, out, version, names, name -> name + ".onnx");
    }

    /**
     * The same with names of its own for the files of the models.
     *
     * @param fileOf the name of a tier's file
     */
    static Path write(
            final Path bundle,
            final Path out,
            final String version,
            final List<String> names,
            final UnaryOperator<String> fileOf)
            throws IOException {
        final BundleFiles files = BundleFiles.in(bundle);
        final BundleManifest manifest = files.manifest();
        final BundleWriter writer = new BundleWriter(out);
        final List<TierSpec> tiers = new ArrayList<>();
        final List<HopThreshold> hops = new ArrayList<>();
        for (final String name : names) {
            final TierSpec tier = tier(manifest, name);
            tiers.add(
                    new TierSpec(
                            name,
                            fileOf.apply(name),
                            tier.features(),
                            tier.calibration(),
                            tier.device()));
            writer.file(fileOf.apply(name), files.read(tier.file()));
            if (tiers.size() > 1) {
                hops.add(new HopThreshold(UncertaintyScore.LEAST_CONFIDENCE, THRESHOLD));
            }
        }
        writer.file(GoldenVectors.FILE, golden(files, manifest, names));
        writer.file("CARD.md", files.read("CARD.md"));
        writer.finish(
                new BundleManifest(
                        "derived-" + manifest.task(),
                        version,
                        manifest.task(),
                        manifest.created(),
                        manifest.labels(),
                        tiers,
                        hops,
                        Optional.empty(),
                        Optional.empty(),
                        JsonNodeFactory.instance.objectNode(),
                        JsonNodeFactory.instance.objectNode(),
                        Map.of()));
        Bundle.load(out).close();
        return out;
    }

    private static TierSpec tier(final BundleManifest manifest, final String name) {
        return manifest.tiers().stream()
                .filter(tier -> name.replaceAll("[0-9]+$", "").equals(tier.name()))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] golden(
            final BundleFiles files, final BundleManifest manifest, final List<String> names) {
        final List<GoldenVector> vectors = new ArrayList<>();
        for (final GoldenVector vector : GoldenVectors.read(files.read(GoldenVectors.FILE))) {
            final Map<String, float[]> answers = new HashMap<>();
            for (final String name : names) {
                final float[] answer = vector.probabilities().get(tier(manifest, name).name());
                if (answer != null) {
                    answers.put(name, answer);
                }
            }
            if (!answers.isEmpty()) {
                vectors.add(new GoldenVector(vector.record(), answers));
            }
        }
        return GoldenVectors.write(vectors);
    }
}
