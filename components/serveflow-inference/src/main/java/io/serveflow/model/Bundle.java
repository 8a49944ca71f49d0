/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.verdict.Verdict.BundleRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models of one task, loaded from a folder and found to be whole and to answer as they did when
 * they were made.
 *
 * <p>Safe for use by many threads. Whoever loads a bundle closes it; scoring that is under way then
 * ends undisturbed.
 */
public final class Bundle implements AutoCloseable {

    private final BundleManifest manifest;
    private final BundleRef ref;
    private final Optional<VerifyingKey> signer;
    private final List<TierModel> tiers;

    private Bundle(
            final BundleManifest manifest,
            final BundleRef ref,
            final Optional<VerifyingKey> signer,
            final List<TierModel> tiers) {
        this.manifest = manifest;
        this.ref = ref;
        this.signer = signer;
        this.tiers = List.copyOf(tiers);
    }

    /**
     * Loads a bundle: reads {@code bundle.json}, checks its signature if it has one, compares the
     * SHA-256 of every file that it lists, opens a model for each tier, and runs the golden vectors
     * through all of them. Whose signature it is does not matter.
     *
     * @throws BundleException if any of that fails; nothing stays open then
     */
    public static Bundle load(final Path directory) {
        return load(BundleFiles.in(directory));
    }

    /**
     * Loads a bundle from wherever its files are.
     *
     * @throws BundleException as {@link #load(Path)} does
     */
    public static Bundle load(final BundleFiles files) {
        return load(files, BundleTrust.ANYBODY);
    }

    /**
     * Loads a bundle of somebody who is trusted.
     *
     * @throws BundleException as {@link #load(Path)} does, or if its signature is missing or of
     *     somebody else
     */
    public static Bundle load(final BundleFiles files, final BundleTrust trust) {
        return load(files, trust, TierScorer.Provider.INSTALLED);
    }

    /**
     * Loads a bundle whose tiers are scored by somebody else than whoever usually scores such
     * models.
     *
     * @throws BundleException as {@link #load(Path)} does
     */
    public static Bundle load(final BundleFiles files, final TierScorer.Provider scorers) {
        return load(files, BundleTrust.ANYBODY, scorers);
    }

    /**
     * Loads a bundle of somebody who is trusted, whose tiers are scored by somebody else than
     * whoever usually scores such models.
     *
     * @throws BundleException as {@link #load(BundleFiles, BundleTrust)} does
     */
    public static Bundle load(
            final BundleFiles files, final BundleTrust trust, final TierScorer.Provider scorers) {
        return load(files, (SignatureCheck) trust, scorers);
    }

    /** Loads a bundle whose signature will do, all of it from one and the same folder. */
    static Bundle load(
            final BundleFiles files,
            final SignatureCheck check,
            final TierScorer.Provider scorers) {
        try {
            return read(files.settled(), check, scorers);
        } catch (final BundleException e) {
            throw e.in(files.location());
        }
    }

    /** What the bundle says of itself. */
    public BundleManifest manifest() {
        return manifest;
    }

    /** How verdicts refer to the bundle; its hash is that of {@code bundle.json}. */
    public BundleRef ref() {
        return ref;
    }

    /** Who has signed it; empty if nobody has. */
    public Optional<VerifyingKey> signer() {
        return signer;
    }

    /** The tiers, from the first that is asked to the last. */
    public List<TierModel> tiers() {
        return tiers;
    }

    /**
     * The tier with a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public TierModel tier(final String name) {
        for (final TierModel tier : tiers) {
            if (tier.spec().name().equals(name)) {
                return tier;
            }
        }
        throw new IllegalArgumentException(
                "bundle "
                        + manifest.name()
                        + " has no tier '"
                        + name
                        + "'; it has "
                        + String.join(
                                ", ", manifest.tiers().stream().map(TierSpec::name).toList()));
    }

    /** Closes all tiers. Later calls do nothing. */
    @Override
    public void close() {
        tiers.forEach(TierModel::close);
    }

    private static Bundle read(
            final BundleFiles source,
            final SignatureCheck check,
            final TierScorer.Provider scorers) {
        final byte[] json = source.read(BundleJson.FILE);
        final Optional<VerifyingKey> signer = check.check(json, source.find(BundleSignature.FILE));
        final BundleManifest manifest = BundleJson.read(json);
        final Map<String, byte[]> files = listedFiles(source, manifest);
        final List<GoldenVector> golden = GoldenVectors.read(files.get(GoldenVectors.FILE));

        final List<TierModel> tiers = new ArrayList<>();
        try {
            for (final TierSpec tier : manifest.tiers()) {
                tiers.add(
                        TierModel.of(
                                tier,
                                scorers.open(
                                        tier, manifest.labels().size(), files.get(tier.file()))));
            }
            GoldenVectors.verify(golden, tiers, manifest.labels());
        } catch (final RuntimeException | Error e) {
            tiers.forEach(TierModel::close);
            throw e;
        }
        final BundleRef ref =
                new BundleRef(
                        manifest.name(), manifest.version(), manifest.task(), Sha256.hex(json));
        return new Bundle(manifest, ref, signer, tiers);
    }

    /**
     * The content of the models and the golden vectors, once every listed file is as listed; each
     * is read once, so that what is checked is what is used.
     */
    private static Map<String, byte[]> listedFiles(
            final BundleFiles source, final BundleManifest manifest) {
        final List<String> needed = new ArrayList<>();
        manifest.tiers().forEach(tier -> needed.add(tier.file()));
        needed.add(GoldenVectors.FILE);
        for (final String file : needed) {
            if (!manifest.files().containsKey(file)) {
                throw new BundleException(
                        BundleJson.FILE
                                + ": field files has no checksum of "
                                + file
                                + "; add it or make the bundle again");
            }
        }
        final Map<String, byte[]> contents = new HashMap<>();
        for (final Map.Entry<String, String> listed : manifest.files().entrySet()) {
            final String file = listed.getKey();
            final byte[] content = source.read(file);
            final String found = Sha256.hex(content);
            if (!found.equals(listed.getValue())) {
                throw new BundleException(
                        file
                                + " has the SHA-256 "
                                + found
                                + ", bundle.json says "
                                + listed.getValue()
                                + "; copy the bundle again from where it was made");
            }
            if (needed.contains(file)) {
                contents.put(file, content);
            }
        }
        return contents;
    }
}
