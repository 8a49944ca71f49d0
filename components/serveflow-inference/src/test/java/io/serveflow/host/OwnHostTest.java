/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnHostTest {

    @ParameterizedTest
    @CsvSource({
        // a private host and a server, whoever was seen first
        "TCP, 10.0.0.7, 50000, 203.0.113.9, 443, 10.0.0.7",
        "TCP, 203.0.113.9, 7533, 10.0.0.7, 10714, 10.0.0.7",
        "UDP, 2001:db8::1, 53, fd00::7, 5353, fd00::7",
        "UDP, 172.31.0.7, 123, 172.32.0.1, 123, 172.31.0.7",
        "UDP, 198.51.100.1, 40000, 100.64.0.7, 40000, 100.64.0.7",
        // two alike: the client
        "TCP, 10.0.0.7, 50000, 192.168.1.1, 80, 10.0.0.7",
        "TCP, 192.168.1.1, 80, 10.0.0.7, 50000, 10.0.0.7",
        "TCP, 198.51.100.1, 50000, 203.0.113.9, 443, 198.51.100.1",
        "TCP, 2001:db8::1, 50000, 2001:db8::2, 50001, 2001:db8::1",
        // the answer to a host without an address
        "UDP, 10.0.0.1, 67, 10.0.0.7, 68, 10.0.0.7",
        "UDP, fe80::1, 547, fe80::7, 546, fe80::7",
        // groups, broadcast and no address at all
        "UDP, 10.0.0.7, 5353, 224.0.0.251, 5353, 10.0.0.7",
        "UDP, 198.51.100.7, 137, 255.255.255.255, 137, 198.51.100.7",
        "UDP, fe80::7, 5353, ff02::fb, 5353, fe80::7",
        "UDP, 0.0.0.0, 5353, 10.0.0.7, 53, 10.0.0.7",
        "UDP, ::ffff:10.0.0.7, 5000, ::ffff:203.0.113.9, 53, ::ffff:10.0.0.7",
    })
    void shouldNameTheEndThatAFlowSaysSomethingOf(
            final Transport transport,
            final String originator,
            final int originatorPort,
            final String responder,
            final int responderPort,
            final String host) {
        assertThat(
                        OwnHost.of(
                                new FlowTuple(
                                        transport,
                                        originator,
                                        originatorPort,
                                        responder,
                                        responderPort)))
                .contains(host);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 255.255.255.255",
        "::, ff02::1:2",
        "0.0.0.0, 224.0.0.1",
        "somewhere, else",
    })
    void shouldNameNoneWhereNoEndIsAHost(final String originator, final String responder) {
        assertThat(OwnHost.of(new FlowTuple(Transport.UDP, originator, 68, responder, 67)))
                .isEmpty();
    }
}
