/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of verdicts in a folder, as an agent that ships logs reads them. */
final class WrittenFiles {

    private static final JsonMapper JSON = new JsonMapper();

    private WrittenFiles() {}

    /** The files that the glob of the pages names, oldest first. */
    static List<Path> in(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> file.getFileName().toString().matches("serveflow-.*\\.ndjson"))
                    .sorted()
                    .toList();
        }
    }

    /** The whole lines of all files, oldest first; what has no line end is not read. */
    static List<String> lines(final Path folder) throws IOException {
        final List<String> lines = new ArrayList<>();
        for (final Path file : in(folder)) {
            final String text = Files.readString(file, StandardCharsets.UTF_8);
            lines.addAll(text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
        }
        return lines;
    }

    /** The ids of the flows of all lines, each of which has to be JSON. */
    static List<String> uids(final Path folder) throws IOException {
        final List<String> uids = new ArrayList<>();
        for (final String line : lines(folder)) {
            uids.add(JSON.readTree(line).at("/log/id/uid").asText());
        }
        return uids;
    }

    /** Whether every file ends with a line end. */
    static boolean areWhole(final Path folder) throws IOException {
        for (final Path file : in(folder)) {
            final String text = Files.readString(file, StandardCharsets.UTF_8);
            if (!text.isEmpty() && !text.endsWith("\n")) {
                return false;
            }
        }
        return true;
    }
}
