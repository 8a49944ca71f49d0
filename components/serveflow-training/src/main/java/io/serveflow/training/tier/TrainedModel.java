/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.training.features.FeatureRows;

/** A model as the library that trained it holds it; keeps native memory until closed. */
public interface TrainedModel extends AutoCloseable {

    /** The probabilities that the library itself gives, one array of classes a row. */
    float[][] predict(FeatureRows rows);

    /**
     * The model as an ONNX file, with a float input {@code x} of shape [n, width] and a float
     * output {@code probabilities} of shape [n, classes].
     *
     * @param name the name of the graph
     */
    byte[] onnx(String name);

    @Override
    void close();
}
