/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

/** The macro-F1 of answers that are changed one by one. */
final class RunningScore {

    private final int[] hits;
    private final int[] answers;
    private final int[] support;
    private final int present;

    RunningScore(final int[] actual, final int[] predicted, final int classes) {
        hits = new int[classes];
        answers = new int[classes];
        support = new int[classes];
        for (int i = 0; i < actual.length; i++) {
            support[actual[i]]++;
            answers[predicted[i]]++;
            hits[actual[i]] += actual[i] == predicted[i] ? 1 : 0;
        }
        int held = 0;
        for (final int n : support) {
            held += n > 0 ? 1 : 0;
        }
        present = held;
    }

    /** Changes the answer for a flow, or for several alike. */
    void change(final int actual, final int before, final int after, final int flows) {
        answers[before] -= flows;
        answers[after] += flows;
        hits[actual] += flows * ((after == actual ? 1 : 0) - (before == actual ? 1 : 0));
    }

    /** How much a change of one flow's answer would add, in F1 summed over the classes. */
    double gain(final int actual, final int before, final int after) {
        if (before == after) {
            return 0;
        }
        final double without = f1(before) + f1(after) + (third(actual, before, after));
        change(actual, before, after, 1);
        final double with = f1(before) + f1(after) + (third(actual, before, after));
        change(actual, after, before, 1);
        return with - without;
    }

    double macroF1() {
        double sum = 0;
        for (int c = 0; c < support.length; c++) {
            sum += f1(c);
        }
        return present == 0 ? 0 : sum / present;
    }

    private double third(final int actual, final int before, final int after) {
        return actual == before || actual == after ? 0 : f1(actual);
    }

    private double f1(final int c) {
        return support[c] == 0 ? 0 : 2.0 * hits[c] / (support[c] + answers[c]);
    }
}
