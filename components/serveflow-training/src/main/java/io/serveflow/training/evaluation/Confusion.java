/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.training.score.Evaluation;

/**
 * Which labels are taken for which.
 *
 * @param answers flows by their class, then by the class that they were said to be
 * @param unanswered by class, flows whose answer was none of the classes
 */
record Confusion(int[][] answers, int[] unanswered) {

    static Confusion of(final Sample sample, final int[] predicted) {
        final int classes = sample.names().size();
        final Confusion confusion = new Confusion(new int[classes][classes], new int[classes]);
        for (int i = 0; i < predicted.length; i++) {
            if (predicted[i] == Evaluation.NO_ANSWER) {
                confusion.unanswered[sample.actual()[i]]++;
            } else {
                confusion.answers[sample.actual()[i]][predicted[i]]++;
            }
        }
        return confusion;
    }
}
