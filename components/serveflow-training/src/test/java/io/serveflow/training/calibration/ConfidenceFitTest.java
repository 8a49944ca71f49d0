/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.model.ConfidenceMap;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConfidenceFitTest {

    @Test
    void shouldFindHowOftenAnswersAreRight() {
        final ConfidenceMap map = fit(20_000, 1, 2);

        for (final double confidence : new double[] {0.3, 0.5, 0.7, 0.9}) {
            assertThat(map.at(confidence)).isCloseTo(confidence * confidence, within(0.06));
        }
    }

    @Test
    void shouldNotTakeAFewRightAnswersForCertainty() {
        final double[] confidence = new double[ConfidenceFit.LEAST_FLOWS];
        Arrays.fill(confidence, 0.6);
        final boolean[] right = new boolean[confidence.length];
        Arrays.fill(right, true);

        assertThat(ConfidenceFit.fit(confidence, right).at(0.6)).isBetween(0.97, 0.99);
        assertThat(ConfidenceFit.fit(confidence, new boolean[right.length]).at(0.6))
                .isBetween(0.01, 0.04);
    }

    @Test
    void shouldTellTheSureFromTheLessSureWhereAllAreRight() {
        final double[] confidence = new double[1_000];
        Arrays.setAll(confidence, i -> 0.5 + i / 2_001.0);
        final boolean[] right = new boolean[confidence.length];
        Arrays.fill(right, true);
        final ConfidenceMap map = ConfidenceFit.fit(confidence, right);

        assertThat(map.at(0.6)).isLessThan(map.at(0.7));
        assertThat(map.at(0.7)).isLessThan(map.at(0.9));
    }

    @Test
    void shouldTrustNothingBelowWhatWasSeen() {
        final double[] confidence = new double[500];
        Arrays.setAll(confidence, i -> 0.8 + i / 2_600.0);
        final boolean[] right = new boolean[confidence.length];
        Arrays.fill(right, true);

        assertThat(ConfidenceFit.fit(confidence, right).at(0.2)).isLessThan(0.3);
    }

    @Test
    void shouldFitOneAnswer() {
        assertThat(ConfidenceFit.fit(new double[] {0.5}, new boolean[] {true}).at(0.5))
                .isCloseTo(3.5 / 6, within(1e-12));
    }

    @Property(tries = 50)
    void shouldGiveAMapThatABundleCanHold(
            @ForAll @IntRange(min = 1, max = 6_000) final int flows,
            @ForAll @IntRange(min = 1, max = 100) final int seed,
            @ForAll @DoubleRange(min = 0, max = 4) final double bend) {
        final ConfidenceMap map = fit(flows, seed, bend);

        assertThat(map.to()).isSorted().hasSizeBetween(2, ConfidenceMap.MOST_KNOTS);
        assertThat(map.at(1)).isLessThan(1);
    }

    /** Answers that are right as often as a power of their confidence. */
    private static ConfidenceMap fit(final int flows, final int seed, final double power) {
        final Random random = new Random(seed);
        final double[] confidence = new double[flows];
        final boolean[] right = new boolean[flows];
        for (int i = 0; i < flows; i++) {
            confidence[i] = 0.2 + 0.8 * random.nextDouble();
            right[i] = random.nextDouble() < Math.pow(confidence[i], power);
        }
        return ConfidenceFit.fit(confidence, right);
    }
}
