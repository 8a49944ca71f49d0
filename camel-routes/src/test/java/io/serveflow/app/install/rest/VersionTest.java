/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

    @ParameterizedTest
    @CsvSource({
        "7.17.9, true",
        "8.9.2, true",
        "8.13.4, true",
        "8.14.0, false",
        "8.19.9, false",
        "9.0.1, false",
        "10.0.0-SNAPSHOT, false"
    })
    void shouldCompareWithTheOldest(final String text, final boolean before) {
        assertThat(Version.in(text).orElseThrow().isBefore(new Version(8, 14))).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "eight", "8.x", "99999.1"})
    void shouldSayThatThereIsNone(final String text) {
        assertThat(Version.in(text)).isEmpty();
    }
}
