/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The inputs that a command line names: each once, or what is in it would count twice. */
final class DistinctInputs {

    private DistinctInputs() {}

    /**
     * @throws ParameterException if two of them are one file, under whatever names
     */
    static void require(final CommandSpec spec, final List<Path> inputs) throws IOException {
        final Map<Path, Path> named = new HashMap<>();
        for (final Path input : inputs) {
            final Path file =
                    Files.exists(input) ? input.toRealPath() : input.toAbsolutePath().normalize();
            final Path before = named.putIfAbsent(file, input);
            if (before != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "input "
                                + before
                                + " is named twice"
                                + (before.equals(input) ? "" : ", also as " + input)
                                + "; name each once");
            }
        }
    }
}
