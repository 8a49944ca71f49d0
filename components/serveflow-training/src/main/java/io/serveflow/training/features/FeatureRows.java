/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.features;

/** Dense rows of features, one a flow, that need not all be in memory at once. */
public interface FeatureRows {

    int rows();

    /** Columns of a row. */
    int width();

    /** Writes row {@code row} to {@code [at, at + width)}. */
    void copy(int row, float[] to, int at);
}
