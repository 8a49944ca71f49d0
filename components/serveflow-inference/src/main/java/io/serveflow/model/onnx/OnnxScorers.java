/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;

/** Opens the ONNX models of bundles; the service that {@code META-INF/services} names. */
public final class OnnxScorers implements TierScorer.Provider {

    private static final String ENDING = ".onnx";

    @Override
    public boolean opens(final TierSpec tier) {
        return tier.file().endsWith(ENDING);
    }

    @Override
    public TierScorer open(final TierSpec tier, final int classes, final byte[] model) {
        return OnnxScorer.open(tier, classes, model);
    }
}
