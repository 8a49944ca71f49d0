/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.bundle;

import io.serveflow.model.BundleException;
import io.serveflow.model.BundleJson;
import io.serveflow.training.notice.DiskFailure;
import io.serveflow.training.notice.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of a bundle while it is made: a draft next to the target folder, moved there when it
 * is complete, so that a half-made bundle is never where one is looked for.
 */
public final class BundleFolder implements AutoCloseable {

    private static final String SIGNATURE = "bundle.sig";

    private final Path target;
    private final Path draft;

    private BundleFolder(final Path target, final Path draft) {
        this.target = target;
        this.draft = draft;
    }

    /**
     * Makes the draft.
     *
     * @param target where the bundle is to be: missing, empty, or an older bundle to replace
     * @throws TrainingException if something else is there, or the disk fails
     */
    public static BundleFolder open(final Path target) {
        requireReplaceable(target);
        try {
            final Path absolute = real(target);
            Files.createDirectories(absolute.getParent());
            if (Files.notExists(absolute) && Files.exists(old(absolute))) {
                // An earlier run ended while it put a bundle there.
                Files.move(old(absolute), absolute);
            }
            final Path draft = absolute.resolveSibling("." + absolute.getFileName() + ".draft");
            delete(draft);
            return new BundleFolder(absolute, Files.createDirectory(draft));
        } catch (final IOException | BundleException e) {
            throw failed(target, e);
        }
    }

    /**
     * Makes sure that a bundle may be put there, and makes nothing.
     *
     * @throws TrainingException if something else is there
     */
    public static void requireReplaceable(final Path target) {
        try {
            final Path absolute = real(target);
            if (absolute.getFileName() == null) {
                throw new TrainingException(
                        "The bundle cannot be written to " + target + ": name a folder below it.");
            }
            refuseForeignFiles(absolute);
        } catch (final IOException | BundleException e) {
            throw failed(target, e);
        }
    }

    /** Behind a link, the folder that it leads to. */
    private static Path real(final Path target) throws IOException {
        return Files.exists(target) ? target.toRealPath() : target.toAbsolutePath().normalize();
    }

    /** The folder to write the bundle into. */
    public Path draft() {
        return draft;
    }

    /**
     * Moves the bundle to its target folder, where it replaces an older one. That stays beside it
     * until the new one is there, and comes back where that fails.
     */
    public void publish() {
        try {
            delete(old(target));
            if (Files.exists(target)) {
                Files.move(target, old(target));
            }
            try {
                Files.move(draft, target);
            } catch (final IOException e) {
                if (Files.exists(old(target))) {
                    Files.move(old(target), target);
                }
                throw e;
            }
            delete(old(target));
        } catch (final IOException e) {
            throw failed(target, e);
        }
    }

    private static Path old(final Path target) {
        return target.resolveSibling("." + target.getFileName() + ".old");
    }

    /** Removes the draft if it was not published. */
    @Override
    public void close() {
        try {
            delete(draft);
        } catch (final IOException e) {
            throw failed(draft, e);
        }
    }

    private static void refuseForeignFiles(final Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        final Path manifest = target.resolve(BundleJson.FILE);
        final Set<String> own = new HashSet<>(Set.of(BundleJson.FILE, SIGNATURE));
        if (Files.exists(manifest)) {
            own.addAll(BundleJson.read(Files.readAllBytes(manifest)).files().keySet());
        }
        try (Stream<Path> files = Files.list(target)) {
            final List<String> foreign =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> !own.contains(name))
                            .sorted()
                            .toList();
            if (!foreign.isEmpty()) {
                throw new TrainingException(
                        "The folder "
                                + target
                                + " holds "
                                + foreign.get(0)
                                + ", which is of no bundle; name an empty folder or an older"
                                + " bundle.");
            }
        }
    }

    private static void delete(final Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (final Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static TrainingException failed(final Path target, final Exception cause) {
        return new TrainingException(
                "The bundle cannot be written to "
                        + target
                        + ": "
                        + DiskFailure.reason(cause)
                        + ".",
                cause);
    }
}
