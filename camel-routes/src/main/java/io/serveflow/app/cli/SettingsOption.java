/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.settings.PathChecks;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names the settings of {@code run} for a command that runs its routes. */
final class SettingsOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings of ./serveflow run; its sources are not read.")
    private Optional<Path> config = Optional.empty();

    /**
     * The file.
     *
     * @throws ParameterException if it is none
     */
    Optional<Path> file() {
        require(spec, config);
        return config;
    }

    /**
     * @throws ParameterException if the file that {@code --config} names is none
     */
    static void require(final CommandSpec spec, final Optional<Path> config) {
        config.flatMap(PathChecks::file)
                .ifPresent(
                        fault -> {
                            throw new ParameterException(
                                    spec.commandLine(), "option --config: " + fault);
                        });
    }
}
