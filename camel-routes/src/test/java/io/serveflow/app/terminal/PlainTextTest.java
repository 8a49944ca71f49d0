/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {

    @Test
    void shouldEscapeWhatATerminalWouldObey() {
        assertThat(PlainText.of("a\u001b[2Jb\nc\td\r\u0007\u009b31m\u007f\u2028\u202ee"))
                .isEqualTo("a\\u001b[2Jb\\nc\\td\\r\\u0007\\u009b31m\\u007f\\u2028\\u202ee");
    }

    @Test
    void shouldLeaveLettersOfAllLanguagesAlone() {
        assertThat(PlainText.of("Zürich 東京 \ud83d\ude00")).isEqualTo("Zürich 東京 \ud83d\ude00");
    }

    @Test
    void shouldKeepTheLinesOfItsOwnText() {
        assertThat(PlainText.lines("a\n\tb\u001b")).isEqualTo("a\n\tb\\u001b");
    }
}
