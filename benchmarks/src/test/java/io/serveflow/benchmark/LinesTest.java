/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void shouldRepeatTheLinesAsAWhole() {
        final Lines lines = Lines.of(List.of("{}", "{\"a\":1}"), 30);
        assertThat(lines.distinct()).isEqualTo(2);
        assertThat(lines.count()).isEqualTo(6);
        assertThat(lines.size()).isEqualTo(3 * 9);
        final int last = lines.count() - 1;
        assertThat(
                        new String(
                                lines.bytes(),
                                lines.starts()[last],
                                lines.ends()[last] - lines.starts()[last],
                                StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void shouldRefuseToMeasureWithoutLines() {
        assertThatThrownBy(() -> Lines.of(List.of(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no line");
    }
}
