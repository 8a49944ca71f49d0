/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.samples;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of the project that tests read: samples, shipped bundles, pages.
 *
 * <p>The system property {@value #ROOT} names the project's folder; the build sets it.
 */
public final class ProjectFiles {

    private static final String ROOT = "serveflow.project";

    private ProjectFiles() {}

    /** The project's folder, absolute. */
    public static Path root() {
        final String root = System.getProperty(ROOT);
        if (root == null) {
            throw new IllegalStateException(
                    "system property "
                            + ROOT
                            + " is not set; run the test with Maven, or with -D"
                            + ROOT
                            + "= and the project's folder");
        }
        return Path.of(root).toAbsolutePath().normalize();
    }

    /**
     * A file or folder of the project.
     *
     * @param path from the project's folder, such as {@code docs/reference/settings.md}
     * @throws IllegalStateException if there is none
     */
    public static Path path(final String path) {
        final Path file = root().resolve(path);
        if (Files.notExists(file)) {
            throw new IllegalStateException(
                    "the project has no "
                            + path
                            + " in "
                            + root()
                            + ", which system property "
                            + ROOT
                            + " names");
        }
        return file;
    }

    /** The folder of the shipped bundle of a task. */
    public static Path bundle(final String task) {
        return path("models/" + task);
    }

    /** The folder of the samples: captures, and what sensors wrote of them. */
    public static Path samples() {
        return path("samples");
    }

    /** The folder of the sample captures. */
    public static Path captures() {
        return path("samples/captures");
    }

    /** A sample capture, such as {@code dns.pcap}. */
    public static Path capture(final String file) {
        return path("samples/captures/" + file);
    }

    /** What the Zeek package wrote of a sample capture, such as {@code mixed}: flow records. */
    public static Path records(final String name) {
        return path("samples/records/" + name + ".log");
    }

    /** What Suricata wrote of a sample capture, compressed. */
    public static Path eve(final String name) {
        return path("samples/eve/" + name + ".eve.json.gz");
    }
}
