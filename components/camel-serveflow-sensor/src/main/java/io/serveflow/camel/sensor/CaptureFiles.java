/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The captures that a path names: one file, or those that match the pattern in its last part. */
final class CaptureFiles {

    private CaptureFiles() {}

    /**
     * Finds the files, in the order of their names.
     *
     * @throws IOException if there is none; one sentence that names the path
     */
    static List<Path> named(final String path) throws IOException {
        final Path named = Path.of(path);
        final String last = String.valueOf(named.getFileName());
        if (!last.contains("*")) {
            return List.of(requireFile(named));
        }
        final Path folder = named.toAbsolutePath().getParent();
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> matching = Files.newDirectoryStream(folder, last)) {
            matching.forEach(
                    file -> {
                        if (Files.isRegularFile(file)) {
                            files.add(file);
                        }
                    });
        } catch (final NoSuchFileException e) {
            throw new IOException("there is no folder " + folder + " to replay captures from", e);
        }
        if (files.isEmpty()) {
            throw new IOException("no file matches " + named + ", so there is nothing to replay");
        }
        files.sort(null);
        return List.copyOf(files);
    }

    private static Path requireFile(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(
                    file + " is a folder; name the captures in it, as in " + file + "/*.pcap");
        }
        if (!Files.exists(file)) {
            throw new IOException("there is no capture " + file + " to replay");
        }
        return file;
    }
}
