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
                .hasMessageContaining("maxFlows must be a whole number")
                .hasMessageContaining("was 'abc'")
                .hasMessageContaining("maxWait must be a time")
                .hasMessageContaining("was 'soon'");
        context.stop();
    }

    @Test
    void shouldNameAllBoundsOfAJoinThatAreWrongInTheirOwnUnits() throws Exception {
        final CamelContext context = new DefaultCamelContext();
        assertThatThrownBy(
                        () ->
                                context.getEndpoint(
                                        "serveflow-join:slow?maxWait=-5&maxFlows=0&batchSize=0"
                                                + "&redeliveryDelay=0"))
                .rootCause()
                .hasMessage(
                        "serveflow-join:slow: maxFlows must be 1 or more, was 0; maxWait must be 1"
                                + " or more, was -5; batchSize must be 1 or more, was 0;"
                                + " redeliveryDelay must be 1 or more, was 0");
        context.stop();
    }

    @Test
    void shouldNameAnOptionOfTheComponentThatIsNeitherTrueNorFalse() throws Exception {
        final Main main = new Main();
        main.addInitialProperty("camel.component.serveflow.failOnError", "ja");

        assertThatThrownBy(main::start)
                .rootCause()
                .hasMessage("serveflow: failOnError must be true or false, was 'ja'");
        main.stop();
    }
}
