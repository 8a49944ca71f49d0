/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionFaultsTest {

    private final OptionFaults faults = new OptionFaults();

    @Test
    void shouldReportAllFaultsTogether() {
        faults.range("size", 0, 1, 9);
        faults.range("pause", -1, 0, Long.MAX_VALUE);
        faults.required("name", " ");
        faults.oneOf("start", "now", "beginning", "end");
        faults.reading(
                () -> {
                    throw new IllegalArgumentException("speed must be full, was slow");
                });

        assertThatThrownBy(() -> faults.check("x:y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "x:y: size must be 1 to 9, was 0; pause must be 0 or more, was -1; name"
                                + " must not be empty; start must be beginning or end, was 'now';"
                                + " speed must be full, was slow");
    }

    @Test
    void shouldReportNothingWhereNothingIsWrong() {
        faults.range("size", 9, 1, 9);
        faults.required("name", "x");
        faults.oneOf("start", "end", "beginning", "end");
        faults.reading(() -> {});

        assertThat(faults.clauses()).isEmpty();
        assertThatCode(() -> faults.check("x:y")).doesNotThrowAnyException();
    }
}
