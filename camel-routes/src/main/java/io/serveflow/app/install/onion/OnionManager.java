/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.rest.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The file system of a manager, which has the settings of the whole grid.
 *
 * @param root that of the manager
 */
public record OnionManager(Path root, Version version) {

    private static final String VERSION_FILE = "etc/soversion";
    private static final String LOCAL = "opt/so/saltstack/local";
    private static final Version OLDEST = new Version(2, 4);

    public OnionManager {
        Objects.requireNonNull(root, "root");
        Objects.requireNonNull(version, "version");
    }

    /**
     * The manager whose root a folder is.
     *
     * @throws InstallException if it is none
     */
    public static OnionManager at(final Path root) throws IOException {
        final Path file = root.resolve(VERSION_FILE);
        if (!Files.isRegularFile(file)) {
            throw new InstallException(
                    "this is no Security Onion, for there is no "
                            + file
                            + "; run this on the manager of the grid");
        }
        final String said = Files.readString(file).strip();
        final Version version =
                Version.in(said)
                        .orElseThrow(() -> new InstallException(file + " has no version: " + said));
        if (version.isBefore(OLDEST)) {
            throw new InstallException(
                    "this Security Onion is of version "
                            + said
                            + "; "
                            + OLDEST
                            + " or later is needed, which takes settings from "
                            + LOCAL);
        }
        for (final String folder : new String[] {"salt", "pillar"}) {
            if (!Files.isDirectory(root.resolve(LOCAL).resolve(folder))) {
                throw new InstallException(
                        "this node of Security Onion is not the manager, for there is no folder "
                                + root.resolve(LOCAL).resolve(folder)
                                + "; run this on the manager of the grid");
            }
        }
        return new OnionManager(root, version);
    }

    /**
     * Whether Elastic's package for logs is filestream, and Zeek's packages are taken from a
     * folder.
     */
    boolean isThree() {
        return version.major() > 2;
    }

    /** A file or folder of those settings that an upgrade leaves alone. */
    Path local(final String path) {
        return root.resolve(LOCAL).resolve(path);
    }

    /** A file or folder by its path below the root. */
    Path path(final String path) {
        return root.resolve(path);
    }
}
