/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

/** Whether a better tier may still change a verdict. */
public enum VerdictStage {
    /** An answer that its tier is unsure of. */
    PROVISIONAL("provisional"),
    /** The answer that stands. */
    FINAL("final"),
    /**
     * The answer that stands instead of a final one, which a better tier could not give in time.
     */
    REPAIRED("repaired");

    private final String id;

    VerdictStage(final String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }
}
