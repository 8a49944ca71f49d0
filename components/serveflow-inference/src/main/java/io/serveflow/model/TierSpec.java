/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.feature.FeatureSpec;
import java.util.Objects;

/**
 * One tier as its bundle states it.
 *
 * @param name the tier's name, unique in the bundle
 * @param file path of the ONNX model inside the bundle
 * @param calibration what its probabilities go through before anyone sees them
 * @param device where the model is meant to run, {@code cpu} or {@code cuda}
 */
public record TierSpec(
        String name,
        String file,
        FeatureSpec features,
        TierCalibration calibration,
        String device) {

    public TierSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(calibration, "calibration");
        Objects.requireNonNull(device, "device");
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "the name of a tier is 1 to 64 letters, digits, '.', '_' or '-', was '"
                            + name
                            + "'");
        }
    }

    /** A tier that is calibrated by a temperature alone. */
    public TierSpec(
            final String name,
            final String file,
            final FeatureSpec features,
            final double temperature,
            final String device) {
        this(name, file, features, TierCalibration.of(temperature), device);
    }

    /** This tier with another calibration. */
    public TierSpec withCalibration(final TierCalibration other) {
        return new TierSpec(name, file, features, other, device);
    }
}
