/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.command;

import io.serveflow.app.RouteApplication;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serveflow run}: the routes, until the process is told to end. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Run the routes for good: live logs, sockets, topics or files of sensors in,"
                        + " verdicts out.")
public final class RunCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "application.properties to use; route files in the folder camel/ beside it"
                            + " replace the shipped ones of the same name.")
    private Path config;

    @Override
    public Integer call() throws Exception {
        final Properties overrides = new Properties();
        Optional<Path> folder = Optional.empty();
        if (config != null) {
            if (!Files.isRegularFile(config)) {
                throw new NoSuchFileException(config.toString());
            }
            try (var in = Files.newInputStream(config)) {
                overrides.load(in);
            }
            folder = Optional.of(config.toAbsolutePath().getParent());
        }
        try (RouteApplication application = new RouteApplication(folder, overrides)) {
            Runtime.getRuntime().addShutdownHook(new Thread(application::close, "shutdown"));
            application.start();
            application.awaitEnd();
        }
        return 0;
    }
}
