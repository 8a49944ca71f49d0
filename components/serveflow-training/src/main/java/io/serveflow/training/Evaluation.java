/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import java.util.ArrayList;
import java.util.List;

/**
 * How well labels were predicted.
 *
 * @param macroF1 mean F1 of the classes that the flows hold
 * @param weightedF1 mean F1 of the classes weighted by their flows
 * @param ece expected calibration error in {@value #BINS} bins of equal width: how far, on average,
 *     the confidence is from the share of right answers
 * @param classes one entry a class, in the order of the labels
 */
record Evaluation(
        int flows,
        double accuracy,
        double macroF1,
        double weightedF1,
        double ece,
        List<ClassScore> classes) {

    private static final int BINS = 15;

    /**
     * How well one class was predicted.
     *
     * @param support flows of the class; with none the other numbers say nothing
     */
    record ClassScore(int support, double precision, double recall, double f1) {}

    /**
     * Compares answers to labels.
     *
     * @param confidence the probability that came with each answer
     */
    static Evaluation of(
            final int[] actual,
            final int[] predicted,
            final double[] confidence,
            final int classCount) {
        final int[] support = new int[classCount];
        final int[] answers = new int[classCount];
        final int[] hits = new int[classCount];
        for (int i = 0; i < actual.length; i++) {
            support[actual[i]]++;
            answers[predicted[i]]++;
            if (actual[i] == predicted[i]) {
                hits[actual[i]]++;
            }
        }
        final List<ClassScore> classes = new ArrayList<>();
        double sumF1 = 0;
        double weightedF1 = 0;
        int right = 0;
        int present = 0;
        for (int c = 0; c < classCount; c++) {
            final double f1 = ratio(2.0 * hits[c], support[c] + answers[c]);
            classes.add(
                    new ClassScore(
                            support[c],
                            ratio(hits[c], answers[c]),
                            ratio(hits[c], support[c]),
                            f1));
            right += hits[c];
            if (support[c] > 0) {
                present++;
                sumF1 += f1;
                weightedF1 += f1 * support[c];
            }
        }
        return new Evaluation(
                actual.length,
                ratio(right, actual.length),
                ratio(sumF1, present),
                ratio(weightedF1, actual.length),
                ece(actual, predicted, confidence),
                List.copyOf(classes));
    }

    private static double ece(
            final int[] actual, final int[] predicted, final double[] confidence) {
        final double[] gap = new double[BINS];
        for (int i = 0; i < actual.length; i++) {
            final int bin = Math.min(BINS - 1, (int) (confidence[i] * BINS));
            gap[bin] += confidence[i] - (actual[i] == predicted[i] ? 1 : 0);
        }
        double sum = 0;
        for (final double bin : gap) {
            sum += Math.abs(bin);
        }
        return ratio(sum, actual.length);
    }

    private static double ratio(final double part, final double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
