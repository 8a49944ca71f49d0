/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IdleStrategyTest {

    private final IdleStrategy backoff = IdleStrategy.backoff(250, 3_000, TimeUnit.MICROSECONDS);

    @Test
    void shouldWaitTwiceAsLongEachTime() {
        assertThat(backoff.nanos(1)).isEqualTo(250_000);
        assertThat(backoff.nanos(2)).isEqualTo(500_000);
        assertThat(backoff.nanos(4)).isEqualTo(2_000_000);
    }

    @Test
    void shouldNeverWaitLongerThanTheLongestWait() {
        assertThat(backoff.nanos(5)).isEqualTo(3_000_000);
        assertThat(backoff.nanos(64)).isEqualTo(3_000_000);
        assertThat(backoff.nanos(Integer.MAX_VALUE)).isEqualTo(3_000_000);
    }

    @Test
    void shouldNotOverflow() {
        final IdleStrategy endless = IdleStrategy.backoff(3, Long.MAX_VALUE, TimeUnit.NANOSECONDS);

        assertThat(endless.nanos(62)).isEqualTo(3L << 61);
        assertThat(endless.nanos(63)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRefuseALongestWaitThatIsShorterThanTheShortest() {
        assertThatThrownBy(() -> IdleStrategy.backoff(2, 1, TimeUnit.NANOSECONDS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 to 1 ns");
    }

    @Test
    void shouldNotWaitWhereTheTaskDoes() {
        assertThat(IdleStrategy.none().nanos(7)).isZero();
    }
}
