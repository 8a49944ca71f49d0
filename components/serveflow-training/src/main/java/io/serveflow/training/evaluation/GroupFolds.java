/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Flows assigned to folds of like size so that no group is in two of them.
 *
 * @param count how many folds there are
 * @param foldOf the fold of each flow
 */
record GroupFolds(int count, int[] foldOf) {

    /**
     * Assigns groups, large ones first, each to the fold with the fewest flows.
     *
     * @param count folds to make; fewer where there are fewer groups
     */
    static GroupFolds of(final List<String> groups, final int count, final long seed) {
        final Map<String, List<Integer>> rows = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            rows.computeIfAbsent(groups.get(i), group -> new ArrayList<>()).add(i);
        }
        final List<List<Integer>> order = new ArrayList<>(rows.values());
        Collections.shuffle(order, new Random(seed));
        order.sort(Comparator.comparingInt((List<Integer> group) -> group.size()).reversed());
        final int folds = Math.min(count, order.size());
        final int[] sizes = new int[folds];
        final int[] foldOf = new int[groups.size()];
        for (final List<Integer> group : order) {
            int least = 0;
            for (int fold = 1; fold < folds; fold++) {
                least = sizes[fold] < sizes[least] ? fold : least;
            }
            sizes[least] += group.size();
            for (final int row : group) {
                foldOf[row] = least;
            }
        }
        return new GroupFolds(folds, foldOf);
    }
}
