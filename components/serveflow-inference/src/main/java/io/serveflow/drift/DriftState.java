/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import java.util.Locale;

/** What the distance between live traffic and a reference means, the worse the later. */
public enum DriftState {
    /** There are too few flows to say. */
    TOO_FEW("too few flows to say"),
    /** An index below 0.1, or below what chance alone gives. */
    AS_TRAINED("as trained"),
    /** An index of 0.1 to 0.25. */
    MOVING("drifting"),
    /** An index above 0.25. */
    MOVED("drifted");

    private static final double MOVING_FROM = 0.1;
    private static final double MOVED_ABOVE = 0.25;

    private final String words;

    DriftState(final String words) {
        this.words = words;
    }

    /** The state for people. */
    public String words() {
        return words;
    }

    /** The state for programs, such as {@code as_trained}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static DriftState of(final Divergence divergence) {
        if (divergence.psi() < Math.max(MOVING_FROM, divergence.chance())) {
            return AS_TRAINED;
        }
        return divergence.psi() <= MOVED_ABOVE ? MOVING : MOVED;
    }
}
