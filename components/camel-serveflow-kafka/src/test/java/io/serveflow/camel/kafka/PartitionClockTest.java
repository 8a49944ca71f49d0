/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When time passes for flows that wait for a record of their partition. */
class PartitionClockTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final PartitionClock clock = new PartitionClock(0);

    @Test
    void shouldGoOnWhenEverythingIsGivenOutThatWasThereAtTheLook() {
        clock.looked(100, SECOND);
        clock.given(99);
        assertThat(clock.nanos()).isZero();
        assertThat(clock.isBehind()).isTrue();

        clock.given(100);

        assertThat(clock.nanos()).isEqualTo(SECOND);
        assertThat(clock.isBehind()).isFalse();
    }

    @Test
    void shouldHaveTheTimeOfWhatIsGivenOutWhereTheEndIsFarAway() {
        for (int i = 1; i <= 10; i++) {
            clock.looked(100L * i, i * SECOND);
        }

        clock.given(450);

        assertThat(clock.nanos()).isEqualTo(4 * SECOND);
    }

    @Test
    void shouldGoOnWhereNothingIsWritten() {
        clock.given(7);
        for (int i = 1; i <= 3; i++) {
            clock.looked(7, i * SECOND);
            clock.given(7);
        }

        assertThat(clock.nanos()).isEqualTo(3 * SECOND);
    }

    @Test
    void shouldStandStillWhileNobodyCanLook() {
        clock.looked(7, SECOND);
        clock.looked(8, TimeUnit.HOURS.toNanos(1));
        clock.given(8);

        assertThat(clock.nanos()).isEqualTo(6 * SECOND);
    }

    @Test
    void shouldKeepABoundedNumberOfLooks() {
        final int looks = 5_000;
        for (int i = 1; i <= looks; i++) {
            clock.looked(i, i * SECOND);
        }
        clock.given(looks);

        assertThat(clock.nanos()).isEqualTo(1_024 * SECOND);
    }

    @Test
    void shouldGoOnByTheClockThatItIsLeftTo() {
        final AtomicLong process = new AtomicLong(50 * SECOND);
        clock.looked(7, SECOND);
        clock.given(7);

        clock.runBy(process::get);
        assertThat(clock.nanos()).isEqualTo(SECOND);
        process.addAndGet(2 * SECOND);

        assertThat(clock.nanos()).isEqualTo(3 * SECOND);
    }
}
