/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What a bundle is evaluated on.
 *
 * @param bundle folder of the bundle
 * @param labels the labels file, see {@link io.serveflow.training.LabelledCaptures}
 * @param captures folder of the captures that it names
 * @param seed decides the folds of the baselines, random draws and what occluded fields become
 */
public record EvaluationOptions(Path bundle, Path labels, Path captures, long seed) {

    public EvaluationOptions {
        Objects.requireNonNull(bundle, "bundle");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(captures, "captures");
    }
}
