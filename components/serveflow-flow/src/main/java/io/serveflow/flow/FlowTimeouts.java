/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.ArrayList;
import java.util.List;

/**
 * How long a flow may be silent before it is forgotten, by protocol and state; the names and the
 * defaults are those of Suricata's {@code flow-timeouts}, but that its 30 s for UDP count in whole
 * seconds, so that what is broadcast every 30 s and a little is one flow.
 *
 * @param tcpNewMicros TCP before the handshake is complete
 * @param tcpEstablishedMicros TCP after that, until it is closed
 * @param tcpClosedMicros TCP after a reset, or a FIN from both sides
 * @param udpNewMicros UDP of which one side alone has been heard
 * @param udpEstablishedMicros UDP of which both sides have been heard
 */
public record FlowTimeouts(
        long tcpNewMicros,
        long tcpEstablishedMicros,
        long tcpClosedMicros,
        long udpNewMicros,
        long udpEstablishedMicros) {

    /** The longest that each may be: a day. */
    public static final long MAX_MICROS = 86_400_000_000L;

    /** TCP new 60 s, established 600 s, closed 60 s; UDP new 31 s, established 300 s. */
    public static final FlowTimeouts DEFAULT =
            new FlowTimeouts(60_000_000, 600_000_000, 60_000_000, 31_000_000, 300_000_000);

    public FlowTimeouts {
        final List<String> faults = new ArrayList<>();
        requireWithin(faults, "tcpNew", tcpNewMicros);
        requireWithin(faults, "tcpEstablished", tcpEstablishedMicros);
        requireWithin(faults, "tcpClosed", tcpClosedMicros);
        requireWithin(faults, "udpNew", udpNewMicros);
        requireWithin(faults, "udpEstablished", udpEstablishedMicros);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void requireWithin(
            final List<String> faults, final String timeout, final long micros) {
        if (micros < 1 || micros > MAX_MICROS) {
            faults.add(
                    "timeout "
                            + timeout
                            + " must be 1 to "
                            + MAX_MICROS
                            + " microseconds, was "
                            + micros);
        }
    }

    /** One for all protocols and states. */
    public static FlowTimeouts of(final long micros) {
        return new FlowTimeouts(micros, micros, micros, micros, micros);
    }

    /** These, but none shorter. */
    public FlowTimeouts atLeast(final long micros) {
        return new FlowTimeouts(
                Math.max(micros, tcpNewMicros),
                Math.max(micros, tcpEstablishedMicros),
                Math.max(micros, tcpClosedMicros),
                Math.max(micros, udpNewMicros),
                Math.max(micros, udpEstablishedMicros));
    }

    /**
     * These, but the longest of a protocol for all its states, for a sensor that says itself when a
     * flow is over.
     */
    public FlowTimeouts whateverTheState() {
        final long tcp = Math.max(tcpEstablishedMicros, Math.max(tcpNewMicros, tcpClosedMicros));
        final long udp = Math.max(udpEstablishedMicros, udpNewMicros);
        return new FlowTimeouts(tcp, tcp, tcp, udp, udp);
    }

    /** The timeout of a state. */
    long micros(final FlowState state) {
        return switch (state) {
            case TCP_NEW -> tcpNewMicros;
            case TCP_ESTABLISHED -> tcpEstablishedMicros;
            case TCP_CLOSED -> tcpClosedMicros;
            case UDP_NEW -> udpNewMicros;
            case UDP_ESTABLISHED -> udpEstablishedMicros;
        };
    }
}
