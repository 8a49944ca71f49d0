/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.flow.FlowRecord;
import io.serveflow.training.data.LabelledFlow;
import io.serveflow.training.notice.TrainingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The labelled flows that a bundle is evaluated on.
 *
 * @param flows the context record of each flow
 * @param actual the class of each flow, an index into the names
 * @param names the bundle's labels in their order, then those that only the flows have
 * @param known how many of the names are the bundle's
 */
record Sample(
        List<FlowRecord> flows,
        int[] actual,
        List<String> groups,
        List<String> captures,
        List<String> names,
        int known) {

    /**
     * Numbers the labels of flows.
     *
     * @param labels the bundle's labels
     * @throws TrainingException if no flow has one of them
     */
    static Sample of(final List<LabelledFlow> flows, final List<String> labels) {
        final Set<String> foreign = new TreeSet<>();
        flows.forEach(flow -> foreign.add(flow.label()));
        final int distinct = foreign.size();
        labels.forEach(foreign::remove);
        if (foreign.size() == distinct) {
            throw new TrainingException(
                    "None of the "
                            + flows.size()
                            + " labelled flows has a label of the bundle; they are "
                            + String.join(", ", foreign)
                            + ", the bundle knows "
                            + String.join(", ", labels)
                            + "; use the bundle's words in the labels file.");
        }
        final List<String> names = new ArrayList<>(labels);
        names.addAll(foreign);
        final Map<String, Integer> numbers = new HashMap<>();
        names.forEach(name -> numbers.put(name, numbers.size()));
        return new Sample(
                flows.stream().map(LabelledFlow::context).toList(),
                flows.stream().mapToInt(flow -> numbers.get(flow.label())).toArray(),
                flows.stream().map(LabelledFlow::group).toList(),
                flows.stream().map(LabelledFlow::capture).toList(),
                List.copyOf(names),
                labels.size());
    }

    int size() {
        return actual.length;
    }

    /** Whether the bundle has no such label as the flow's, so that no answer can be right. */
    boolean foreign(final int flow) {
        return actual[flow] >= known;
    }

    /** The labels that only flows have. */
    List<String> foreignNames() {
        return names.subList(known, names.size());
    }

    /** How many groups hold each class. */
    int[] groupsByClass() {
        return holders(groups::get);
    }

    /** How many captures hold each class. */
    int[] capturesByClass() {
        return holders(captures::get);
    }

    /** How many groups there are. */
    int groupCount() {
        return new HashSet<>(groups).size();
    }

    private int[] holders(final Function<Integer, String> holder) {
        final List<Set<String>> held = new ArrayList<>();
        names.forEach(name -> held.add(new HashSet<>()));
        IntStream.range(0, size()).forEach(i -> held.get(actual[i]).add(holder.apply(i)));
        return held.stream().mapToInt(Set::size).toArray();
    }
}
