/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void shouldDoubleUpToTheLongestWait() {
        final Backoff backoff = new Backoff(100, 1_000, () -> 1.0);

        assertThat(IntStream.rangeClosed(1, 6).mapToLong(backoff::delayMillis))
                .containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L);
    }

    @Test
    void shouldLeaveHalfOfTheWaitToChance() {
        assertThat(new Backoff(100, 1_000, () -> 0.0).delayMillis(2)).isEqualTo(100);
        assertThat(new Backoff(100, 1_000, () -> 0.5).delayMillis(2)).isEqualTo(150);
    }

    @Test
    void shouldStayAtTheLongestWaitHoweverManyFailures() {
        assertThat(new Backoff(1, 600_000, () -> 1.0).delayMillis(Integer.MAX_VALUE))
                .isEqualTo(600_000);
    }

    @Test
    void shouldWaitBetweenHalfAndAllOfTheTimeByItself() {
        final Backoff backoff = Backoff.of(100, 1_000);

        assertThat(IntStream.range(0, 1_000).mapToLong(i -> backoff.delayMillis(2)))
                .allMatch(delay -> delay >= 100 && delay <= 200)
                .anyMatch(delay -> delay != backoff.delayMillis(2));
    }

    @Test
    void shouldRefuseALongestWaitBelowTheShortest() {
        assertThatThrownBy(() -> new Backoff(10, 9, () -> 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10 to 9 ms");
    }
}
