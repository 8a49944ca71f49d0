/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A measurement of {@code ./serveflow bench} with one run, little memory and a quick start. */
final class SmallBench {

    private static final String JVM = "--jvm=-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private SmallBench() {}

    /** Measures once and returns the results, which stay in the folder. */
    static JsonNode measure(final Path folder, final String what, final String... options)
            throws IOException {
        final Path json = folder.resolve(what + ".json");
        final List<String> arguments = new ArrayList<>(List.of(what));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--runs=1", JVM, "--json=" + json));
        assertThat(Bench.execute(arguments.toArray(String[]::new))).isZero();
        return new JsonMapper().readTree(json.toFile());
    }

    /** The share of flows that a tier answered in a case. */
    static double share(final JsonNode results, final String way, final String tier) {
        return results.at("/cases/" + way + "/figures/share." + tier + "/median").asDouble();
    }

    /** Whether a program is on the path. */
    static boolean isThere(final String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
