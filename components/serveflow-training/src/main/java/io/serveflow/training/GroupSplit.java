/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Flows parted into training, calibration and test so that no group is in two parts.
 *
 * <p>Flows of one capture are alike in ways that no other capture shares, so a model is only
 * measured on groups that it has not seen. Groups are dealt out one by one, large ones first and
 * those of like size in an order that the seed gives, each to the part that lacks its classes most;
 * the last group of a class that training has not seen goes to training. A group counts by the
 * square root of its flows, so that neither a single large capture nor nothing but tiny ones make
 * up a class in the test part. The same flows and seed give the same parts.
 */
final class GroupSplit {

    /** What a part of the flows is for. */
    enum Part {
        TRAIN("train", 0.6),
        TEST("test", 0.2),
        CALIBRATION("calibration", 0.2);

        private final String id;
        private final double share;

        Part(final String id, final double share) {
            this.id = id;
            this.share = share;
        }

        /** The name in a bundle. */
        String id() {
            return id;
        }

        /** The share of every class that the part is to have. */
        double share() {
            return share;
        }
    }

    private final Map<Part, int[]> rows;
    private final Map<Part, Integer> groups;

    private GroupSplit(final Map<Part, int[]> rows, final Map<Part, Integer> groups) {
        this.rows = rows;
        this.groups = groups;
    }

    /**
     * Parts flows.
     *
     * @param groups the group of each flow
     * @param labels the class of each flow, 0 to {@code classes - 1}
     * @throws TrainingException if there are fewer groups than parts
     */
    static GroupSplit of(
            final List<String> groups, final int[] labels, final int classes, final long seed) {
        final List<Group> order = groups(groups, labels, classes);
        if (order.size() < Part.values().length) {
            throw new TrainingException(
                    "The labelled flows are of "
                            + order.size()
                            + " group(s), training needs at least "
                            + Part.values().length
                            + "; label more captures.");
        }
        Collections.shuffle(order, new Random(seed));
        order.sort(Comparator.comparingInt(Group::magnitude).reversed());

        final double[] weightOf = new double[classes];
        final int[] groupsOf = new int[classes];
        for (final Group group : order) {
            for (int c = 0; c < classes; c++) {
                weightOf[c] += group.weight(c);
                groupsOf[c] += group.counts[c] > 0 ? 1 : 0;
            }
        }
        final Map<Part, double[]> dealt = new EnumMap<>(Part.class);
        final Map<Part, Integer> groupCounts = new EnumMap<>(Part.class);
        final Map<Part, List<Integer>> rows = new EnumMap<>(Part.class);
        for (final Part part : Part.values()) {
            dealt.put(part, new double[classes]);
            groupCounts.put(part, 0);
            rows.put(part, new ArrayList<>());
        }
        for (final Group group : order) {
            final Part part =
                    group.lastChance(groupsOf, dealt.get(Part.TRAIN))
                            ? Part.TRAIN
                            : neediest(group, dealt, weightOf);
            for (int c = 0; c < classes; c++) {
                dealt.get(part)[c] += group.weight(c);
                groupsOf[c] -= group.counts[c] > 0 ? 1 : 0;
            }
            groupCounts.merge(part, 1, Integer::sum);
            rows.get(part).addAll(group.rows);
        }
        final Map<Part, int[]> sorted = new EnumMap<>(Part.class);
        rows.forEach(
                (part, list) ->
                        sorted.put(
                                part,
                                list.stream().mapToInt(Integer::intValue).sorted().toArray()));
        for (final Part part : Part.values()) {
            if (sorted.get(part).length == 0) {
                throw new TrainingException(
                        "No group of flows is left for the part "
                                + part.id()
                                + "; label more captures with the same classes.");
            }
        }
        return new GroupSplit(sorted, groupCounts);
    }

    /** The flows of a part by their numbers, ascending. */
    int[] rows(final Part part) {
        return rows.get(part).clone();
    }

    /** How many groups a part has. */
    int groups(final Part part) {
        return groups.get(part);
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

    /** The part that has least of what the group holds, against what it is to have. */
    private static Part neediest(
            final Group group, final Map<Part, double[]> dealt, final double[] weightOf) {
        Part best = Part.TRAIN;
        double most = Double.NEGATIVE_INFINITY;
        for (final Part part : Part.values()) {
            double need = 0;
            for (int c = 0; c < weightOf.length; c++) {
                if (group.counts[c] > 0) {
                    final double wanted = part.share() * weightOf[c];
                    need += group.weight(c) / weightOf[c] * (1 - dealt.get(part)[c] / wanted);
                }
            }
            if (need > most) {
                most = need;
                best = part;
            }
        }
        return best;
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

        /** Whether training has no flow yet of a class that no later group holds. */
        boolean lastChance(final int[] groupsLeft, final double[] trained) {
            return IntStream.range(0, counts.length)
                    .anyMatch(c -> counts[c] > 0 && groupsLeft[c] == 1 && trained[c] == 0);
        }
    }
}
