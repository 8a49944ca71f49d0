/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowTimeouts;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssemblingOptionsTest {

    private static final long SECOND = 1_000_000;

    private static FlowAssembler.Options assembling(final String options) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            return context.getEndpoint(
                            "serveflow-pcap:x.pcap?observer=lab" + options, SensorEndpoint.class)
                    .assembling();
        }
    }

    @Test
    void shouldHaveTheDefaultsOfTheAssembler() throws Exception {
        assertThat(assembling("")).isEqualTo(FlowAssembler.Options.defaults("lab"));
    }

    @Test
    void shouldTakeTheTimeoutsAndTheSeed() throws Exception {
        assertThat(
                        assembling(
                                "&tcpNewTimeout=1s&tcpEstablishedTimeout=5m&tcpClosedTimeout=3000"
                                        + "&udpNewTimeout=4s&udpEstablishedTimeout=60s"
                                        + "&communityIdSeed=7"))
                .isEqualTo(
                        FlowAssembler.Options.defaults("lab")
                                .withTimeouts(
                                        new FlowTimeouts(
                                                SECOND,
                                                300 * SECOND,
                                                3 * SECOND,
                                                4 * SECOND,
                                                60 * SECOND))
                                .withCommunityIdSeed(7));
    }

    @Test
    void shouldNameAllOptionsThatAreWrongInTheirOwnUnits() {
        assertThatThrownBy(
                        () ->
                                assembling(
                                        "&wait=-5&depth=0&maxFlows=0&batchSize=0&format=csv"
                                                + "&tunnels=all,none&speed=fast"))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "serveflow-pcap://x.pcap: batchSize must be 1 to 65536, was 0; depth must"
                                + " be 1 to 20000, was 0; wait must be 1 to 60000, was -5; maxFlows"
                                + " must be 1 to 16777216, was 0; format must be auto or one of ")
                .hasMessageContaining("; tunnels must be ")
                .hasMessageEndingWith(
                        "; speed must be full, recorded or a factor of 0.001 to 1000000, was fast");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcpNewTimeout=0",
                "tcpEstablishedTimeout=86400001",
                "udpNewTimeout=-1",
                "communityIdSeed=65536"
            })
    void shouldNameAnOptionThatIsOutOfBounds(final String option) {
        assertThatThrownBy(() -> assembling("&" + option))
                .hasStackTraceContaining(option.split("=")[0] + " must be ");
    }
}
