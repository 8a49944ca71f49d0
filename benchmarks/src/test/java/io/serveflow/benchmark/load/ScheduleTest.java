/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.benchmark.load.Schedule.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final long SECOND = 1_000_000_000;

    private final Schedule schedule =
            new Schedule(List.of(new Phase(1_000, 2), new Phase(4_000, 1)));

    @Test
    void shouldBeginFlowsAtTheRateOfTheirPhase() {
        assertThat(schedule.flows()).isEqualTo(6_000);
        assertThat(schedule.nanos(0)).isZero();
        assertThat(schedule.nanos(1_000)).isEqualTo(SECOND);
        assertThat(schedule.nanos(2_000)).isEqualTo(2 * SECOND);
        assertThat(schedule.nanos(4_000)).isEqualTo(2 * SECOND + SECOND / 2);
        assertThat(schedule.endNanos()).isEqualTo(3 * SECOND);
    }

    @Test
    void shouldCountAFlowFromItsTimeOn() {
        for (long flow = 0; flow < schedule.flows(); flow += 7) {
            final long nanos = schedule.nanos(flow);
            assertThat(schedule.begun(nanos + 1_000)).isGreaterThan(flow);
            assertThat(schedule.begun(nanos - 1_000)).isLessThanOrEqualTo(flow);
        }
        assertThat(schedule.begun(10 * SECOND)).isEqualTo(6_000);
    }

    @Test
    void shouldKnowThePhaseOfAFlow() {
        assertThat(schedule.phase(1_999)).isZero();
        assertThat(schedule.phase(2_000)).isEqualTo(1);
        assertThat(schedule.beginNanos(1)).isEqualTo(2 * SECOND);
    }
}
