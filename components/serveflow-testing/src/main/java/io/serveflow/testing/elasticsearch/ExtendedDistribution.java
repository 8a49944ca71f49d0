/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** A copy of the distribution that the build has unpacked, with a plugin of the tests in it. */
record ExtendedDistribution(Path folder) implements AutoCloseable {

    /**
     * Copies it to a temporary folder.
     *
     * @throws IOException if it cannot be copied, or the plugin cannot be made for it
     */
    static ExtendedDistribution with(final ServerPlugin plugin) throws IOException {
        final ExtendedDistribution copy =
                new ExtendedDistribution(Files.createTempDirectory("serveflow-extended-"));
        // The server may run as another user, who reads the distribution.
        Files.setPosixFilePermissions(copy.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            copy(LocalElasticsearch.unpacked(), copy.home());
            plugin.addTo(copy.home());
            return copy;
        } catch (final IOException | RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    /** The directory that holds {@code bin}; there is room beside it. */
    Path home() {
        return folder.resolve("elasticsearch");
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }

    private static void copy(final Path from, final Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (final Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
