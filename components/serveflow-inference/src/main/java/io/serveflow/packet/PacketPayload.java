/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.packet;

import io.serveflow.flow.Packets;

/** What lies behind the TCP or UDP header of a packet. */
public final class PacketPayload {

    /** There is no transport header, or too little of it to say. */
    public static final int ABSENT = -1;

    private static final int UDP_HEADER_BYTES = 8;

    private PacketPayload() {}

    /** How many bytes of payload packet i had on the wire, or {@link #ABSENT}. */
    public static int lengthOnWire(final Packets packets, final int i) {
        return lengthOnWire(
                packets,
                i,
                TransportLocator.locate(packets.bytes(), packets.start(i), packets.end(i)));
    }

    /**
     * How many bytes of payload packet i had on the wire, or {@link #ABSENT}.
     *
     * @param located what {@link TransportLocator#locate} says of the packet
     */
    public static int lengthOnWire(final Packets packets, final int i, final long located) {
        final int start = start(packets, i, located);
        return start == ABSENT
                ? ABSENT
                : Math.max(0, packets.length(i) - (start - packets.start(i)));
    }

    /**
     * Index in {@link Packets#bytes()} of the first byte of payload of packet i, which may be
     * behind those that were kept, or {@link #ABSENT}.
     */
    public static int start(final Packets packets, final int i, final long located) {
        final int end = packets.end(i);
        final int header = TransportLocator.offset(located);
        if (header == TransportLocator.ABSENT) {
            return ABSENT;
        }
        return switch (TransportLocator.protocol(located)) {
            case TransportLocator.TCP ->
                    header + 12 < end
                            ? header + TransportLocator.tcpHeaderBytes(packets.bytes(), header, end)
                            : ABSENT;
            case TransportLocator.UDP -> header + UDP_HEADER_BYTES;
            default -> ABSENT;
        };
    }
}
