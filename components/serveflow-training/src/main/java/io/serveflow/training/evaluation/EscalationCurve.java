/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.model.HopThreshold;
import io.serveflow.training.evaluation.BundleAnswers.TierAnswers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What becomes of answers when more and more flows move from one tier to a later one, by several
 * policies of who moves first.
 *
 * <p>Here the earlier tier answers every flow; the tiers before it are left out.
 *
 * @param points by policy, then by share
 * @param fixed share of the flows that only the later tier answers rightly
 * @param broken share of the flows that only the earlier one does
 * @param operating what the threshold of the bundle makes of these flows
 * @param movedErrors by policy, the share of the earlier tier's errors among the half of the flows
 *     that moves first
 */
record EscalationCurve(
        String from,
        String to,
        List<Point> points,
        double fixed,
        double broken,
        Operating operating,
        Map<Policy, Double> movedErrors) {

    private static final int STEPS = 20;
    private static final int DRAWS = 20;

    /** Who moves first. */
    enum Policy {
        /** Of the flows of each predicted label, the same share: the most uncertain ones. */
        PER_CLASS("per-class"),
        /** The most uncertain of all flows. */
        UNIVERSAL("universal"),
        /** Any; the mean of several draws. */
        RANDOM("random"),
        /** Those that gain most; needs the labels, so it is a bound and no policy to deploy. */
        ORACLE("oracle");

        private final String id;

        Policy(final String id) {
            this.id = id;
        }

        /** The name in a report. */
        String id() {
            return id;
        }
    }

    /**
     * What a policy reaches when it moves a share of the flows.
     *
     * @param latencyMillis the median time to a verdict
     */
    record Point(Policy policy, double escalated, double macroF1, double latencyMillis) {}

    /**
     * What is reached when the flows above the bundle's threshold move.
     *
     * @param latencyMillis the median time to a verdict
     */
    record Operating(double escalated, double macroF1, double latencyMillis) {}

    /**
     * The hop to measure.
     *
     * @param threshold of the bundle; its score also ranks the earlier tier's answers
     * @param stay microseconds to the answer of each flow if it does not move
     * @param move microseconds to the answer of each flow if it does
     */
    record Hop(
            TierAnswers from,
            TierAnswers to,
            HopThreshold threshold,
            double[] stay,
            double[] move) {}

    static EscalationCurve of(final Sample sample, final Hop hop, final long seed) {
        final Runner runner = new Runner(sample, hop, new Random(seed));
        return runner.run();
    }

    /** The points of one policy, by ascending share. */
    List<Point> points(final Policy policy) {
        return points.stream().filter(point -> point.policy() == policy).toList();
    }

    private static final class Runner {

        private final Sample sample;
        private final Hop hop;
        private final int[] before;
        private final int[] after;
        private final Random random;

        Runner(final Sample sample, final Hop hop, final Random random) {
            this.sample = sample;
            this.hop = hop;
            this.before = hop.from().predicted();
            this.after = hop.to().predicted();
            this.random = random;
        }

        EscalationCurve run() {
            final double[] uncertainty = uncertainty();
            // Ties are broken by chance: the order of the rows would tell captures apart.
            final int[] chance = shuffled();
            final int[] universal = ascending(chance, row -> -uncertainty[row]);
            final double[] rank = rankInClass(universal);
            final int[] perClass = ascending(chance, row -> rank[row]);
            final Map<Policy, double[][]> curves = new LinkedHashMap<>();
            curves.put(Policy.PER_CLASS, curve(perClass));
            curves.put(Policy.UNIVERSAL, curve(universal));
            curves.put(Policy.RANDOM, meanOfDraws());
            curves.put(Policy.ORACLE, best(curve(oracle()), curves));
            final List<Point> points = new ArrayList<>();
            curves.forEach(
                    (policy, values) -> {
                        for (int step = 0; step <= STEPS; step++) {
                            points.add(
                                    new Point(
                                            policy,
                                            (double) step / STEPS,
                                            values[step][0],
                                            values[step][1]));
                        }
                    });
            final Map<Policy, Double> errors = new LinkedHashMap<>();
            errors.put(Policy.PER_CLASS, errorsInHalf(perClass));
            errors.put(Policy.UNIVERSAL, errorsInHalf(universal));
            return new EscalationCurve(
                    hop.from().spec().name(),
                    hop.to().spec().name(),
                    List.copyOf(points),
                    share(i -> after[i] == sample.actual()[i] && !right(i)),
                    share(i -> after[i] != sample.actual()[i] && right(i)),
                    operating(uncertainty),
                    errors);
        }

        private boolean right(final int row) {
            return before[row] == sample.actual()[row];
        }

        private double share(final IntPredicate which) {
            return (double) IntStream.range(0, sample.size()).filter(which).count() / sample.size();
        }

        private double[] uncertainty() {
            final int classes = hop.from().classes();
            final double[] uncertainty = new double[sample.size()];
            Arrays.setAll(
                    uncertainty,
                    i ->
                            hop.threshold()
                                    .score()
                                    .of(hop.from().probabilities(), i * classes, classes));
            return uncertainty;
        }

        private int[] shuffled() {
            final int[] order = IntStream.range(0, sample.size()).toArray();
            for (int i = order.length - 1; i > 0; i--) {
                final int j = random.nextInt(i + 1);
                final int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
            return order;
        }

        /** The rows by a key; those with the same stay in the order in which they were given. */
        private static int[] ascending(final int[] rows, final IntToDoubleFunction key) {
            return Arrays.stream(rows)
                    .boxed()
                    .sorted(Comparator.comparingDouble(key::applyAsDouble))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        /** Where each row stands among those of its predicted class, 0 to 1. */
        private double[] rankInClass(final int[] order) {
            final int[] size = new int[hop.from().classes()];
            final int[] seen = new int[hop.from().classes()];
            for (final int predicted : before) {
                size[predicted]++;
            }
            final double[] rank = new double[order.length];
            for (final int row : order) {
                rank[row] = (seen[before[row]]++ + 0.5) / size[before[row]];
            }
            return rank;
        }

        /**
         * The order in which each flow that moves adds most to macro-F1 at that moment. Flows with
         * the same label and the same two answers are alike.
         */
        private int[] oracle() {
            final Map<List<Integer>, Deque<Integer>> alike = new LinkedHashMap<>();
            for (int i = 0; i < sample.size(); i++) {
                alike.computeIfAbsent(
                                List.of(sample.actual()[i], before[i], after[i]),
                                key -> new ArrayDeque<>())
                        .add(i);
            }
            final RunningScore score = score();
            final int[] order = new int[sample.size()];
            int n = 0;
            while (!alike.isEmpty()) {
                List<Integer> best = List.of();
                double most = Double.NEGATIVE_INFINITY;
                for (final List<Integer> kind : alike.keySet()) {
                    final double gain = score.gain(kind.get(0), kind.get(1), kind.get(2));
                    if (gain > most) {
                        most = gain;
                        best = kind;
                    }
                }
                final Deque<Integer> rows = alike.get(best);
                // Not one by one where that would take minutes.
                final int moved = Math.min(rows.size(), Math.max(1, sample.size() / 5_000));
                score.change(best.get(0), best.get(1), best.get(2), moved);
                for (int i = 0; i < moved; i++) {
                    order[n++] = rows.poll();
                }
                if (rows.isEmpty()) {
                    alike.remove(best);
                }
            }
            return order;
        }

        private RunningScore score() {
            return new RunningScore(sample.actual(), before, sample.names().size());
        }

        private double[][] meanOfDraws() {
            final double[][] mean = new double[STEPS + 1][2];
            for (int draw = 0; draw < DRAWS; draw++) {
                final double[][] curve = curve(shuffled());
                for (int step = 0; step <= STEPS; step++) {
                    mean[step][0] += curve[step][0] / DRAWS;
                    mean[step][1] += curve[step][1] / DRAWS;
                }
            }
            return mean;
        }

        /**
         * Taking what adds most at the moment can miss what is best in the end; nobody is better.
         */
        private static double[][] best(
                final double[][] greedy, final Map<Policy, double[][]> policies) {
            for (final double[][] policy : policies.values()) {
                for (int step = 0; step <= STEPS; step++) {
                    if (policy[step][0] > greedy[step][0]) {
                        greedy[step] = policy[step].clone();
                    }
                }
            }
            return greedy;
        }

        /** Macro-F1 and median latency at each step of a policy's order. */
        private double[][] curve(final int[] order) {
            final RunningScore score = score();
            final double[] micros = hop.stay().clone();
            final double[][] curve = new double[STEPS + 1][];
            int moved = 0;
            for (int step = 0; step <= STEPS; step++) {
                final int until = (int) Math.round((double) step / STEPS * order.length);
                for (; moved < until; moved++) {
                    final int row = order[moved];
                    score.change(sample.actual()[row], before[row], after[row], 1);
                    micros[row] = hop.move()[row];
                }
                curve[step] =
                        new double[] {score.macroF1(), Latencies.ofMicros(micros).quantile(0.5)};
            }
            return curve;
        }

        private Operating operating(final double[] uncertainty) {
            final RunningScore score = score();
            final double[] micros = hop.stay().clone();
            int moved = 0;
            for (int row = 0; row < micros.length; row++) {
                if (hop.threshold().escalates(before[row], uncertainty[row])) {
                    score.change(sample.actual()[row], before[row], after[row], 1);
                    micros[row] = hop.move()[row];
                    moved++;
                }
            }
            return new Operating(
                    (double) moved / micros.length,
                    score.macroF1(),
                    Latencies.ofMicros(micros).quantile(0.5));
        }

        private double errorsInHalf(final int[] order) {
            int moved = 0;
            int errors = 0;
            for (int n = 0; n < order.length; n++) {
                if (!right(order[n])) {
                    errors++;
                    moved += n < order.length / 2 ? 1 : 0;
                }
            }
            return errors == 0 ? 0 : (double) moved / errors;
        }
    }
}
