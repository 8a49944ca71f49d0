/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the process that runs the routes was started with, beside its configuration file.
 *
 * @param variables variables of the environment
 * @param properties system properties, as given with {@code -D}
 */
public record ProcessSettings(Map<String, String> variables, Map<String, String> properties) {

    public ProcessSettings {
        variables = Map.copyOf(variables);
        properties = Map.copyOf(properties);
    }

    /** Those of this process. */
    public static ProcessSettings ofThisProcess() {
        return new ProcessSettings(
                System.getenv(),
                System.getProperties().stringPropertyNames().stream()
                        .collect(
                                Collectors.toMap(
                                        name -> name, name -> System.getProperty(name, ""))));
    }

    /** None: only files and what the program itself sets count. */
    public static ProcessSettings none() {
        return new ProcessSettings(Map.of(), Map.of());
    }

    /** Where relative paths begin that the process was started with. */
    static Path folder() {
        return Path.of("").toAbsolutePath();
    }
}
