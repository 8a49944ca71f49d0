/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.training.data.LabelSource;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a bundle is evaluated on.
 *
 * @param bundle folder of the bundle
 * @param source the labelled flows
 * @param seed decides the folds of the baselines, random draws and what occluded fields become
 */
public record EvaluationOptions(Path bundle, LabelSource source, long seed) {

    public EvaluationOptions {
        Objects.requireNonNull(bundle, "bundle");
        Objects.requireNonNull(source, "source");
    }
}
