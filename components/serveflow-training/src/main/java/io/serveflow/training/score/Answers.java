/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import io.serveflow.model.HopThreshold;
import io.serveflow.model.UnknownThresholds;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The answers of a tier or of a whole cascade for some flows.
 *
 * @param predicted the most probable class of each flow, or {@link Evaluation#NO_ANSWER}
 * @param confidence its calibrated probability
 * @param decidedBy the tier that answered, by its number
 */
public record Answers(int[] predicted, double[] confidence, int[] decidedBy) {

    /** Room for the answers for so many flows, to be filled by {@link #put}. */
    public static Answers room(final int flows) {
        return new Answers(new int[flows], new double[flows], new int[flows]);
    }

    /** What a baseline answers that says a class and no probability. */
    public static Answers sure(final int[] predicted) {
        final Answers answers =
                new Answers(predicted, new double[predicted.length], new int[predicted.length]);
        Arrays.fill(answers.confidence, 1);
        return answers;
    }

    /** What a single tier answers. */
    public static Answers of(final float[][] probabilities) {
        return cascade(Collections.singletonList(probabilities), List.of());
    }

    /**
     * What tiers answer one after the other: a flow moves on for as long as the hop says so.
     *
     * @param probabilities calibrated probabilities by tier, one row a flow
     * @param hops the thresholds between them, one fewer than tiers
     */
    public static Answers cascade(
            final List<float[][]> probabilities, final List<HopThreshold> hops) {
        final int flows = probabilities.get(0).length;
        final Answers answers = room(flows);
        for (int i = 0; i < flows; i++) {
            answers.decide(i, probabilities, hops);
        }
        return answers;
    }

    /** These answers without those that are not worth giving. */
    public Answers withheld(final UnknownThresholds unknown) {
        final int[] given = predicted.clone();
        for (int i = 0; i < given.length; i++) {
            if (unknown.isUnknown(given[i], confidence[i])) {
                given[i] = Evaluation.NO_ANSWER;
            }
        }
        return new Answers(given, confidence, decidedBy);
    }

    /** The share of the flows whose answer is withheld. */
    public double unknown() {
        return Arrays.stream(predicted).filter(label -> label == Evaluation.NO_ANSWER).count()
                / (double) predicted.length;
    }

    /**
     * The share of the wrong answers that are among the less confident half of all; the paper's
     * measure of how well uncertainty finds errors. Answers of like confidence count in part.
     */
    public double errorsInUnsureHalf(final int[] labels) {
        final int[] order =
                IntStream.range(0, predicted.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> confidence[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        final double half = predicted.length / 2.0;
        double moved = 0;
        int errors = 0;
        for (int from = 0; from < order.length; ) {
            int until = from;
            int wrong = 0;
            for (; until < order.length && confidence[order[until]] == confidence[order[from]]; ) {
                wrong += predicted[order[until]] == labels[order[until]] ? 0 : 1;
                until++;
            }
            final double share = Math.max(0, Math.min(1, (half - from) / (until - from)));
            moved += share * wrong;
            errors += wrong;
            from = until;
        }
        return errors == 0 ? 0 : moved / errors;
    }

    /** Takes answers for some of the flows, which are named by their numbers. */
    public void put(final int[] rows, final Answers some) {
        for (int i = 0; i < rows.length; i++) {
            predicted[rows[i]] = some.predicted[i];
            confidence[rows[i]] = some.confidence[i];
            decidedBy[rows[i]] = some.decidedBy[i];
        }
    }

    /** The answers for some of the flows. */
    public Answers of(final int[] rows) {
        return new Answers(
                Arrays.stream(rows).map(row -> predicted[row]).toArray(),
                Arrays.stream(rows).mapToDouble(row -> confidence[row]).toArray(),
                Arrays.stream(rows).map(row -> decidedBy[row]).toArray());
    }

    /** Whether each predicted class is the label. */
    public static boolean[] right(final int[] predicted, final int[] labels) {
        final boolean[] right = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            right[i] = predicted[i] == labels[i];
        }
        return right;
    }

    /** The share of the flows that a tier answered. */
    public double share(final int tier) {
        int n = 0;
        for (final int decider : decidedBy) {
            n += decider == tier ? 1 : 0;
        }
        return decidedBy.length == 0 ? 0 : (double) n / decidedBy.length;
    }

    private void decide(
            final int flow, final List<float[][]> probabilities, final List<HopThreshold> hops) {
        int tier = 0;
        float[] row = probabilities.get(0)[flow];
        int best = mostProbable(row);
        while (tier < hops.size() && escalates(hops.get(tier), row, best)) {
            tier++;
            row = probabilities.get(tier)[flow];
            best = mostProbable(row);
        }
        predicted[flow] = best;
        confidence[flow] = row[best];
        decidedBy[flow] = tier;
    }

    private static boolean escalates(
            final HopThreshold hop, final float[] row, final int predicted) {
        return hop.escalates(predicted, hop.score().of(row, 0, row.length));
    }

    private static int mostProbable(final float[] row) {
        int best = 0;
        for (int c = 1; c < row.length; c++) {
            if (row[c] > row[best]) {
                best = c;
            }
        }
        return best;
    }
}
