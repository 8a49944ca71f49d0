/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinePrefixTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00042{} | true",
                "0042{}  | false",
                "000042{ | false",
                "00a42{} | false",
                "00042   | false"
            })
    void shouldKnowALengthBeforeAnObject(final String line, final boolean known) {
        assertThat(isAt(LinePrefix.digits(5), line)).isEqualTo(known);
    }

    @Test
    void shouldKnowAText() {
        assertThat(isAt(LinePrefix.text("toy "), "toy 1 2")).isTrue();
        assertThat(isAt(LinePrefix.text("toy "), "toys 1 2")).isFalse();
        assertThat(isAt(LinePrefix.text("toy "), "toy")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{toy", "#toy", "1toy", "t\u00f6y"})
    void shouldRefuseWhatBeginsOtherLines(final String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinePrefix.text(text))
                .withMessageContaining("was '" + text + "'");
    }

    /** As bytes and as characters, with others around. */
    private static boolean isAt(final LinePrefix prefix, final String line) {
        final String around = "x" + line + "{}{}{}";
        final byte[] bytes = around.getBytes(StandardCharsets.US_ASCII);
        final boolean known = prefix.isAt(bytes, 1, 1 + line.length());
        assertThat(prefix.isAt(around.toCharArray(), 1, 1 + line.length())).isEqualTo(known);
        return known;
    }
}
