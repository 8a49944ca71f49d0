/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.SampleFlows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/** Small whole bundles for tests, and ways to spoil them. */
public final class TinyBundles {

    public static final List<String> LABELS = List.of("dns", "mail", "web_tls");

    public static final TierSpec FASTEST =
            new TierSpec(
                    "fastest",
                    "fastest.onnx",
                    new FeatureSpec("nprint", 1, 1, Set.of(Mask.ADDRESSES, Mask.PORTS)),
                    1.0,
                    "cpu");

    public static final TierSpec SLOW =
            new TierSpec(
                    "slow",
                    "slow.onnx",
                    new FeatureSpec("nprint+sequence", 1, 3, Set.of()),
                    1.7,
                    "cuda");

    public static final BundleManifest MANIFEST =
            new BundleManifest(
                    "tiny",
                    "1.0.0",
                    "service",
                    "2026-11-22T00:00:00Z",
                    LABELS,
                    List.of(FASTEST, SLOW),
                    List.of(new HopThreshold(UncertaintyScore.LEAST_CONFIDENCE, 0.1, 0.2, 0.3)),
                    Optional.empty(),
                    Optional.empty(),
                    JsonNodeFactory.instance.objectNode().put("seed", 1),
                    JsonNodeFactory.instance.objectNode().put("macroF1", 0.5),
                    Map.of());

    private TinyBundles() {}

    /** Writes a whole bundle of two tiers that withhold answers. */
    public static Path write(final Path directory, final UnknownThresholds unknown)
            throws IOException {
        return write(
                directory,
                new BundleManifest(
                        MANIFEST.name(),
                        MANIFEST.version(),
                        MANIFEST.task(),
                        MANIFEST.created(),
                        MANIFEST.labels(),
                        MANIFEST.tiers(),
                        MANIFEST.hops(),
                        Optional.of(unknown),
                        Optional.empty(),
                        MANIFEST.training(),
                        MANIFEST.metrics(),
                        Map.of()));
    }

    /** Writes a whole bundle of two tiers in another version. */
    public static Path writeVersion(final Path directory, final String version) throws IOException {
        return write(
                directory,
                new BundleManifest(
                        MANIFEST.name(),
                        version,
                        MANIFEST.task(),
                        MANIFEST.created(),
                        MANIFEST.labels(),
                        MANIFEST.tiers(),
                        MANIFEST.hops(),
                        MANIFEST.unknown(),
                        MANIFEST.reference(),
                        MANIFEST.training(),
                        MANIFEST.metrics(),
                        Map.of()));
    }

    /** Writes a whole bundle of two tiers. */
    public static Path write(final Path directory) throws IOException {
        return write(directory, MANIFEST);
    }

    private static Path write(final Path directory, final BundleManifest manifest)
            throws IOException {
        final byte[] fastest = TinyModels.trees(896, LABELS.size(), 1);
        final byte[] slow = TinyModels.trees(3 * (1024 + 12), LABELS.size(), 2);
        new BundleWriter(directory)
                .file("fastest.onnx", fastest)
                .file("slow.onnx", slow)
                .file("golden.ndjson", GoldenVectors.write(golden(fastest, slow)))
                .file("CARD.md", "# tiny\n".getBytes(StandardCharsets.UTF_8))
                .finish(manifest);
        return directory;
    }

    /** Writes a whole bundle of two tiers that read summaries. */
    public static Path writeConn(final Path directory) throws IOException {
        final TierSpec fastest =
                new TierSpec(
                        "fastest",
                        "fastest.onnx",
                        new FeatureSpec("conn", 1, 1, Set.of(Mask.PORTS)),
                        1.0,
                        "cpu");
        final TierSpec slow =
                new TierSpec(
                        "slow",
                        "slow.onnx",
                        new FeatureSpec("conn+conn-service", 1, 1, Set.of()),
                        1.0,
                        "cpu");
        return write(directory, "tiny-conn", fastest, slow, SampleFlows::randomSummary);
    }

