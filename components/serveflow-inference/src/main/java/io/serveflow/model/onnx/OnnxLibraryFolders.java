/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders of temporary files that ONNX Runtime copies its libraries to, 24 MB a process, and
 * leaves there: wholly where the process is killed, empty where it ends.
 *
 * <p>Where a file may be removed while it is in use, as on Linux and macOS, a process needs its
 * folder no longer once the libraries are loaded. Elsewhere removing fails, and all stays as it is.
 */
final class OnnxLibraryFolders {

    /** A younger folder may be of a process that has not loaded its libraries yet. */
    static final Duration LONGEST_START = Duration.ofMinutes(1);

    private static final String PREFIX = "onnxruntime-java";

    private OnnxLibraryFolders() {}

    /** Removes a folder with the files in it; what cannot be removed stays. */
    static void remove(final Path folder) {
        try {
            for (final Path file : content(folder, "*")) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (final IOException e) {
            // The runtime removes its files itself when the process ends, where it can.
        }
    }

    /** Removes the folders beside one's own that processes of the same user left when they died. */
    static void removeLeftBeside(final Path own) {
        try {
            final Object user = Files.getOwner(own);
            for (final Path folder : content(own.getParent(), PREFIX + "*")) {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)
                        && isOld(folder)
                        && !isMapped(folder)) {
                    remove(folder);
                }
            }
        } catch (final IOException | UnsupportedOperationException e) {
            // A folder too many hurts nobody.
        }
    }

    private static List<Path> content(final Path folder, final String glob) throws IOException {
        final List<Path> content = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            files.forEach(content::add);
        }
        return content;
    }

    private static boolean isOld(final Path folder) throws IOException {
        return Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(Instant.now().minus(LONGEST_START));
    }

    /**
     * Whether a process that can be seen has loaded a library from there; true where it cannot be
     * known.
     */
    private static boolean isMapped(final Path folder) throws IOException {
        final Path processes = Path.of("/proc");
        if (!Files.isReadable(processes.resolve("self/maps"))) {
            return true;
        }
        for (final Path process : content(processes, "[0-9]*")) {
            try (Stream<String> maps = Files.lines(process.resolve("maps"))) {
                if (maps.anyMatch(line -> line.contains(folder + "/"))) {
                    return true;
                }
            } catch (final IOException | java.io.UncheckedIOException e) {
                // It has ended, or is another user's and cannot read this user's folder.
            }
        }
        return false;
    }
}
