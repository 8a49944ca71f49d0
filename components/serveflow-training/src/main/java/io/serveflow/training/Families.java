/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.training.tier.TierFamily;
import io.serveflow.training.trees.TreeFamily;
import java.util.List;
import java.util.stream.Collectors;

/** The families of models that can be trained. */
public final class Families {

    /** The name of the family where none is asked for. */
    public static final String DEFAULT = TreeFamily.NAME;

    /** Boosted trees, the family where none is asked for. */
    public static final TierFamily TREES = new TreeFamily();

    private static final List<TierFamily> ALL = List.of(TREES);

    private Families() {}

    /**
     * The family with a name.
     *
     * @throws IllegalArgumentException if there is none; one sentence that names those there are
     */
    public static TierFamily of(final String name) {
        return ALL.stream()
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "--family must be "
                                                + ALL.stream()
                                                        .map(TierFamily::name)
                                                        .collect(Collectors.joining(" or "))
                                                + ", was '"
                                                + name
                                                + "'"));
    }
}
