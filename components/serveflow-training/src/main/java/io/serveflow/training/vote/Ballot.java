/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.vote;

import io.serveflow.flow.FlowRecord;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The answer for one labelled flow, as it counts in a vote.
 *
 * @param capture the capture that holds the flow
 * @param label its class
 * @param fold the fold that it is in
 * @param withheld whether the answer is {@link io.serveflow.verdict.Verdict#UNKNOWN}
 * @param top the most probable labels, most probable first, as in a verdict
 */
public record Ballot(
        FlowRecord flow,
        String capture,
        int label,
        int fold,
        boolean withheld,
        List<LabelProbability> top) {

    private static final int TOP = 3;

    /**
     * The labels that a verdict names.
     *
     * @param probabilities calibrated, those of the flow at {@code [from, from + names.size())}
     */
    public static List<LabelProbability> top(
            final List<String> names, final float[] probabilities, final int from) {
        return IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparingDouble(label -> -probabilities[from + label]))
                .limit(TOP)
                .map(label -> new LabelProbability(names.get(label), probabilities[from + label]))
                .toList();
    }
}
