/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.recalibration;

import io.serveflow.training.bundle.About;
import io.serveflow.training.data.LabelSource;
import io.serveflow.training.score.Objective;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What to calibrate on and for what.
 *
 * @param bundle the folder of the bundle
 * @param source the flows; where they have no labels, the last tier's answers stand for them
 * @param out the folder of the calibrated bundle, which may be that of the bundle; without one
 *     nothing is written
 * @param version the version of the calibrated bundle; that of the bundle with {@code -calibrated}
 *     if absent
 * @param seed decides the folds
 */
public record CalibrationOptions(
        Path bundle,
        LabelSource source,
        Optional<Path> out,
        Optional<String> version,
        Objective objective,
        long seed) {

    public CalibrationOptions {
        Objects.requireNonNull(bundle, "bundle");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(objective, "objective");
        version.flatMap(About::faultOfVersion)
                .ifPresent(
                        fault -> {
                            throw new IllegalArgumentException(fault);
                        });
    }
}
