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
 * @param temperature divides the logarithms of the model's probabilities; above 1 makes it less
 *     sure
 * @param device where the model is meant to run, {@code cpu} or {@code cuda}
 */
public record TierSpec(
        String name, String file, FeatureSpec features, double temperature, String device) {

    public TierSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(device, "device");
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "the name of a tier is 1 to 64 letters, digits, '.', '_' or '-', was '"
                            + name
                            + "'");
        }
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "temperature of tier " + name + " must be above 0, was " + temperature);
        }
    }
}
