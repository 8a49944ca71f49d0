/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.training.features.FeatureRows;

/**
 * Rows of features whose classes are known.
 *
 * @param labels the class of each row, 0 to {@code classes - 1}
 */
public record Examples(FeatureRows rows, int[] labels, int classes) {}
