/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.settings.Settings;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** Settings that are looked at, and what was found as lines. */
final class Examined {

    private Examined() {}

    /** Those that every instance needs, with a source that needs nothing. */
    static Properties settings(final Path work) throws IOException {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty(
                "serveflow.input", Files.createDirectories(work.resolve("in")).toString());
        settings.setProperty("serveflow.bundle", ProjectFiles.bundle("service").toString());
        settings.setProperty(
                "serveflow.deadLetters", work.resolve("out/dead-letters.ndjson").toString());
        settings.setProperty("serveflow.repair", work.resolve("out/repair.ndjson").toString());
        settings.setProperty(
                "serveflow.tail.positionFile", work.resolve("out/position").toString());
        return settings;
    }

    /** The same, checked, with those of a test. */
    static Settings checked(final Properties settings) throws IOException {
        return Settings.load(
                new Settings.Sources(
                        ProjectFiles.root(),
                        Optional.empty(),
                        ProcessSettings.none(),
                        settings,
                        Set.of()));
    }

    /** One line a finding: outcome, check, what was found and the cure. */
    static String lines(final List<Finding> findings) {
        return findings.stream()
                .map(
                        one ->
                                one.outcome().word()
                                        + " "
                                        + one.check()
                                        + ": "
                                        + one.said()
                                        + (one.cure().isEmpty() ? "" : " -> " + one.cure()))
                .collect(Collectors.joining("\n"));
    }
}
