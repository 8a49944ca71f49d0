/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64TextTest {

    @Property
    void shouldDecodeWhatTheJdkEncodes(@ForAll final byte[] bytes) {
        final char[] text = ("-" + Base64.getEncoder().encodeToString(bytes) + "-").toCharArray();
        final byte[] to = new byte[1 + Base64Text.maxBytes(text.length)];
        final int decoded = Base64Text.decode(text, 1, text.length - 2, to, 1);
        assertThat(Arrays.copyOfRange(to, 1, 1 + decoded)).isEqualTo(bytes);
    }

    @Property
    void shouldDecodeUpToAQuoteWhatTheJdkEncodes(@ForAll final byte[] bytes) {
        final String text = Base64.getEncoder().encodeToString(bytes);
        final byte[] line = line('"' + text + "\"]}");
        final byte[] to = new byte[1 + Base64Text.maxBytes(line.length) + Base64Text.SLACK];
        final int decoded = Base64Text.decodeToQuote(line, 1, to, 1);
        assertThat(Arrays.copyOfRange(to, 1, 1 + decoded)).isEqualTo(bytes);
        assertThat(Base64Text.characters(decoded)).isEqualTo(text.length());
    }

    @Test
    void shouldRefuseATextWithoutQuote() {
        final String text = "AAAAAAAAAAAA";
        for (int end = 0; end <= text.length(); end++) {
            final byte[] line = line(text.substring(0, end));
            assertThat(Base64Text.decodeToQuote(line, 0, new byte[32], 0)).isEqualTo(-1);
        }
    }

    @Test
    void shouldRefuseAForeignByteAnywhere() {
        final String text = "A".repeat(40) + '"';
        for (int at = 0; at < text.length() - 1; at++) {
            final byte[] line = line(text);
            for (final int foreign : new int[] {0, '-', '\n', 0x7f, 0x80, 0xff}) {
                line[at] = (byte) foreign;
                assertThat(Base64Text.decodeToQuote(line, 0, new byte[64], 0)).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "AA",
                "AAA",
                "AAAAA",
                "====",
                "A===",
                "AA=A",
                "=AAA",
                "AAAA====",
                "AA==AAAA",
                "A-_A",
                "AA\u00e9A",
                "AAA ",
                "AB==",
                "AAB=",
                "AAAA\n",
            })
    void shouldRefuseWhatIsNotBase64(final String text) {
        assertThat(Base64Text.decode(text.toCharArray(), 0, text.length(), new byte[16], 0))
                .isEqualTo(-1);
        assertThat(Base64Text.decodeToQuote(line(text + "\"]}"), 0, new byte[32], 0)).isEqualTo(-1);
    }

    private static byte[] line(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + Base64Text.ZEROS_BEHIND);
    }
}
