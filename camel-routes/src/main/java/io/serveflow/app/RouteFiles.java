/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which route files are loaded: the shipped ones, replaced or joined by those of the operator. */
final class RouteFiles {

    /** Where flows can come from; each has a route file {@code sensor-NAME.camel.yaml}. */
    static final List<String> SOURCES = List.of("files", "tail", "socket", "kafka", "pcap");

    private static final List<String> SHIPPED =
            List.of(
                    "flows.camel.yaml",
                    "summaries.camel.yaml",
                    "fastest.camel.yaml",
                    "fast.camel.yaml",
                    "slow.camel.yaml",
                    "verdicts.camel.yaml",
                    "hosts.camel.yaml",
                    "console.camel.yaml");

    private RouteFiles() {}

    /**
     * The sources that a setting names.
     *
     * @param setting names, separated by commas
     * @throws IllegalArgumentException if there is none or one is unknown
     */
    static List<String> sources(final String setting) {
        final List<String> named =
                Arrays.stream(setting.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList();
        if (named.isEmpty() || !SOURCES.containsAll(named)) {
            throw new IllegalArgumentException(
                    "setting serveflow.sources is '"
                            + setting
                            + "'; it must name one or more of "
                            + String.join(", ", SOURCES));
        }
        return named;
    }

    /** Camel's include pattern for the files in force. */
    static String pattern(final Optional<Path> configuration, final List<String> sources)
            throws IOException {
        final List<Path> own = own(configuration);
        final List<String> names = own.stream().map(file -> file.getFileName().toString()).toList();
        final List<String> locations = new ArrayList<>();
        Stream.concat(
                        sources.stream().map(source -> "sensor-" + source + ".camel.yaml"),
                        SHIPPED.stream())
                .filter(name -> !names.contains(name))
                .map("classpath:camel/"::concat)
                .forEach(locations::add);
        own.stream().map(file -> "file:" + file.toAbsolutePath()).forEach(locations::add);
        return String.join(",", locations);
    }

    private static List<Path> own(final Optional<Path> configuration) throws IOException {
        final Optional<Path> folder =
                configuration.map(path -> path.resolve("camel")).filter(Files::isDirectory);
        if (folder.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.get())) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml")).sorted().toList();
        }
    }
}
