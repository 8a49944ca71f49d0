/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import java.util.Locale;

/** A way to give flows their verdicts. */
public enum Way {
    ROUTES("the shipped routes, lines in memory"),
    FILE("the shipped routes, lines in a log that serveflow-tail follows"),
    LOOP("the same parts in a bare loop, no Camel: the ceiling"),
    SLOW("the slow tier for every flow, in a bare loop"),
    SINGLE_EXCHANGE("the shipped routes, one exchange a flow"),
    SINGLE_FLOW("a bare loop that asks a tier for one flow at a time");

    private final String words;

    Way(final String words) {
        this.words = words;
    }

    /** What it is, in a few words. */
    public String words() {
        return words;
    }

    /** Its name in results. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return id();
    }
}