    /** Writes a whole bundle of two tiers that read seconds, the first 1 and the first 5. */
    public static Path writeSeconds(final Path directory) throws IOException {
        final TierSpec first =
                new TierSpec(
                        "after1s",
                        "after1s.onnx",
                        new FeatureSpec("windows", 1, 1, Set.of()),
                        1.0,
                        "cpu");
        final TierSpec second =
                new TierSpec(
                        "after5s",
                        "after5s.onnx",
                        new FeatureSpec("windows", 1, 5, Set.of()),
                        1.0,
                        "cpu");
        return write(
                directory,
                "tiny-seconds",
                first,
                second,
                seed -> SampleFlows.randomContext(seed, 5));
    }

    private static Path write(
            final Path directory,
            final String name,
            final TierSpec fastest,
            final TierSpec slow,
            final LongFunction<FlowRecord> records)
            throws IOException {
        final byte[] fastestModel = TinyModels.trees(width(fastest), LABELS.size(), 1);
        final byte[] slowModel = TinyModels.trees(width(slow), LABELS.size(), 2);
        final List<GoldenVector> vectors = new ArrayList<>();
        try (TierModel fastestTier = TierModel.open(fastest, LABELS.size(), fastestModel);
                TierModel slowTier = TierModel.open(slow, LABELS.size(), slowModel)) {
            for (int seed = 0; seed < 4; seed++) {
                vectors.add(vector(records.apply(seed), List.of(fastestTier, slowTier)));
            }
        }
        new BundleWriter(directory)
                .file(fastest.file(), fastestModel)
                .file(slow.file(), slowModel)
                .file("golden.ndjson", GoldenVectors.write(vectors))
                .file("CARD.md", "# tiny\n".getBytes(StandardCharsets.UTF_8))
                .finish(
                        new BundleManifest(
                                name,
                                "1.0.0",
                                MANIFEST.task(),
                                MANIFEST.created(),
                                LABELS,
                                List.of(fastest, slow),
                                MANIFEST.hops(),
                                Optional.empty(),
                                Optional.empty(),
                                MANIFEST.training(),
                                MANIFEST.metrics(),
                                Map.of()));
        return directory;
    }

    private static int width(final TierSpec tier) {
        return FeatureEncoders.of(tier.features()).width();
    }

    /** Replaces a piece of {@code bundle.json}, which must be there. */
    static void edit(final Path directory, final String piece, final String by) throws IOException {
        final Path file = directory.resolve(BundleJson.FILE);
        final String json = Files.readString(file);
        if (!json.contains(piece)) {
            throw new IllegalArgumentException(piece + " is not in " + json);
        }
        Files.writeString(file, json.replace(piece, by));
    }

    /** Replaces a file and its checksum. */
    static void replace(final Path directory, final String name, final byte[] content)
            throws IOException {
        final Path file = directory.resolve(name);
        final String before = Sha256.hex(Files.readAllBytes(file));
        Files.write(file, content);
        edit(directory, before, Sha256.hex(content));
    }

    private static List<GoldenVector> golden(final byte[] fastest, final byte[] slow) {
        final List<GoldenVector> vectors = new ArrayList<>();
        try (TierModel fastestTier = TierModel.open(FASTEST, LABELS.size(), fastest);
                TierModel slowTier = TierModel.open(SLOW, LABELS.size(), slow)) {
            for (int seed = 0; seed < 4; seed++) {
                vectors.add(vector(SampleFlows.randomFirst(seed), List.of(fastestTier)));
                vectors.add(
                        vector(
                                SampleFlows.randomContext(seed, 1 + seed),
                                List.of(fastestTier, slowTier)));
            }
        }
        return vectors;
    }

    private static GoldenVector vector(final FlowRecord record, final List<TierModel> tiers) {
        final Map<String, float[]> probabilities = new HashMap<>();
        for (final TierModel tier : tiers) {
            final float[] row = new float[tier.classes()];
            tier.score(1, i -> record, row);
            probabilities.put(tier.spec().name(), row);
        }
        return new GoldenVector(record, probabilities);
    }
}
