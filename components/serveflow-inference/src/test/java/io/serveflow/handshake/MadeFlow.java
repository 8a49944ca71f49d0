/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestPackets.udp;

import io.serveflow.flow.Packets;
import io.serveflow.flow.TestPackets;
import java.util.Arrays;

/** A flow made packet by packet, as a sensor would keep it. */
final class MadeFlow {

    static final int SYN = 2;
    static final int ACK = 0x10;

    private static final String CLIENT = "10.0.0.5";
    private static final String SERVER = "203.0.113.9";

    private final Packets.Builder packets = new Packets.Builder();
    private final int clientPort;
    private final int serverPort;
    private int snap = Integer.MAX_VALUE;

    /** One to this port of the responder. */
    MadeFlow(final int serverPort) {
        this(40_001, serverPort);
    }

    MadeFlow(final int clientPort, final int serverPort) {
        this.clientPort = clientPort;
        this.serverPort = serverPort;
    }

    /** Keeps at most this many bytes of each packet from now on. */
    MadeFlow snap(final int bytes) {
        snap = bytes;
        return this;
    }

    MadeFlow syn(final boolean originator, final int sequence) {
        return add(originator, TestPackets.TCP, segment(originator, sequence, SYN, new byte[0]));
    }

    MadeFlow segment(final boolean originator, final int sequence, final byte[] payload) {
        return add(originator, TestPackets.TCP, segment(originator, sequence, ACK, payload));
    }

    /** The bytes from one index to before another one of a stream that begins at 1,000. */
    MadeFlow part(final byte[] stream, final int from, final int to) {
        return segment(true, 1_000 + from, Arrays.copyOfRange(stream, from, to));
    }

    MadeFlow datagram(final boolean originator, final byte[] payload) {
        return add(
                originator,
                TestPackets.UDP,
                udp(
                        originator ? clientPort : serverPort,
                        originator ? serverPort : clientPort,
                        payload));
    }

    private byte[] segment(
            final boolean originator, final int sequence, final int flags, final byte[] payload) {
        return tcp(
                originator ? clientPort : serverPort,
                originator ? serverPort : clientPort,
                sequence,
                0,
                flags,
                payload);
    }

    private MadeFlow add(final boolean originator, final int protocol, final byte[] transport) {
        final byte[] packet =
                ipv4(
                        protocol,
                        originator ? CLIENT : SERVER,
                        originator ? SERVER : CLIENT,
                        transport);
        packets.add(
                1_000L * packets.count(),
                originator,
                packet.length,
                packet,
                0,
                Math.min(snap, packet.length));
        return this;
    }

    Packets packets() {
        return packets.build();
    }
}
