/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayPaceTest {

    private static final long SECOND = 1_000_000;
    private static final long START = 1_700_000_000 * SECOND;
    private static final long SECOND_NANOS = 1_000_000_000;

    @ParameterizedTest
    @CsvSource({"recorded, 2000000000", "10, 200000000", "0.5, 4000000000"})
    void shouldKeepTheDistanceOfPacketsAtTheSpeed(final String speed, final long nanos) {
        final ReplayPace pace = new ReplayPace(ReplaySpeed.parse(speed), 77);

        assertThat(pace.due(START)).isEqualTo(77);
        assertThat(pace.due(START + 2 * SECOND)).isEqualTo(77 + nanos);
    }

    @Test
    void shouldPutNoPacketOffForOneThatIsOutOfOrder() {
        final ReplayPace pace = new ReplayPace(ReplaySpeed.parse("recorded"), 0);
        pace.due(START);
        pace.due(START + 3 * SECOND);

        assertThat(pace.due(START + 2 * SECOND)).isEqualTo(3 * SECOND_NANOS);
        assertThat(pace.due(START + 4 * SECOND)).isEqualTo(4 * SECOND_NANOS);
    }

    @Test
    void shouldGoOnAfterALongStepBack() {
        final ReplayPace pace = new ReplayPace(ReplaySpeed.parse("recorded"), 0);
        pace.due(START);
        pace.due(START + 3 * SECOND);

        assertThat(pace.due(START - 86_400 * SECOND)).isEqualTo(3 * SECOND_NANOS);
        assertThat(pace.due(START - 86_399 * SECOND)).isEqualTo(4 * SECOND_NANOS);
    }

    @Test
    void shouldSayHowMuchOfTheCapturePasses() {
        assertThat(ReplaySpeed.parse("10").captureMicros(SECOND_NANOS)).isEqualTo(10 * SECOND);
        assertThat(ReplaySpeed.parse("full").isFull()).isTrue();
        assertThat(ReplaySpeed.parse("recorded").isFull()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "0", "-1", "1e9", "NaN", "Infinity", ""})
    void shouldRefuseWhatIsNoSpeed(final String speed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplaySpeed.parse(speed))
                .withMessage(
                        "speed must be full, recorded or a factor of 0.001 to 1000000, was "
                                + speed);
    }
}
