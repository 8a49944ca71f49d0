/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import io.serveflow.camel.elastic.ServeflowIndexConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How Elasticsearch is reached, as the settings of {@code run} say it; no other setting is looked
 * at, so that whoever prepares a server needs none of a sensor.
 */
public final class IndexSettings {

    private IndexSettings() {}

    /**
     * The options of the index, each of the right type; what is wrong with them together is for
     * {@link ServeflowIndexConfiguration#faults()} to say.
     *
     * @throws WrongSettingsException naming every option that is wrong by itself
     * @throws IOException if the configuration file cannot be read
     */
    public static ServeflowIndexConfiguration read(final Settings.Sources sources)
            throws IOException {
        final Optional<Path> file =
                sources.configuration()
                        .map(path -> Files.isDirectory(path) ? path.resolve(Settings.FILE) : path)
                        .map(Path::toAbsolutePath);
        final SetValues values = SettingsReading.read(sources, file);
        final Map<String, SetValue> options = new LinkedHashMap<>();
        final List<String> faults = new ArrayList<>();
        final ComponentOptions components = new ComponentOptions();
        values.forEach(
                (name, value) -> {
                    if (ComponentOptions.isOfIndex(name)) {
                        final Optional<SetValue> resolved =
                                values.resolved(name)
                                        .map(
                                                text ->
                                                        new SetValue(
                                                                text,
                                                                value.origin(),
                                                                value.folder()));
                        resolved.ifPresent(option -> options.put(name, option));
                        resolved.flatMap(option -> components.fault(name, option))
                                .or(() -> unresolved(name, value, resolved, values.unset(name)))
                                .ifPresent(faults::add);
                    }
                });
        if (!faults.isEmpty()) {
            throw new WrongSettingsException(faults);
        }
        return ComponentOptions.index(options);
    }

    /** A key or password that is not there yet is for somebody else to bring. */
    private static Optional<String> unresolved(
            final String name,
            final SetValue value,
            final Optional<SetValue> resolved,
            final Optional<SetValues.Unset> unset) {
        return resolved.isPresent() || ComponentOptions.isCredential(name)
                ? Optional.empty()
                : Optional.of(SettingsCheck.unresolved(name, value, unset));
    }
}
