/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.flow.FlowRecord;
import io.serveflow.training.GroupSplit.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Labelled flows in their parts.
 *
 * @param groups the group of each flow
 * @param names the labels in alphabetical order; a class is its label's place among them
 * @param counts what went into the flows and what did not
 */
record Dataset(
        List<FlowRecord> flows,
        int[] labels,
        List<String> groups,
        List<String> names,
        GroupSplit split,
        LabelledCaptures.Counts counts) {

    /**
     * Parts flows by group.
     *
     * @throws TrainingException if they have fewer than two labels or too few groups
     */
    static Dataset of(final LabelledCaptures captures, final long seed) {
        final List<LabelledFlow> flows = captures.flows();
        final List<String> names =
                flows.stream().map(LabelledFlow::label).distinct().sorted().toList();
        if (names.size() < 2) {
            throw new TrainingException(
                    "All "
                            + flows.size()
                            + " labelled flows are "
                            + names.get(0)
                            + "; a model needs at least two labels to tell apart.");
        }
        final Map<String, Integer> numbers = new HashMap<>();
        for (final String name : names) {
            numbers.put(name, numbers.size());
        }
        final List<String> groups = flows.stream().map(LabelledFlow::group).toList();
        final int[] labels = flows.stream().mapToInt(flow -> numbers.get(flow.label())).toArray();
        return new Dataset(
                flows.stream().map(LabelledFlow::context).toList(),
                labels,
                groups,
                names,
                GroupSplit.of(groups, labels, names.size(), seed),
                captures.counts());
    }

    /** The flows of a part. */
    List<FlowRecord> flows(final Part part) {
        return Arrays.stream(split.rows(part)).mapToObj(flows::get).toList();
    }

    /** The class of each flow of a part. */
    int[] labels(final Part part) {
        return Arrays.stream(split.rows(part)).map(row -> labels[row]).toArray();
    }

    /** The group of each flow of a part. */
    List<String> groups(final Part part) {
        return Arrays.stream(split.rows(part)).mapToObj(groups::get).toList();
    }

    /** How many groups of a part hold each class. */
    int[] groupsByClass(final Part part) {
        final List<Set<String>> holders = new ArrayList<>();
        names.forEach(name -> holders.add(new HashSet<>()));
        for (final int row : split.rows(part)) {
            holders.get(labels[row]).add(groups.get(row));
        }
        return holders.stream().mapToInt(Set::size).toArray();
    }

    /** One sentence for each class that a part has no flow of. */
    List<String> gaps() {
        final List<String> gaps = new ArrayList<>();
        for (final Part part : Part.values()) {
            final int[] holders = groupsByClass(part);
            for (int c = 0; c < holders.length; c++) {
                if (holders[c] == 0) {
                    gaps.add(
                            "No flow of "
                                    + names.get(c)
                                    + " is in the "
                                    + part.id()
                                    + " part, because too few groups hold it.");
                }
            }
        }
        return gaps;
    }
}
