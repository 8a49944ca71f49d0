/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How much an alert matters, with the numbers and words that Security Onion has for it. */
public enum AlertSeverity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    /** The {@code event.severity}: 1 to 4. */
    public int number() {
        return ordinal() + 1;
    }

    /** The {@code event.severity_label}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The severity of that word; empty if there is none. */
    public static Optional<AlertSeverity> named(final String word) {
        return Arrays.stream(values()).filter(one -> one.label().equals(word)).findFirst();
    }

    /** All words, the least severe first. */
    public static List<String> words() {
        return Arrays.stream(values()).map(AlertSeverity::label).toList();
    }
}
