/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.verdict.Verdict.BundleRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The models of one task, loaded from a folder and found to be whole and to answer as they did when
 * they were made.
 *
 * <p>Safe for use by many threads. Whoever loads a bundle closes it; scoring that is under way then
 * ends undisturbed.
 */
public final class Bundle implements AutoCloseable {

    /** Beyond this a file is no manifest, golden file or model of a tier. */
    private static final long MAX_FILE_BYTES = 1L << 30;

    private final BundleManifest manifest;
    private final BundleRef ref;
    private final List<TierModel> tiers;

    private Bundle(
            final BundleManifest manifest, final BundleRef ref, final List<TierModel> tiers) {
        this.manifest = manifest;
        this.ref = ref;
        this.tiers = List.copyOf(tiers);
    }

    /**
     * Loads a bundle: reads {@code bundle.json}, compares the SHA-256 of every file that it lists,
     * opens a model for each tier, and runs the golden vectors through all of them.
     *
     * @throws BundleException if any of that fails; nothing stays open then
     */
    public static Bundle load(final Path directory) {
        return load(directory, TierScorer.Provider.INSTALLED);
    }

    /**
     * Loads a bundle whose tiers are scored by somebody else than whoever usually scores such
     * models.
     *
     * @throws BundleException as {@link #load(Path)} does
     */
    public static Bundle load(final Path directory, final TierScorer.Provider scorers) {
        try {
            return read(directory, scorers);
        } catch (final BundleException e) {
            throw e.in(directory);
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

    private static Bundle read(final Path directory, final TierScorer.Provider scorers) {
        final Path root;
        try {
            root = directory.toRealPath();
        } catch (final IOException e) {
            throw new BundleException("there is no such folder; name the one with bundle.json", e);
        }
        if (!Files.isDirectory(root)) {
            throw new BundleException("it is a file; name the folder with bundle.json");
        }
        final byte[] json = content(root, BundleJson.FILE);
        final BundleManifest manifest = BundleJson.read(json);
        final Map<String, byte[]> files = listedFiles(root, manifest);
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
        } catch (final RuntimeException e) {
            tiers.forEach(TierModel::close);
            throw e;
        }
        final BundleRef ref =
                new BundleRef(
                        manifest.name(), manifest.version(), manifest.task(), Sha256.hex(json));
        return new Bundle(manifest, ref, tiers);
    }

    /** The content of the models and the golden vectors, once every listed file is as listed. */
    private static Map<String, byte[]> listedFiles(final Path root, final BundleManifest manifest) {
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
            final byte[] content = content(root, file);
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

    /** Reads a file once, so that what is checked is what is used. */
    private static byte[] content(final Path root, final String name) {
        try {
            requireInside(root, root.resolve(name).normalize(), name);
            final Path file = root.resolve(name).toRealPath();
            requireInside(root, file, name);
            final long size = Files.size(file);
            if (size > MAX_FILE_BYTES) {
                throw new BundleException(
                        name
                                + " has "
                                + size
                                + " bytes, more than the "
                                + MAX_FILE_BYTES
                                + " that are read; name another file");
            }
            return Files.readAllBytes(file);
        } catch (final NoSuchFileException e) {
            throw new BundleException(
                    name + " is missing; copy the bundle again from where it was made", e);
        } catch (final InvalidPathException e) {
            throw new BundleException(name + " is no name of a file; rename the file", e);
        } catch (final IOException e) {
            throw new BundleException(
                    name + " cannot be read: " + e + "; make it a file that this user may read", e);
        }
    }

    private static void requireInside(final Path root, final Path file, final String name) {
        if (!file.startsWith(root)) {
            throw new BundleException(
                    name + " is outside the bundle; keep its files in its folder");
        }
    }
}
