/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.training.features.FeatureMatrix;
import io.serveflow.training.features.FeatureRows;
import io.serveflow.training.tier.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
