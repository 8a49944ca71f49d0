/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.training.evaluation.BundleAnswers.CascadeAnswers;
import io.serveflow.training.score.Evaluation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Evaluations by predicted class: whether the confidence of the answers that name a class can be
 * trusted.
 */
final class PredictedClasses {

    private PredictedClasses() {}

    /** One evaluation a class, of the flows that were predicted as it. */
    static List<Evaluation> eachClass(final Sample sample, final CascadeAnswers answers) {
        return IntStream.range(0, sample.names().size())
                .mapToObj(
                        c ->
                                of(
                                        sample,
                                        answers,
                                        IntStream.range(0, sample.size())
                                                .filter(row -> answers.predicted()[row] == c)
                                                .toArray()))
                .toList();
    }

    private static Evaluation of(
            final Sample sample, final CascadeAnswers answers, final int[] rows) {
        return Evaluation.of(
                Arrays.stream(rows).map(row -> sample.actual()[row]).toArray(),
                Arrays.stream(rows).map(row -> answers.predicted()[row]).toArray(),
                Arrays.stream(rows).mapToDouble(row -> answers.confidence()[row]).toArray(),
                sample.names().size());
    }
}
