/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchTimesTest {

    private final BatchTimes times = new BatchTimes(0.8);

    @Test
    void shouldExpectNothingAtFirst() {
        assertThat(times.of(100)).isZero();
    }

    @Test
    void shouldPartTheTimeOfABatchFromThatOfItsFlows() {
        for (final int size : new int[] {10, 200, 40, 1_000, 5}) {
            times.add(size, 0.02 + 0.001 * size);
        }

        assertThat(times.perBatch()).isCloseTo(0.02, within(1e-6));
        assertThat(times.perFlow()).isCloseTo(0.001, within(1e-6));
        assertThat(times.of(3_000, 1_000)).isCloseTo(3 * 1.02, within(1e-3));
    }

    @Test
    void shouldKnowTheTimeOfSmallBatchesOfAFixedCostWhenManyFlowsCome() {
        IntStream.range(0, 100).forEach(i -> times.add(1, 0.05));

        assertThat(times.of(1_000, 2_000)).isCloseTo(0.025, within(1e-6));
    }

    @Test
    void shouldSeeATierThatHasBecomeTenTimesSlower() {
        IntStream.range(0, 100).forEach(i -> times.add(10 + i % 5, 0.0001 * (10 + i % 5)));
        for (final int size : new int[] {12, 100, 800}) {
            times.add(size, 0.001 * size);
        }

        assertThat(times.of(1_000, 2_000)).isCloseTo(1, within(0.05));
    }

    @Test
    void shouldSeeAtOnceThatBatchesOfTheSameSizeTakeFiveTimesAsLong() {
        IntStream.range(0, 100)
                .map(i -> 900 + i % 5 * 100)
                .forEach(size -> times.add(size, 0.001 * size));
        times.add(1_100, 5.5);

        assertThat(times.of(1_000)).isCloseTo(5, within(0.1));
    }

    @Test
    void shouldSeeAtOnceThatATierHasBecomeFaster() {
        for (final int size : new int[] {10, 200, 40, 1_000}) {
            times.add(size, 0.01 * size);
        }
        times.add(1_000, 0.1);

        assertThat(times.of(1_000)).isLessThan(0.25);
    }
}
