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

    /**
     * Opens one tier of a bundle on a stated device, and the others as {@link
     * TierScorer.Provider#INSTALLED} does.
     *
     * @param name the tier's
     * @throws DeviceMissingException by what is returned, if the device cannot be used here
     */
    public static TierScorer.Provider with(final String name, final OnnxDevice device) {
        return new TierScorer.Provider() {
            @Override
            public boolean opens(final TierSpec tier) {
                return TierScorer.Provider.INSTALLED.opens(tier);
            }

            @Override
            public TierScorer open(final TierSpec tier, final int classes, final byte[] model) {
                return device.isCuda() && tier.name().equals(name)
                        ? OnnxScorer.open(tier, classes, model, OnnxScorer.CUDA_BATCH, device)
                        : TierScorer.Provider.INSTALLED.open(tier, classes, model);
            }
        };
    }

    /**
     * The version of the ONNX Runtime of this process, which is loaded for that.
     *
     * @throws IllegalStateException if its native library cannot be loaded, saying why
     */
    public static String runtimeVersion() {
        return OnnxEnvironment.get().environment().getVersion();
    }
}
