/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** Reads settings from all places that they come from, those that win last. */
final class SettingsReading {

    /**
     * The product's folder, which the launcher states, and that of its sources, which a build does;
     * no settings, and like some by chance.
     */
    private static final Set<String> FOLDERS = Set.of("serveflow.home", "serveflow.root");

    private static final String HOME_VARIABLE = "SERVEFLOW_HOME";

    private final SetValues values = new SetValues();

    private SettingsReading() {}

    /**
     * All that is set.
     *
     * @param file the configuration file, if there is one
     */
    static SetValues read(final Settings.Sources sources, final Optional<Path> file)
            throws IOException {
        final SetValues plain = read(sources, file, Optional.empty());
        final Optional<Profile> profile =
                plain.resolved(DeclaredSettings.PROFILE).flatMap(Profile::named);
        return profile.isEmpty() ? plain : read(sources, file, profile);
    }

    private static SetValues read(
            final Settings.Sources sources,
            final Optional<Path> file,
            final Optional<Profile> profile)
            throws IOException {
        final SettingsReading reading = new SettingsReading();
        reading.putDefaults(sources);
        if (profile.isPresent()) {
            reading.putProfile(profile.get(), sources);
        }
        if (file.isPresent()) {
            reading.putFile(file.get());
        }
        reading.putProcess(sources.process());
        final Properties given = sources.given();
        given.stringPropertyNames()
                .forEach(
                        name ->
                                reading.values.override(
                                        name,
                                        new SetValue(
                                                given.getProperty(name),
                                                "",
                                                ProcessSettings.folder())));
        return reading.values;
    }

    private void putProfile(final Profile profile, final Settings.Sources sources)
            throws IOException {
        profile.settings()
                .forEach(
                        (name, value) ->
                                put(name, value, "profile " + profile.id(), beside(sources)));
    }

    private static Path beside(final Settings.Sources sources) {
        return sources.configuration()
                .map(Path::toAbsolutePath)
                .map(path -> Files.isDirectory(path) ? path : path.getParent())
                .orElse(ProcessSettings.folder());
    }

    private void putDefaults(final Settings.Sources sources) throws IOException {
        final Path beside = beside(sources);
        final Properties shipped = new Properties();
        try (var in = SettingsReading.class.getResourceAsStream("/" + Settings.FILE)) {
            shipped.load(in);
        }
        shipped.stringPropertyNames()
                .forEach(
                        name ->
                                put(
                                        name,
                                        shipped.getProperty(name),
                                        "",
                                        name.equals(Settings.BUNDLE) ? sources.home() : beside));
    }

    private void putFile(final Path from) throws IOException {
        try {
            SettingsFile.read(from)
                    .forEach(
                            (name, line) ->
                                    put(
                                            name,
                                            line.value(),
                                            from + " line " + line.line(),
                                            from.getParent()));
        } catch (final IOException e) {
            throw new IOException("cannot read the settings in " + from + ": " + e.getMessage(), e);
        }
    }

    private void putProcess(final ProcessSettings process) {
        final Map<String, String> variables = new LinkedHashMap<>();
        DeclaredSettings.all().forEach(one -> variables.put(one.variable(), one.name()));
        values.names().stream()
                .filter(name -> !name.startsWith(Settings.CAMEL))
                .forEach(name -> variables.putIfAbsent(variable(name), name));
        process.variables()
                .forEach(
                        (variable, value) ->
                                Optional.ofNullable(variables.get(variable))
                                        .or(() -> likeOne(variable, variables))
                                        .ifPresent(
                                                name ->
                                                        put(
                                                                name,
                                                                value,
                                                                "environment variable " + variable,
                                                                ProcessSettings.folder())));
        process.variables()
                .forEach(
                        (variable, value) ->
                                ComponentOptions.ofVariable(variable)
                                        .ifPresent(
                                                name ->
                                                        put(
                                                                name,
                                                                value,
                                                                "environment variable " + variable,
                                                                ProcessSettings.folder())));
        process.properties().forEach(this::putProperty);
    }

    private void putProperty(final String name, final String value) {
        final boolean known = values.isSet(name) || DeclaredSettings.named(name).isPresent();
        if (known
                || name.startsWith(Settings.CAMEL)
                || name.startsWith(Settings.OURS)
                        && !FOLDERS.contains(name)
                        && Nearest.isSlip(name, DeclaredSettings.names())) {
            put(name, value, "system property -D" + name, ProcessSettings.folder());
        }
    }

    /**
     * A variable that is a setting but for a slip of the pen is kept under its own name, to be a
     * fault; others that begin like ours, as those of a container's services do, are not settings.
     */
    private static Optional<String> likeOne(
            final String variable, final Map<String, String> variables) {
        return variable.startsWith("SERVEFLOW_")
                        && !variable.equals(HOME_VARIABLE)
                        && Nearest.isSlip(variable, variables.keySet())
                ? Optional.of(variable)
                : Optional.empty();
    }

    private static String variable(final String name) {
        return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private void put(
            final String name, final String value, final String origin, final Path folder) {
        values.put(name, new SetValue(value, origin, folder));
    }
}
