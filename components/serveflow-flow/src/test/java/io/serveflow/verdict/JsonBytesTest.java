/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBytesTest {

    private static final ObjectMapper JSON = new JsonMapper();

    private final Random random = new Random(5);

    @Test
    void shouldWriteStringsAsJacksonDoes() throws JsonProcessingException {
        for (int i = 0; i < 2_000; i++) {
            final StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.appendCodePoint(character());
            }
            assertThat(written(json -> json.text(text.toString())))
                    .isEqualTo(JSON.writeValueAsString(text.toString()));
        }
    }

    /** Of every length in UTF-8, and those that are escaped; no half of a pair. */
    private int character() {
        final int point =
                switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(0x80);
                    case 1 -> random.nextInt(0x800);
                    case 2 -> random.nextInt(0x10000);
                    default -> random.nextInt(Character.MAX_CODE_POINT + 1);
                };
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 'x' : point;
    }

    @Test
    void shouldReplaceHalfACharacter() {
        assertThat(written(json -> json.text("a\ud800b\udc00"))).isEqualTo("\"a\ufffdb\ufffd\"");
    }

    @Test
    void shouldWriteTimesAsInstantsAre() {
        final long end = micros("9999-12-31T23:59:59.999999Z");
        final long start = micros("0000-01-01T00:00:00Z");
        for (int i = 0; i < 5_000; i++) {
            final long micros = random.nextLong(start, end + 1);
            final long rounded =
                    switch (i % 3) {
                        case 0 -> micros;
                        case 1 -> micros / 1_000 * 1_000;
                        default -> micros / 1_000_000 * 1_000_000;
                    };
            assertTime(rounded);
        }
        assertTime(start);
        assertTime(end);
        assertTime(start - 1);
        assertTime(end + 1);
        assertTime(micros("2000-02-29T12:00:00Z"));
        assertTime(micros("1900-03-01T00:00:00Z"));
    }

    private static long micros(final String time) {
        final Instant instant = Instant.parse(time);
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private static void assertTime(final long micros) {
        assertThat(written(json -> json.time(micros)))
                .isEqualTo('"' + Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString() + '"');
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1, 1.0",
        "0.5, 0.5",
        "0.1234565, 0.123457",
        "0.0000004, 0.0",
        "0.000001, 0.000001",
        "12.25, 12.25",
        "-0.25, -0.25",
        "-3, -3.0",
        "NaN, null",
        "Infinity, null"
    })
    void shouldRoundToSixDecimals(final double value, final String text) {
        assertThat(written(json -> json.millionths(value))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1500, 1.5",
        "1512, 1.512",
        "1, 0.001",
        "-250, -0.25",
        "90000000, 90000.0"
    })
    void shouldWriteMicrosecondsAsMilliseconds(final long micros, final String text) {
        assertThat(written(json -> json.millis(micros))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0", "9", "10", "65535", "-1", "9223372036854775807", "-9223372036854775808"})
    void shouldWriteIntegers(final long value) {
        assertThat(written(json -> json.integer(value))).isEqualTo(Long.toString(value));
    }

    @Test
    void shouldGrow() {
        final JsonBytes json = new JsonBytes(1);
        for (int i = 0; i < 100; i++) {
            json.text("x".repeat(i));
        }
        assertThat(json.length()).isEqualTo(100 * 2 + 99 * 100 / 2);
    }

    private static String written(final Consumer<JsonBytes> what) {
        final JsonBytes json = new JsonBytes(1);
        what.accept(json);
        return new String(json.copy(), StandardCharsets.UTF_8);
    }
}
