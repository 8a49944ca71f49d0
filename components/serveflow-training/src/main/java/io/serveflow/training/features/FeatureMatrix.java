/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.features;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.flow.FlowRecord;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The encoded features of some flows, one dense row a flow.
 *
 * @param values row i at {@code [i * width, (i + 1) * width)}; not copied
 */
public record FeatureMatrix(int rows, int width, float[] values) implements FeatureRows {

    public FeatureMatrix {
        if ((long) rows * width != values.length) {
            throw new IllegalArgumentException(
                    rows + " rows of " + width + " need as many values, got " + values.length);
        }
    }

    /** Encodes flows that are few enough for one array. */
    public static FeatureMatrix of(final FeatureEncoder encoder, final List<FlowRecord> flows) {
        final FloatBuffer values =
                FloatBuffer.allocate(Math.multiplyExact(flows.size(), encoder.width()));
        for (final FlowRecord flow : flows) {
            encoder.encode(flow, values);
        }
        return new FeatureMatrix(flows.size(), encoder.width(), values.array());
    }

    @Override
    public void copy(final int row, final float[] to, final int at) {
        System.arraycopy(values, row * width, to, at, width);
    }
}
