/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.flow.FlowRecord;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.PortTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What ways of answering reach that need no model, on the same flows: each fold of groups is
 * answered from the labels of the other folds.
 *
 * @param folds how many folds there were
 * @param scores by the baseline's name
 */
record Baselines(int folds, Map<String, Evaluation> scores) {

    static final String MAJORITY = "majority";
    static final String RANDOM = "random";
    static final String PORT_TABLE = "port-table";
    static final String NEAREST = "nearest-sizes";

    private static final int FOLDS = 5;

    /** A flow is compared to so many others at most, so that a large set takes minutes. */
    private static final int MAX_KNOWN = 10_000;

    /**
     * Measures them; none where all flows are of one group, since then there is nothing to learn
     * from.
     *
     * @param packets how many packets the nearest flows are found by
     * @param ports whether the flows have ports
     */
    static Baselines of(
            final Sample sample, final int packets, final boolean ports, final long seed) {
        final GroupFolds folds = GroupFolds.of(sample.groups(), FOLDS, seed);
        if (folds.count() < 2) {
            return new Baselines(folds.count(), Map.of());
        }
        final Map<String, int[]> answers = new LinkedHashMap<>();
        for (final String name : List.of(MAJORITY, RANDOM, PORT_TABLE, NEAREST)) {
            answers.put(name, new int[sample.size()]);
        }
        final Random random = new Random(seed);
        for (int fold = 0; fold < folds.count(); fold++) {
            final int[] known = rows(folds, fold, false);
            final int[] labels = Arrays.stream(known).map(row -> sample.actual()[row]).toArray();
            final PortTable table =
                    new PortTable(
                            Arrays.stream(known)
                                    .mapToObj(row -> sample.flows().get(row).tuple())
                                    .toList(),
                            labels,
                            sample.names().size());
            final NearestNeighbours nearest = nearest(sample, packets, known, random);
            for (final int row : rows(folds, fold, true)) {
                final FlowRecord flow = sample.flows().get(row);
                answers.get(MAJORITY)[row] = table.majority();
                answers.get(RANDOM)[row] = labels[random.nextInt(labels.length)];
                answers.get(PORT_TABLE)[row] = table.predict(flow.tuple());
                answers.get(NEAREST)[row] = nearest.predict(flow);
            }
        }
        if (!ports) {
            answers.remove(PORT_TABLE);
        }
        final Map<String, Evaluation> scores = new LinkedHashMap<>();
        final double[] sure = new double[sample.size()];
        Arrays.fill(sure, 1);
        answers.forEach(
                (name, predicted) ->
                        scores.put(
                                name,
                                Evaluation.of(
                                        sample.actual(), predicted, sure, sample.names().size())));
        return new Baselines(folds.count(), scores);
    }

    private static NearestNeighbours nearest(
            final Sample sample, final int packets, final int[] known, final Random random) {
        final int[] rows =
                known.length <= MAX_KNOWN
                        ? known
                        : random.ints(0, known.length)
                                .distinct()
                                .limit(MAX_KNOWN)
                                .map(i -> known[i])
                                .toArray();
        return new NearestNeighbours(
                packets,
                Arrays.stream(rows).mapToObj(row -> sample.flows().get(row)).toList(),
                Arrays.stream(rows).map(row -> sample.actual()[row]).toArray(),
                sample.names().size());
    }

    private static int[] rows(final GroupFolds folds, final int fold, final boolean inside) {
        return IntStream.range(0, folds.foldOf().length)
                .filter(row -> (folds.foldOf()[row] == fold) == inside)
                .toArray();
    }
}
