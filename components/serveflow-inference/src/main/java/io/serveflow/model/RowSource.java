/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.nio.FloatBuffer;

/** Where a tier has the rows of features from that it scores. */
@FunctionalInterface
public interface RowSource {

    /**
     * Gives rows; called by one thread at a time.
     *
     * @param from the first of them
     * @param count how many, at least 1
     * @param room a cleared direct buffer with room for them
     * @return what holds them from its position to its limit: the room, or another direct buffer,
     *     whose position and limit are the caller's and whose content is not
     */
    FloatBuffer rows(int from, int count, FloatBuffer room);

    /** Called once, when no rows are read any more. */
    default void done() {}
}
