/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.training.features.FeatureMatrix;
import io.serveflow.training.tier.Examples;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleWeightsTest {

    private static final TreeSettings ALIKE = new TreeSettings(1, 1, 1, 1, 0, 0, 0);

    /** Four flows of label 0 in one group and one in another, and one of label 1. */
    private final Examples examples =
            new Examples(
                    new FeatureMatrix(6, 1, new float[6]),
                    new int[] {0, 0, 0, 0, 0, 1},
                    2,
                    List.of("host"),
                    List.of("a", "a", "a", "a", "b", "a"));

    @Test
    void shouldWeighAllFlowsAlikeWithoutABalance() {
        assertThat(ExampleWeights.of(examples, ALIKE)).containsOnly(1f);
    }

    @Test
    void shouldWeighGroupsOfALabelAlikeAndTheLabelsAsBefore() {
        final float[] weights = ExampleWeights.of(examples, ALIKE.withGroupBalance(1));

        assertThat(weights[0]).isCloseTo(0.625f, within(1e-6f));
        assertThat(weights[4]).isCloseTo(2.5f, within(1e-6f));
        assertThat(weights[5]).isCloseTo(1, within(1e-6f));
    }

    @Test
    void shouldWeighLabelsAlike() {
        final float[] weights = ExampleWeights.of(examples, new TreeSettings(1, 1, 1, 1, 0, 0, 1));

        assertThat(weights[0]).isCloseTo(0.6f, within(1e-6f));
        assertThat(weights[5]).isCloseTo(3, within(1e-6f));
    }
}
