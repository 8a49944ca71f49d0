/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.training.features.FeatureMatrix;
import io.serveflow.training.features.FeatureRows;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.tier.Examples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;

class BoostedTreesTest {

    private static final TreeSettings SETTINGS =
            new TreeSettings(60, 4, 0.5, 1, 1, 1, 0).withPatience(5);

    @Test
    void shouldStopWhereOtherRowsGainNothing() {
        final List<Integer> rounds = new ArrayList<>();
        final int best =
                BoostedTrees.bestRounds(
                        examples(300, 1), examples(200, 2), SETTINGS, 1, rounds::add);
        assertThat(best).isBetween(1, 30);
        assertThat(rounds).endsWith(best + SETTINGS.patience());
    }

    @Test
    void shouldGrowNoMoreThanTheRounds() {
        final List<Integer> rounds = new ArrayList<>();
        final int best =
                BoostedTrees.bestRounds(
                        examples(300, 1),
                        examples(300, 1),
                        SETTINGS.withRounds(7).withPatience(50),
                        1,
                        rounds::add);
        assertThat(best).isEqualTo(7);
        assertThat(rounds).endsWith(7);
    }

    @Test
    void shouldHandRowsOverOutsideTheHeapAsInAnArray() throws XGBoostError {
        final FeatureRows rows = rows(50, 3);
        final DMatrix inArray = BoostedTrees.matrix(rows, 200);
        final DMatrix outside = BoostedTrees.matrix(rows, 199);
        try (BoostedTrees trees =
                BoostedTrees.train(examples(300, 1), SETTINGS.withRounds(3), 1, n -> {})) {
            assertThat(outside.rowNum()).isEqualTo(50);
            assertThat(outside.nonMissingNum()).isEqualTo(inArray.nonMissingNum());
            assertThat(trees.predict(outside)).isDeepEqualTo(trees.predict(inArray));
        } finally {
            inArray.dispose();
            outside.dispose();
        }
    }

    @Test
    void shouldLetNamesExplainFirstWhatTheyCan() {
        final int[] labels = IntStream.range(0, 200).map(row -> row % 2).toArray();
        final Examples here = namedAndSized(labels, (row, label) -> 100 + 10 * label + row % 5);
        final FeatureRows elsewhere = namedAndSized(labels, (row, label) -> 100 + row % 15).rows();
        final TreeSettings sizesToo = new TreeSettings(10, 3, 0.3, 1, 1, 1, 0);

        assertThat(right(here, sizesToo, elsewhere, labels)).isLessThan(0.7);
        assertThat(right(here, sizesToo.behind(new LeadingTrees(20, 3, 0.3, 1)), elsewhere, labels))
                .isGreaterThan(0.9);
    }

    @Test
    void shouldRefuseToShowNamesAloneWhereThereAreNone() {
        final TreeSettings settings = SETTINGS.behind(new LeadingTrees(1, 2, 0.5, 1));

        assertThatThrownBy(() -> BoostedTrees.train(examples(50, 1), settings, 1, n -> {}))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("columns of neither");
    }

    /** A size, and a name that says the label as well as it can be said. */
    private static Examples namedAndSized(final int[] labels, final IntBinaryOperator size) {
        final float[] values = new float[2 * labels.length];
        for (int row = 0; row < labels.length; row++) {
            values[2 * row] = size.applyAsInt(row, labels[row]);
            values[2 * row + 1] = labels[row];
        }
        return new Examples(
                new FeatureMatrix(labels.length, 2, values),
                labels,
                2,
                List.of("pkt1_length", "host_streaming"),
                Collections.nCopies(labels.length, "one"));
    }

    private static double right(
            final Examples trained,
            final TreeSettings settings,
            final FeatureRows tested,
            final int[] labels) {
        try (BoostedTrees trees = BoostedTrees.train(trained, settings, 1, n -> {})) {
            final float[][] given = trees.predict(tested);
            return IntStream.range(0, labels.length)
                            .filter(row -> given[row][labels[row]] > 0.5)
                            .count()
                    / (double) labels.length;
        }
    }

    private static Examples examples(final int n, final long seed) {
        return new Examples(rows(n, seed), labels(n, seed), 2);
    }

    /** Four columns, of which the first one tells the label of four rows in five. */
    private static FeatureMatrix rows(final int n, final long seed) {
        final Random random = new Random(seed);
        final float[] values = new float[4 * n];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return new FeatureMatrix(n, 4, values);
    }

    private static int[] labels(final int n, final long seed) {
        final FeatureMatrix rows = rows(n, seed);
        final Random random = new Random(seed + 100);
        final int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            final boolean high = rows.values()[4 * i] > 0.5;
            labels[i] = high ^ random.nextInt(5) == 0 ? 1 : 0;
        }
        return labels;
    }
}
