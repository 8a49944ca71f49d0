/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensorTimeTest {

    @ParameterizedTest
    @CsvSource({
        "1484319032.865799, 1484319032865799",
        "1700000000.0, 1700000000000000",
        "1700000000, 1700000000000000",
        "1.7e9, 1700000000000000",
        "2017-01-13T14:50:32.865799Z, 1484319032865799",
        "2017-01-13T14:50:32.865799+0000, 1484319032865799",
        "2017-01-13T15:50:32.865799+01:00, 1484319032865799",
        "2017-01-13T09:20:32.865799-0530, 1484319032865799",
        "2017-01-13T15:50:32+01, 1484319032000000",
        "2017-01-13T14:50:32.8Z, 1484319032800000",
        "2017-01-13T14:50:32.8657994Z, 1484319032865799",
        "2017-01-13T14:50:32.8657995Z, 1484319032865800",
        "0.0, 0",
    })
    void shouldReadMomentsExactly(final String text, final long micros) {
        assertThat(epochMicros(text)).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".5",
                "5.",
                "1e",
                "1e+",
                "1x",
                "1.5.5",
                "0x10",
                "NaN",
                " 1",
                "-1.0",
                "1e400",
                "999999999999999999999",
                "2017-01-13T14:50:32",
                "2017-01-13T14:50:32.865799",
                "2017-02-30T14:50:32Z",
                "2017-01-13T25:50:32Z",
                "2017-01-13T14:50:32.Z",
                "2017-01-13T14:50:32+1",
                "2017-01-13T14:50:32+9999",
                "2017/01/13 14:50:32Z",
                "2o17-01-13T14:50:32Z",
            })
    void shouldRefuseWhatIsNoMoment(final String text) {
        assertThatThrownBy(() -> epochMicros(text)).isInstanceOf(NumberFormatException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0024428367614746094, 2443",
        "2.1457672119140625e-06, 2",
        "-0.000001, -1",
        "0.0000005, 1",
        "0.00000049999999999999999999, 0",
        "1e-300, 0",
        "12.3456789012345678901234567890, 12345679",
    })
    void shouldRoundIntervalsToMicroseconds(final String text, final long micros) {
        assertThat(micros(text)).isEqualTo(micros);
    }

    @Property
    void shouldRoundAsBigDecimalDoes(
            @ForAll @BigRange(min = "0", max = "99999999999") @Scale(16) final BigDecimal seconds) {
        assertThat(micros(seconds.toPlainString()))
                .isEqualTo(
                        seconds.movePointRight(6)
                                .setScale(0, RoundingMode.HALF_UP)
                                .longValueExact());
    }

    @Property
    void shouldReadWhatItWrites(
            @ForAll @LongRange(min = -1_000_000_000_000_000L, max = 253_402_300_799_999_999L)
                    final long micros) {
        final StringBuilder text = new StringBuilder();
        SensorTime.appendSeconds(text, micros);
        assertThat(text).matches("-?[0-9]+\\.[0-9]{6}");
        assertThat(micros(text.toString())).isEqualTo(micros);
    }

    /** Reads out of the middle of a longer text, as a parser's buffer is. */
    private static long epochMicros(final String text) {
        return SensorTime.epochMicros(("9" + text + "9").toCharArray(), 1, text.length());
    }

    private static long micros(final String text) {
        return SensorTime.micros(("9" + text + "9").toCharArray(), 1, text.length());
    }
}
