/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One setting of the application, as it is declared.
 *
 * @param name its name in a configuration file, beginning with {@code serveflow.}
 * @param kind what it may be
 * @param defaultValue what it is where nobody sets it; empty where it then is not there
 * @param required whether somebody must set it
 * @param help one line on what it does
 */
public record Setting(
        String name, Kind kind, Optional<String> defaultValue, boolean required, String help) {

    public Setting {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(help, "help");
        if (!name.startsWith("serveflow.")) {
            throw new IllegalArgumentException("not a setting of the application: " + name);
        }
        if (required && defaultValue.isPresent()) {
            throw new IllegalArgumentException(name + " has a default, so nobody must set it");
        }
        defaultValue
                .flatMap(kind::fault)
                .ifPresent(
                        fault -> {
                            throw new IllegalArgumentException(
                                    "the default of " + name + " " + fault);
                        });
    }

    /** A setting with a default. */
    static Setting of(
            final String name, final Kind kind, final String defaultValue, final String help) {
        return new Setting(name, kind, Optional.of(defaultValue), false, help);
    }

    /** A setting that may be left out. */
    static Setting optional(final String name, final Kind kind, final String help) {
        return new Setting(name, kind, Optional.empty(), false, help);
    }

    /** A setting without which the routes do not start. */
    static Setting required(final String name, final Kind kind, final String help) {
        return new Setting(name, kind, Optional.empty(), true, help);
    }

    /** The variable of the environment that sets it too. */
    public String variable() {
        return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
