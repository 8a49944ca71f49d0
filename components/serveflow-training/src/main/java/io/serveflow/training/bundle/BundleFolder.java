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
import io.serveflow.training.notice.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
            if (Files.notExists(absolute) && isThere(old(absolute))) {
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
            refuseForeignFiles(absolute, "name an empty folder or an older bundle");
            refuseForeignOld(absolute);
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
     * until the new one is there, and comes back where that fails. Where only the older one cannot
     * be deleted then, the new one stands.
     *
     * @param listener called with the older bundle that could not be deleted
     */
    public void publish(final TrainingListener listener) {
        try {
            deleteOld();
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
        } catch (final IOException | BundleException e) {
            throw failed(target, e);
        }
        try {
            deleteOld();
        } catch (final IOException | BundleException | TrainingException e) {
            listener.notice(
                    "The bundle is written to "
                            + target
                            + ", and the older one is left in "
                            + old(target)
                            + ": "
                            + DiskFailure.reason(e));
        }
    }

    private void deleteOld() throws IOException {
        refuseForeignOld(target);
        delete(old(target));
    }

    private static void refuseForeignOld(final Path target) throws IOException {
        final Path old = old(target);
        if (isThere(old) && !Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
            throw new TrainingException(
                    old
                            + ", where an older bundle is kept while a new one is put there, is a"
                            + " link or a file; move it elsewhere.");
        }
        refuseForeignFiles(old, "move it elsewhere");
    }

    private static boolean isThere(final Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
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

    private static void refuseForeignFiles(final Path target, final String fix) throws IOException {
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
                                + ", which is of no bundle; "
                                + fix
                                + ".");
            }
        }
    }

    private static void delete(final Path folder) throws IOException {
        if (!isThere(folder)) {
            return;
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + " is a link or a file; move it elsewhere");
        }
        final Path manifest = folder.resolve(BundleJson.FILE);
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.filter(each -> !each.equals(manifest)).toList()) {
                Files.delete(file);
            }
        }
        // Last, since it says which of the others are of a bundle.
        Files.deleteIfExists(manifest);
        Files.delete(folder);
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
