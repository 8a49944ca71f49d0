/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** What {@code serveflow run} runs until it is closed, by whoever asks it to end. */
public interface Application extends AutoCloseable {

    /**
     * What the role that the settings state is played by.
     *
     * @param configuration a configuration file, or the folder of {@code application.properties}
     * @throws io.serveflow.app.settings.WrongSettingsException naming all settings that are wrong
     * @throws IOException if the configuration cannot be read
     */
    static Application of(final Optional<Path> configuration, final ProcessSettings process)
            throws IOException {
        final RouteFiles routes = RouteFiles.beside(configuration);
        final Settings settings =
                Settings.load(
                        new Settings.Sources(
                                BuildInfo.home(),
                                configuration,
                                process,
                                new Properties(),
                                routes.placeholders()));
        return settings.isWorker()
                ? new InferenceWorker(settings)
                : new RouteApplication(configuration, new Properties(), process);
    }

    /** Starts; returns when all of it runs, or when it was closed meanwhile. */
    void start() throws Exception;

    /** Says in the log what runs, if the start was not stopped. */
    void announce();

    /** Waits until this is closed. */
    void awaitEnd() throws InterruptedException;

    @Override
    void close();
}
