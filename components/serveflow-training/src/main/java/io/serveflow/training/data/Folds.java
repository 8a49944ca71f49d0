/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.training.notice.TrainingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Flows assigned to folds so that no group is in two of them.
 *
 * <p>Flows of one capture are alike in ways that no other capture shares, so a model is only
 * measured on groups that it has not seen. Groups are assigned one by one, large ones first and
 * those of like size in an order that the seed gives, each to the fold that lacks its classes most.
 * A group counts by the square root of its flows, so that neither a single large capture nor
 * nothing but tiny ones make up a class in a fold. The same flows and seed give the same folds.
 *
 * @param count how many folds there are
 * @param foldOf the fold of each flow
 */
public record Folds(int count, int[] foldOf) {

    /**
     * Assigns flows.
     *
     * @param groups the group of each flow
     * @param labels the class of each flow, 0 to {@code classes - 1}
     * @throws TrainingException if there are fewer groups than folds
     */
    public static Folds of(
            final List<String> groups,
            final int[] labels,
            final int classes,
            final int count,
            final long seed) {
        final List<Group> order = groups(groups, labels, classes);
        if (order.size() < count) {
            throw new TrainingException(
                    "The labelled flows are of "
                            + order.size()
                            + " group(s), "
                            + count
                            + " folds need at least as many; label more captures, or ask for fewer"
                            + " folds.");
        }
        Collections.shuffle(order, new Random(seed));
        order.sort(Comparator.comparingInt(Group::magnitude).reversed());
        final double[] whole = new double[classes];
        for (final Group group : order) {
            group.addTo(whole);
        }
        final double[][] assigned = new double[count][classes];
        final int[] groupsIn = new int[count];
        final int[] foldOf = new int[labels.length];
        for (int g = 0; g < order.size(); g++) {
            final Group group = order.get(g);
            final int fold =
                    order.size() - g <= empty(groupsIn)
                            ? firstEmpty(groupsIn)
                            : neediest(group, assigned, whole);
            group.addTo(assigned[fold]);
            groupsIn[fold]++;
            group.rows.forEach(row -> foldOf[row] = fold);
        }
        return new Folds(count, foldOf);
    }

    /** The flows of a fold by their numbers, ascending. */
    public int[] in(final int fold) {
        return IntStream.range(0, foldOf.length).filter(row -> foldOf[row] == fold).toArray();
    }

    /** The flows of all other folds by their numbers, ascending. */
    public int[] outside(final int fold) {
        return IntStream.range(0, foldOf.length).filter(row -> foldOf[row] != fold).toArray();
    }

    /** The folds of some flows, without those folds that none of them is in. */
    public Folds of(final int[] rows) {
        final int[] numbers = new int[count];
        Arrays.fill(numbers, -1);
        final int[] theirs = new int[rows.length];
        int next = 0;
        for (int i = 0; i < rows.length; i++) {
            final int fold = foldOf[rows[i]];
            if (numbers[fold] < 0) {
                numbers[fold] = next++;
            }
            theirs[i] = numbers[fold];
        }
        return new Folds(next, theirs);
    }

    private static List<Group> groups(
            final List<String> groups, final int[] labels, final int classes) {
        final Map<String, Group> byName = new LinkedHashMap<>();
        for (int row = 0; row < labels.length; row++) {
            byName.computeIfAbsent(
                            groups.get(row), name -> new Group(new int[classes], new ArrayList<>()))
                    .add(row, labels[row]);
        }
        return new ArrayList<>(byName.values());
    }

    /** The fold that has least of what the group holds. */
    private static int neediest(
            final Group group, final double[][] assigned, final double[] whole) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int fold = 0; fold < assigned.length; fold++) {
            double has = 0;
            for (int c = 0; c < whole.length; c++) {
                if (group.counts[c] > 0) {
                    has += group.weight(c) / whole[c] * assigned[fold][c] / whole[c];
                }
            }
            if (has < least) {
                least = has;
                best = fold;
            }
        }
        return best;
    }

    private static int empty(final int[] groupsIn) {
        return (int) IntStream.of(groupsIn).filter(groups -> groups == 0).count();
    }

    private static int firstEmpty(final int[] groupsIn) {
        return IntStream.range(0, groupsIn.length)
                .filter(fold -> groupsIn[fold] == 0)
                .findFirst()
                .orElse(0);
    }

    private record Group(int[] counts, List<Integer> rows) {

        void add(final int row, final int label) {
            counts[label]++;
            rows.add(row);
        }

        /** Size to the next power of two, so that the seed orders groups of like size. */
        int magnitude() {
            return Integer.SIZE - Integer.numberOfLeadingZeros(rows.size());
        }

        double weight(final int label) {
            return Math.sqrt(counts[label]);
        }

        void addTo(final double[] weights) {
            for (int c = 0; c < counts.length; c++) {
                weights[c] += weight(c);
            }
        }
    }
}
