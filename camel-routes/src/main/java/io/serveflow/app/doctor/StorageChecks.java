/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Looks at the disks that an instance writes to. Whether it may write there, settings check. */
final class StorageChecks {

    private static final String CHECK = "disk";
    private static final long MEBIBYTE = 1 << 20;

    /** Below it the first burst of dead letters or of flows to repair may not fit. */
    private static final long LITTLE = 1024 * MEBIBYTE;

    private static final long TOO_LITTLE = 64 * MEBIBYTE;

    private final Settings settings;
    private final Space space;

    /** How much of a disk is free. */
    @FunctionalInterface
    interface Space {

        /** The bytes that this user may write to the disk of a folder. */
        long usable(Path folder) throws IOException;
    }

    StorageChecks(final Settings settings) {
        this(settings, folder -> Files.getFileStore(folder).getUsableSpace());
    }

    StorageChecks(final Settings settings, final Space space) {
        this.settings = settings;
        this.space = space;
    }

    List<Finding> examine() {
        final List<Finding> findings = new ArrayList<>();
        for (final Path folder : folders()) {
            findings.add(space(folder));
        }
        return findings;
    }

    private Set<Path> folders() {
        final Set<Path> folders = new LinkedHashSet<>();
        final List<String> written = new ArrayList<>(List.of("serveflow.deadLetters"));
        if (settings.sources().contains("tail")) {
            written.add("serveflow.tail.positionFile");
        }
        if (settings.repairTopic().isEmpty()) {
            written.add("serveflow.repair");
        }
        written.forEach(name -> folders.add(existing(settings.path(name))));
        if (settings.storesInFiles()) {
            folders.add(settings.path("serveflow.file.folder"));
        }
        return folders;
    }

    /** The folder of a file, or the one in which it will be made. */
    private static Path existing(final Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        while (Files.notExists(folder)) {
            folder = folder.getParent();
        }
        return folder;
    }

    private Finding space(final Path folder) {
        try {
            final long free = space.usable(folder);
            final String said = free / MEBIBYTE + " MiB are free at " + folder;
            if (free < TOO_LITTLE) {
                return Finding.failed(
                        CHECK, said, "make room there: positions and dead letters cannot be kept");
            }
            return free < LITTLE
                    ? Finding.warning(
                            CHECK, said, "make room there, or dead letters may not fit one day")
                    : Finding.ok(CHECK, said);
        } catch (final IOException e) {
            return Finding.failed(
                    CHECK, "the disk of " + folder + " cannot be asked: " + e, "mount it again");
        }
    }
}
