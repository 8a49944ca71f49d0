/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UncertaintyScoreTest {

    @ParameterizedTest
    @EnumSource
    void shouldBeZeroWhenOneClassHasAll(final UncertaintyScore score) {
        assertThat(score.of(new float[] {0, 1, 0}, 0, 3)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadOnlyItsOwnRow(final UncertaintyScore score) {
        assertThat(score.of(new float[] {0.5f, 0.5f, 0, 1, 0.5f, 0.5f}, 2, 2)).isZero();
    }

    @Test
    void shouldMatchTheDefinitions() {
        final float[] row = {0.5f, 0.25f, 0.25f};

        assertThat(UncertaintyScore.LEAST_CONFIDENCE.of(row, 0, 3)).isEqualTo(0.5);
        assertThat(UncertaintyScore.MARGIN.of(row, 0, 3)).isEqualTo(0.75);
        assertThat(UncertaintyScore.ENTROPY.of(row, 0, 3))
                .isCloseTo(1.5 * Math.log(2) / Math.log(3), within(1e-9));
    }

    @Property
    void shouldStayBetweenZeroAndOne(
            @ForAll @Size(min = 2, max = 20)
                    final List<@IntRange(min = 1, max = 1000) Integer> weights) {
        final float[] row = new float[weights.size()];
        float sum = 0;
        for (final int weight : weights) {
            sum += weight;
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = weights.get(i) / sum;
        }
        for (final UncertaintyScore score : UncertaintyScore.values()) {
            assertThat(score.of(row, 0, row.length)).isBetween(-1e-6, 1 + 1e-6);
        }
    }

    @Test
    void shouldNameTheKnownScoresWhenOneIsUnknown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UncertaintyScore.named("gini"))
                .withMessage(
                        "unknown uncertainty score 'gini'; known are least-confidence, margin,"
                                + " entropy");
    }
}
