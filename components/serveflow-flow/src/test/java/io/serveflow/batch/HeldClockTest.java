/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeldClockTest {

    private final AtomicLong time = new AtomicLong(100);
    private final HeldClock clock = new HeldClock(time::get);

    @Test
    void shouldGoOnAsTimePasses() {
        time.addAndGet(7);

        assertThat(clock.nanos()).isEqualTo(107);
    }

    @Test
    void shouldStandWhileTheReaderWaits() {
        clock.hold();
        time.addAndGet(50);
        clock.hold();
        time.addAndGet(50);

        assertThat(clock.nanos()).isEqualTo(100);
    }

    @Test
    void shouldGoOnWhereItStood() {
        clock.hold();
        time.addAndGet(50);
        clock.goOn();
        time.addAndGet(3);
        clock.goOn();

        assertThat(clock.nanos()).isEqualTo(103);
    }
}
