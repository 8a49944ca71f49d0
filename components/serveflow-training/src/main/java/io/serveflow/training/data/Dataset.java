/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.flow.FlowRecord;
import io.serveflow.training.notice.TrainingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Labelled flows in their folds.
 *
 * @param applications the application of each flow, empty where none is known
 * @param groups the group of each flow
 * @param captures the capture that holds each flow
 * @param names the labels in alphabetical order; a class is its label's index among them
 * @param counts what went into the flows and what did not
 * @param kind what the flows were read from
 */
public record Dataset(
        List<FlowRecord> flows,
        int[] labels,
        List<String> applications,
        List<String> groups,
        List<String> captures,
        List<String> names,
        Folds folds,
        LabelledCaptures.Counts counts,
        DataKind kind) {

    /**
     * Assigns flows to folds.
     *
     * @throws TrainingException if they have fewer than two labels or too few groups
     */
    public static Dataset of(
            final LabelledCaptures captures, final int folds, final Split split, final long seed) {
        final List<LabelledFlow> flows = captures.flows();
        final List<String> names =
                flows.stream().map(LabelledFlow::label).distinct().sorted().toList();
        if (names.size() < 2) {
            throw new TrainingException(
                    "All "
                            + flows.size()
                            + " labelled flows are "
                            + names.get(0)
                            + "; a model needs at least two labels to distinguish.");
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
                flows.stream().map(LabelledFlow::application).toList(),
                groups,
                flows.stream().map(LabelledFlow::capture).toList(),
                names,
                Folds.of(
                        split == Split.GROUP ? groups : everyFlowItsOwn(flows.size()),
                        labels,
                        names.size(),
                        folds,
                        seed),
                captures.counts(),
                captures.kind());
    }

    private static List<String> everyFlowItsOwn(final int flows) {
        return IntStream.range(0, flows).mapToObj(Integer::toString).toList();
    }

    /** The same flows, each changed in the same way, with their labels and folds. */
    public Dataset changed(final UnaryOperator<FlowRecord> change) {
        return new Dataset(
                flows.stream().map(change).toList(),
                labels,
                applications,
                groups,
                captures,
                names,
                folds,
                counts,
                kind);
    }

    /** Some of the flows, by their numbers. */
    public List<FlowRecord> flows(final int[] rows) {
        return Arrays.stream(rows).mapToObj(flows::get).toList();
    }

    /** The class of each of some flows. */
    public int[] labels(final int[] rows) {
        return Arrays.stream(rows).map(row -> labels[row]).toArray();
    }

    /** How many groups there are. */
    public int groupCount() {
        return new HashSet<>(groups).size();
    }

    /** How many groups hold each class. */
    public int[] groupsByClass() {
        final List<Set<String>> holders = new ArrayList<>();
        names.forEach(name -> holders.add(new HashSet<>()));
        for (int row = 0; row < labels.length; row++) {
            holders.get(labels[row]).add(groups.get(row));
        }
        return holders.stream().mapToInt(Set::size).toArray();
    }

    /**
     * One sentence for each class that a single group holds: while that group is tested, no model
     * knows the class.
     */
    public List<String> gaps() {
        final List<String> gaps = new ArrayList<>();
        final int[] holders = groupsByClass();
        for (int c = 0; c < holders.length; c++) {
            if (holders[c] == 1) {
                gaps.add(
                        "All flows of "
                                + names.get(c)
                                + " are of one group; the model learns the label, but nothing can"
                                + " be said of how well it knows it elsewhere, and it counts as"
                                + " wrong in the test.");
            }
        }
        return gaps;
    }
}
