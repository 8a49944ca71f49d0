/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The commonest label of each of some keys, and the commonest of all where a key is new.
 *
 * @param <K> what flows are known by, equal where they are alike
 */
final class LabelTable<K> {

    private final Map<K, Integer> labels = new HashMap<>();
    private final int majority;

    /**
     * Counts the training flows.
     *
     * @param keys one a flow
     * @param actual the class of each flow, 0 to {@code classes - 1}
     */
    LabelTable(final List<K> keys, final int[] actual, final int classes) {
        final Map<K, int[]> counts = new HashMap<>();
        final int[] all = new int[classes];
        for (int i = 0; i < actual.length; i++) {
            counts.computeIfAbsent(keys.get(i), key -> new int[classes])[actual[i]]++;
            all[actual[i]]++;
        }
        counts.forEach((key, count) -> labels.put(key, most(count)));
        majority = most(all);
    }

    /** The commonest class of all. */
    int majority() {
        return majority;
    }

    /** The commonest class of the flows with a key. */
    int predict(final K key) {
        return labels.getOrDefault(key, majority);
    }

    /** The first of equals. */
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
