/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierSpec;
import io.serveflow.model.UncertaintyScore;
import io.serveflow.training.evaluation.BundleAnswers.TierAnswers;
import io.serveflow.training.evaluation.EscalationCurve.Hop;
import io.serveflow.training.evaluation.EscalationCurve.Point;
import io.serveflow.training.evaluation.EscalationCurve.Policy;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OracleTest {

    private static final int CLASSES = 3;

    /** Who knows the labels is never worse than who does not. */
    @Property(tries = 40)
    void shouldNotBeBelowAnyPolicyAtAnyShare(
            @ForAll @IntRange(min = 2, max = 200) final int flows,
            @ForAll @IntRange(min = 1, max = 10_000) final int seed) {
        final Random random = new Random(seed);
        final int[] actual = IntStream.range(0, flows).map(i -> random.nextInt(CLASSES)).toArray();
        final EscalationCurve curve =
                EscalationCurve.of(
                        sample(actual),
                        new Hop(
                                answers("fast", actual, 0.5, random),
                                answers("slow", actual, 0.7, random),
                                new HopThreshold(UncertaintyScore.LEAST_CONFIDENCE, 0.5),
                                new double[flows],
                                new double[flows]),
                        seed);

        final List<Point> oracle = curve.points(Policy.ORACLE);
        for (final Policy policy : Policy.values()) {
            final List<Point> points = curve.points(policy);
            for (int step = 0; step < points.size(); step++) {
                assertThat(oracle.get(step).macroF1())
                        .isGreaterThanOrEqualTo(points.get(step).macroF1());
            }
        }
    }

    private static Sample sample(final int[] actual) {
        final List<String> one = IntStream.range(0, actual.length).mapToObj(i -> "g" + i).toList();
        return new Sample(List.of(), actual, one, one, List.of("a", "b", "c"), CLASSES);
    }

    private static TierAnswers answers(
            final String name, final int[] actual, final double rightness, final Random random) {
        final float[] probabilities = new float[actual.length * CLASSES];
        final int[] predicted = new int[actual.length];
        final double[] confidence = new double[actual.length];
        for (int i = 0; i < actual.length; i++) {
            predicted[i] = random.nextDouble() < rightness ? actual[i] : random.nextInt(CLASSES);
            final float best = 0.4f + 0.6f * random.nextFloat();
            for (int c = 0; c < CLASSES; c++) {
                probabilities[i * CLASSES + c] =
                        c == predicted[i] ? best : (1 - best) / (CLASSES - 1);
            }
            confidence[i] = best;
        }
        return new TierAnswers(
                new TierSpec(
                        name, name + ".onnx", new FeatureSpec("header", 1, 1, Set.of()), 1, "cpu"),
                CLASSES,
                probabilities,
                predicted,
                confidence);
    }
}
