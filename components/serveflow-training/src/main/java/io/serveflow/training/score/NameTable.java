/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.flow.FlowRecord;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The baseline that a model which reads names has to beat: the commonest training label of what the
 * host that a flow asks for is known for and of the protocol in which it asks, and the commonest of
 * all where no training flow was alike.
 */
public final class NameTable {

    private final FeatureEncoder encoder;
    private final boolean[] asked;
    private final LabelTable<List<Float>> table;

    /**
     * Counts the training flows.
     *
     * @param encoder one that has columns of hosts
     * @param actual the class of each flow, 0 to {@code classes - 1}
     */
    public NameTable(
            final FeatureEncoder encoder,
            final List<FlowRecord> flows,
            final int[] actual,
            final int classes) {
        this.encoder = encoder;
        this.asked = new boolean[encoder.width()];
        for (int i = 0; i < asked.length; i++) {
            asked[i] =
                    encoder.columns()
                            .get(i)
                            .matches("host|(host|label|says)_(?!labels|length|longest|digits).*");
        }
        table = new LabelTable<>(flows.stream().map(this::key).toList(), actual, classes);
    }

    /** The class of a flow by the name that it asks for. */
    public int predict(final FlowRecord flow) {
        return table.predict(key(flow));
    }

    private List<Float> key(final FlowRecord flow) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(flow, row);
        final List<Float> key = new ArrayList<>();
        for (int i = 0; i < asked.length; i++) {
            if (asked[i]) {
                key.add(row.get(i));
            }
        }
        return key;
    }
}
