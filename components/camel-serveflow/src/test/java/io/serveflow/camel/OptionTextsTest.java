/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;

/** Options that are no numbers, as an integrator writes them. */
class OptionTextsTest {

    @Test
    void shouldNameAllOptionsOfAnEndpointThatAreNoNumbers() throws Exception {
        final CamelContext context = new DefaultCamelContext();
        assertThatThrownBy(
                        () -> context.getEndpoint("serveflow-join:slow?maxFlows=abc&maxWait=soon"))
                .rootCause()
                .hasMessageContaining("option maxFlows must be a whole number")
                .hasMessageContaining("was 'abc'")
                .hasMessageContaining("option maxWait must be a time")
                .hasMessageContaining("was 'soon'");
        context.stop();
    }

    @Test
    void shouldNameAnOptionOfTheComponentThatIsNeitherTrueNorFalse() throws Exception {
        final Main main = new Main();
        main.addInitialProperty("camel.component.serveflow.failOnError", "ja");

        assertThatThrownBy(main::start)
                .rootCause()
                .hasMessage("serveflow: option failOnError must be true or false, was 'ja'");
        main.stop();
    }
}
