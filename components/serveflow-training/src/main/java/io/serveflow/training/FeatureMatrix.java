/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.flow.FlowRecord;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The encoded features of some flows, one dense row a flow.
 *
 * @param values row i at {@code [i * width, (i + 1) * width)}; not copied
 */
record FeatureMatrix(int rows, int width, float[] values) {

    FeatureMatrix {
        if ((long) rows * width != values.length) {
            throw new IllegalArgumentException(
                    rows + " rows of " + width + " need as many values, got " + values.length);
        }
    }

    /**
     * Encodes flows.
     *
     * @throws TrainingException if they are more than one array holds
     */
    static FeatureMatrix of(final FeatureEncoder encoder, final List<FlowRecord> flows) {
        final long size = (long) flows.size() * encoder.width();
        if (size > Integer.MAX_VALUE - 8) {
            throw new TrainingException(
                    "The features of "
                            + flows.size()
                            + " flows with "
                            + encoder.width()
                            + " columns do not fit into one array; train on at most "
                            + (Integer.MAX_VALUE - 8) / encoder.width()
                            + " flows or on fewer packets a flow.");
        }
        final FloatBuffer values = FloatBuffer.allocate((int) size);
        for (final FlowRecord flow : flows) {
            encoder.encode(flow, values);
        }
        return new FeatureMatrix(flows.size(), encoder.width(), values.array());
    }
}
