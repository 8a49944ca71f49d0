/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/**
 * Which packets of a flow's originator may carry a part of its hello of TLS, DTLS or QUIC, by how
 * their payload begins.
 *
 * <p>A hello of today fills one or two packets; of the most that it may fill, {@value
 * #MOST_PACKETS} are kept. What else a flow carries costs a look at one byte a packet.
 */
final class HelloPackets {

    /** Bytes kept of such a packet: a full one of networks without jumbo frames. */
    static final int MOST_BYTES = 1_600;

    private static final int MOST_PACKETS = 4;

    private static final int TCP_HEADER_BYTES = 20;
    private static final int UDP_HEADER_BYTES = 8;

    private static final int HANDSHAKE_RECORD = 0x16;
    private static final int TLS_MAJOR = 0x03;
    private static final int DTLS_MAJOR = 0xfe;

    /**
     * Long header and fixed bit of QUIC (RFC 9000, 17.2); Google's Q043 to Q046 are let through.
     */
    private static final int QUIC_LONG = 0xc0;

    /** A datagram with an Initial of a client has at least 1,200 bytes. */
    private static final int LEAST_INITIAL_BYTES = 1_000;

    private int found;

    /**
     * Whether the packet may carry a part of a hello; asked once for each packet of the originator,
     * in their order.
     */
    boolean mayCarryOne(final IpHeaders headers) {
        if (found == MOST_PACKETS) {
            return false;
        }
        final boolean tcp = headers.transport() == Transport.TCP;
        final byte[] bytes = headers.packet();
        final int end = headers.ipOffset() + headers.captured();
        final int header = headers.transportOffset();
        if (end - header < (tcp ? TCP_HEADER_BYTES : UDP_HEADER_BYTES) + 2) {
            return false;
        }
        final int payload =
                header + (tcp ? (bytes[header + 12] >>> 4 & 0x0f) * 4 : UDP_HEADER_BYTES);
        if (payload + 1 >= end) {
            return false;
        }
        final int first = bytes[payload] & 0xff;
        final int second = bytes[payload + 1] & 0xff;
        final boolean may =
                tcp
                        ? found > 0 || first == HANDSHAKE_RECORD && second == TLS_MAJOR
                        : first == HANDSHAKE_RECORD && second == DTLS_MAJOR
                                || (first & QUIC_LONG) == QUIC_LONG
                                        && headers.ipLength() >= LEAST_INITIAL_BYTES;
        found += may ? 1 : 0;
        return may;
    }
}
