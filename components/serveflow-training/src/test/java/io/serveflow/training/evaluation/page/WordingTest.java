/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {

    @ParameterizedTest
    @CsvSource({"0.0123,0.012", "0.123,0.12", "6.681,6.68", "55.94,55.9", "129.4,129"})
    void shouldWriteAboutThreeDigits(final double value, final String written) {
        assertThat(Wording.digits(value)).isEqualTo(written);
    }

    @Test
    void shouldPartThousands() {
        assertThat(Wording.digits(10_001.5)).isEqualTo("10,002");
        assertThat(Wording.count(1408)).isEqualTo("1,408");
    }

    @Test
    void shouldSignADifferenceUnlessItRoundsToNothing() {
        assertThat(Wording.difference(0.0137)).isEqualTo("+0.014");
        assertThat(Wording.difference(-0.339)).isEqualTo("−0.339");
        assertThat(Wording.difference(-0.0004)).isEqualTo("±0.000");
    }

    @Test
    void shouldCutALongList() {
        assertThat(Wording.list(List.of("a", "b", "c"))).isEqualTo("a, b and c");
        assertThat(Wording.list(List.of("a", "b", "c", "d"), 2)).isEqualTo("a, b and 2 more");
    }
}
