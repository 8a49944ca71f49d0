/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsolePageTest {

    private final ConsolePage page = new ConsolePage();

    @Test
    void shouldBeOneSmallFile() {
        assertThat(page.html().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(30_000, 300_000);
        assertThat(page.html())
                .contains("<title>ServeFlow console</title>")
                .doesNotContain(
                        "<script></script>", "<style></style>", " src=", "style=\"", "onclick");
    }

    @Test
    void shouldLetABrowserRunNothingButItsOwnScriptAndStyle() {
        assertThat(page.policy())
                .matches(
                        "default-src 'none'; script-src 'sha256-[^' ]+'; style-src 'sha256-[^' ]+';"
                                + " connect-src 'self'; img-src data:; base-uri 'none'; form-action"
                                + " 'none'; frame-ancestors 'none'");
    }
}
