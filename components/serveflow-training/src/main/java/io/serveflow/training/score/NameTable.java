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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The baseline that a model which reads names has to beat: the commonest training label of what the
 * host that a flow asks for is known for and of the protocol in which it asks, and the commonest of
 * all where no training flow was alike.
 */
public final class NameTable {

    private final FeatureEncoder encoder;
    private final boolean[] asked;
    private final Map<List<Float>, Integer> labels = new HashMap<>();
    private final int majority;

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
        final Map<List<Float>, int[]> counts = new HashMap<>();
        final int[] all = new int[classes];
        for (int i = 0; i < actual.length; i++) {
            counts.computeIfAbsent(key(flows.get(i)), key -> new int[classes])[actual[i]]++;
            all[actual[i]]++;
        }
        counts.forEach((key, count) -> labels.put(key, most(count)));
        majority = most(all);
    }

    /** The class of a flow by the name that it asks for. */
    public int predict(final FlowRecord flow) {
        return labels.getOrDefault(key(flow), majority);
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

    private static int most(final int[] counts) {
        int best = 0;
        for (int c = 1; c < counts.length; c++) {
            if (counts[c] > counts[best]) {
                best = c;
            }
        }
        return best;
    }
}
