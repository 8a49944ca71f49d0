/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GainTest {

    private static final int FLOWS = 1_000;

    private final boolean[] right = new boolean[FLOWS];
    private final boolean[] other = new boolean[FLOWS];

    @Test
    void shouldBeTheDifferenceInAccuracy() {
        Arrays.fill(right, 0, 700, true);
        Arrays.fill(other, 0, 600, true);
        final Gain gain = Gain.of(right, other, groupsOf(1), 1);
        assertThat(gain.accuracy()).isCloseTo(0.1, within(1e-12));
        assertThat(gain.low()).isBetween(0.05, 0.1);
        assertThat(gain.high()).isBetween(0.1, 0.15);
    }

    @Test
    void shouldBeSurerOfManyGroupsThanOfFew() {
        final Random random = new Random(2);
        for (int i = 0; i < FLOWS; i++) {
            right[i] = i / 100 % 2 == 0;
            other[i] = random.nextBoolean();
        }
        final Gain many = Gain.of(right, other, groupsOf(1), 3);
        final Gain few = Gain.of(right, other, groupsOf(100), 3);
        assertThat(few.high() - few.low()).isGreaterThan(3 * (many.high() - many.low()));
    }

    @Test
    void shouldBeNoneBetweenEquals() {
        assertThat(Gain.of(right, other, groupsOf(5), 4)).isEqualTo(new Gain(0, 0, 0));
    }

    private static List<String> groupsOf(final int size) {
        return IntStream.range(0, FLOWS).mapToObj(i -> "group" + i / size).toList();
    }
}
