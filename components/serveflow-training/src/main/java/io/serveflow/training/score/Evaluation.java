/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well labels were predicted.
 *
 * @param macroF1 mean F1 of the classes that the flows hold
 * @param weightedF1 mean F1 of the classes weighted by their flows
 * @param ece expected calibration error in {@value #BINS} bins of equal width: how far, on average,
 *     the confidence is from the share of right answers
 * @param classes one entry a class, in the order of the labels
 * @param bins the bins of the calibration error, from the least confident on
 * @param trust how far answers can be trusted, one entry a class that is answered
 */
public record Evaluation(
        int flows,
        double accuracy,
        double macroF1,
        double weightedF1,
        double ece,
        List<ClassScore> classes,
        List<Bin> bins,
        List<ClassTrust> trust) {

    /** The prediction of a flow that got no answer, or one that is none of the classes. */
    public static final int NO_ANSWER = -1;

    private static final int BINS = 15;
    private static final int ALL = -1;

    /**
     * How well one class was predicted.
     *
     * @param support flows of the class; with none the other numbers say nothing
     */
    public record ClassScore(int support, double precision, double recall, double f1) {}

    /**
     * How far the answers that say one class can be trusted.
     *
     * @param answers how many they are; with none the other numbers say nothing
     * @param confidence what they say of themselves on average, to be compared with the precision
     * @param ece their calibration error
     */
    public record ClassTrust(int answers, double confidence, double ece) {}

    /**
     * The answers of like confidence.
     *
     * @param confidence what they say of themselves on average; with no answers it says nothing
     * @param accuracy the share of them that is right; with no answers it says nothing
     */
    public record Bin(int answers, double confidence, double accuracy) {}

    /**
     * Compares answers to labels. A flow without an answer is a wrong one in all scores but the
     * calibration error, which is of answers.
     *
     * @param predicted the class that each flow was said to be, or {@link #NO_ANSWER}
     * @param confidence the probability that came with each answer
     */
    public static Evaluation of(
            final int[] actual,
            final int[] predicted,
            final double[] confidence,
            final int classCount) {
        final int[] support = new int[classCount];
        final int[] answers = new int[classCount];
        final int[] hits = new int[classCount];
        for (int i = 0; i < actual.length; i++) {
            support[actual[i]]++;
            if (predicted[i] == NO_ANSWER) {
                continue;
            }
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
        final List<Bin> bins = bins(actual, predicted, confidence);
        return new Evaluation(
                actual.length,
                ratio(right, actual.length),
                ratio(sumF1, present),
                ratio(weightedF1, actual.length),
                ece(bins),
                List.copyOf(classes),
                bins,
                IntStream.range(0, classCount)
                        .mapToObj(c -> trust(c, actual, predicted, confidence))
                        .toList());
    }

    private static ClassTrust trust(
            final int label, final int[] actual, final int[] predicted, final double[] confidence) {
        final List<Bin> bins = bins(label, actual, predicted, confidence);
        final int answers = bins.stream().mapToInt(Bin::answers).sum();
        return new ClassTrust(
                answers,
                ratio(
                        bins.stream().mapToDouble(bin -> bin.answers() * bin.confidence()).sum(),
                        answers),
                ece(bins));
    }

    private static List<Bin> bins(
            final int[] actual, final int[] predicted, final double[] confidence) {
        return bins(ALL, actual, predicted, confidence);
    }

    /** The bins of all answers, or of those that say one class. */
    private static List<Bin> bins(
            final int label, final int[] actual, final int[] predicted, final double[] confidence) {
        final int[] answers = new int[BINS];
        final int[] hits = new int[BINS];
        final double[] sum = new double[BINS];
        for (int i = 0; i < actual.length; i++) {
            if (predicted[i] != NO_ANSWER && (label == ALL || predicted[i] == label)) {
                final int bin = Math.min(BINS - 1, (int) (confidence[i] * BINS));
                answers[bin]++;
                hits[bin] += actual[i] == predicted[i] ? 1 : 0;
                sum[bin] += confidence[i];
            }
        }
        final List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            bins.add(
                    new Bin(
                            answers[bin],
                            ratio(sum[bin], answers[bin]),
                            ratio(hits[bin], answers[bin])));
        }
        return List.copyOf(bins);
    }

    private static double ece(final List<Bin> bins) {
        double gap = 0;
        long answers = 0;
        for (final Bin bin : bins) {
            gap += bin.answers() * Math.abs(bin.confidence() - bin.accuracy());
            answers += bin.answers();
        }
        return ratio(gap, answers);
    }

    private static double ratio(final double part, final double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
