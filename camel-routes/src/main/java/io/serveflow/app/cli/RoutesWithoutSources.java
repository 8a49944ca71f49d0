/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.run.RouteApplication;
import io.serveflow.app.settings.ProcessSettings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The routes of {@code run} for a command that feeds them itself: without their sources and
 * servers, which a process that runs may have. Has a folder for what they need and nobody keeps.
 */
final class RoutesWithoutSources implements Closeable {

    private static final String INPUT = "in";
    private static final String LETTERS = "letters.ndjson";

    private final Optional<Path> config;
    private final Path folder;
    private final String command;

    /**
     * @param config the settings of {@code run}
     * @param command what the folder is named after
     */
    RoutesWithoutSources(final Optional<Path> config, final String command) throws IOException {
        this.config = config;
        this.command = command;
        folder = Files.createTempDirectory("serveflow-" + command + "-");
        Files.createDirectory(folder.resolve(INPUT));
        // Where a signal ends the process; the last one first.
        for (final String name : List.of("", INPUT, LETTERS)) {
            folder.resolve(name).toFile().deleteOnExit();
        }
    }

    /** A file for dead letters, which goes when this is closed. */
    Path letters() {
        return folder.resolve(LETTERS);
    }

    /**
     * The routes, not started yet.
     *
     * @param settings that win over all others
     */
    RouteApplication open(final Properties settings) throws IOException {
        final Properties all = new Properties();
        all.setProperty("serveflow.sources", "files");
        all.setProperty("serveflow.input", folder.resolve(INPUT).toString());
        all.setProperty("serveflow.console.port", "0");
        all.setProperty("camel.management.enabled", "false");
        // With the sink file: run may be writing files of its own in that folder.
        all.setProperty("camel.component.serveflow-file.name", "serveflow-" + command);
        all.putAll(settings);
        return new RouteApplication(config, all, ProcessSettings.ofThisProcess());
    }

    /** Starts routes, which a signal stops. */
    static void start(final RouteApplication application) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(application::close, "shutdown"));
        application.start();
    }

    @Override
    public void close() throws IOException {
        for (final String name : List.of(LETTERS, INPUT, "")) {
            Files.deleteIfExists(folder.resolve(name));
        }
    }
}
