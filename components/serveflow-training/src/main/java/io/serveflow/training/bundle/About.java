/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a bundle says of itself.
 *
 * @param task the question that its labels answer, such as {@code service}
 * @param name the bundle's name
 * @param version the bundle's version
 * @param dataNote what it was trained on and under which licence, for its card; one paragraph
 */
public record About(String task, String name, String version, String dataNote) {

    public About {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(dataNote, "dataNote");
    }

    /** One clause for each word that a bundle cannot have. */
    public List<String> faults() {
        final List<String> faults = new ArrayList<>();
        fault("--task", task).ifPresent(faults::add);
        fault("--name", name).ifPresent(faults::add);
        faultOfVersion(version).ifPresent(faults::add);
        return faults;
    }

    /** What is wrong with a text as the version of a bundle; empty if nothing is. */
    public static Optional<String> faultOfVersion(final String version) {
        return fault("--bundle-version", version);
    }

    private static Optional<String> fault(final String option, final String value) {
        return value.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
                ? Optional.empty()
                : Optional.of(
                        option
                                + " must be 1 to 64 letters, digits, '.', '_' or '-', was '"
                                + value
                                + "'");
    }
}
