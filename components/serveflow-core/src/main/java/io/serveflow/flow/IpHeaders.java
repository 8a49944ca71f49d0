/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/**
 * A reusable view over the IP and the TCP or UDP header of one packet, which allocates nothing.
 *
 * <p>Tunnels are opened: IP in IP (protocol 4), IPv6 in IP (41) and GTP-U (UDP port 2152) lead to
 * the packet inside, and the view is of that one, from its IP header on. IPv6 extension headers
 * (RFC 8200, and AH of RFC 4302) are passed over. Everything is bounds-checked: what is cut short
 * or contradicts itself is {@link Finding#MALFORMED}, never an exception.
 *
 * <p>The accessors are those of the latest {@link #read}, and mean something only after it found
 * {@link Finding#TCP} or {@link Finding#UDP}. Not safe for use by more than one thread.
 */
public final class IpHeaders {

    /** What a packet turned out to be. */
    public enum Finding {
        TCP("tcp"),
        UDP("udp"),
        /** An IP packet of another protocol. */
        OTHER_TRANSPORT("other_transport"),
        /** A fragment other than the first: it has no ports. */
        LATER_FRAGMENT("later_fragment"),
        /** No IP packet, or one that ends within its headers. */
        MALFORMED("malformed");

        private final String id;

        Finding(final String id) {
            this.id = id;
        }

        /** The word it is counted under. */
        public String id() {
            return id;
        }

        /** Whether the packet belongs to a flow, that is, has ports. */
        public boolean hasPorts() {
            return this == TCP || this == UDP;
        }
    }

    // TCP flags, RFC 9293
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int ACK = 0x10;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    /** Behind the length fields of either version. */
    private static final int LENGTHS_END = 6;

    private static final int MAX_EXTENSIONS = 8;
    private static final int MAX_TUNNELS = 3;
    private static final int MAX_GTP_TUNNELS = 2;

    private static final int PROTOCOL_HOP_BY_HOP = 0;
    private static final int PROTOCOL_IPV4 = 4;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_IPV6 = 41;
    private static final int PROTOCOL_ROUTING = 43;
    private static final int PROTOCOL_FRAGMENT = 44;
    private static final int PROTOCOL_AH = 51;
    private static final int PROTOCOL_DESTINATION_OPTIONS = 60;

    private static final int TCP_FLAGS = 13;
    private static final int UDP_HEADER = 8;
    private static final int GTP_PORT = 2152;
    private static final int GTP_HEADER = 8;
    private static final int GTP_USER_DATA = 255;

    private byte[] bytes = {};
    private int packetEnd;
    private int packetWireEnd;

    private Transport transport = Transport.UDP;
    private boolean ipv6;
    private int ipOffset;
    private int ipLength;
    private int transportOffset;
    private int sourcePort;
    private int destinationPort;
    private int tcpFlags;

    /**
     * Reads the headers of a packet.
     *
     * @param packet where the packet is; the view keeps it until the next call
     * @param offset index of the IP header
     * @param captured how many bytes of the packet are there
     * @param wireLength how many it had, from the IP header on; used where the header does not say
     */
    public Finding read(
            final byte[] packet, final int offset, final int captured, final int wireLength) {
        bytes = packet;
        packetEnd = offset + captured;
        packetWireEnd = offset + Math.max(captured, wireLength);
        return readIp(offset, packetEnd, 0);
    }

    /**
     * The length of a packet without the padding of a short Ethernet frame behind it: that of its
     * IP header, where the header gives a smaller one than was seen on the wire.
     *
     * @param packet where the packet is
     * @param offset index of the IP header
     * @param captured how many bytes of the packet are there
     * @param wireLength how many it had, from the IP header on
     */
    public static int lengthWithoutPadding(
            final byte[] packet, final int offset, final int captured, final int wireLength) {
        if (captured < LENGTHS_END) {
            return wireLength;
        }
        final int said; // 0 where it does not say, as with segmentation offload or jumbograms
        switch (packet[offset] >>> 4 & 0x0f) {
            case 4 -> {
                final int header = (packet[offset] & 0x0f) << 2;
                final int total = u16(packet, offset + 2);
                said = header >= IPV4_HEADER && total >= header ? total : 0;
            }
            case 6 -> {
                final int payload = u16(packet, offset + 4);
                said = payload == 0 ? 0 : IPV6_HEADER + payload;
            }
            default -> said = 0;
        }
        return said == 0 ? wireLength : Math.min(said, wireLength);
    }

    /** Whether the IP header is of version 6. */
    public boolean ipv6() {
        return ipv6;
    }

    /** Index of the IP header, the innermost one. */
    public int ipOffset() {
        return ipOffset;
    }

    /**
     * Length of the IP packet in bytes as its header says, or as it was on the wire where the
     * header says 0 (segmentation offload, jumbograms).
     */
    public int ipLength() {
        return ipLength;
    }

    /** How many bytes of the IP packet were captured, at most {@link #ipLength()}. */
    public int captured() {
        return Math.min(ipLength, packetEnd - ipOffset);
    }

    /** Length of an address: 4 or 16 bytes. */
    public int addressLength() {
        return ipv6 ? 16 : 4;
    }

    /** Index of the source address. */
    public int sourceOffset() {
        return ipOffset + (ipv6 ? 8 : 12);
    }

    /** Index of the destination address. */
    public int destinationOffset() {
        return sourceOffset() + addressLength();
    }

    /** {@link Transport#TCP} or {@link Transport#UDP}. */
    public Transport transport() {
        return transport;
    }

    /** Index of the TCP or UDP header. */
    public int transportOffset() {
        return transportOffset;
    }

    public int sourcePort() {
        return sourcePort;
    }

    public int destinationPort() {
        return destinationPort;
    }

    /** The TCP flags {@link #FIN} to CWR; 0 for UDP. */
    public int tcpFlags() {
        return tcpFlags;
    }

    private Finding readIp(final int at, final int end, final int tunnels) {
        if (end - at < IPV4_HEADER) {
            return Finding.MALFORMED;
        }
        return switch (bytes[at] >>> 4 & 0x0f) {
            case 4 -> readIpv4(at, end, tunnels);
            case 6 -> readIpv6(at, end, tunnels);
            default -> Finding.MALFORMED;
        };
    }

    private Finding readIpv4(final int at, final int end, final int tunnels) {
        final int header = (bytes[at] & 0x0f) << 2;
        final int total = u16(at + 2);
        final int length = total == 0 ? packetWireEnd - at : total;
        if (header < IPV4_HEADER || length < header) {
            return Finding.MALFORMED;
        }
        if ((u16(at + 6) & 0x1fff) != 0) {
            return Finding.LATER_FRAGMENT;
        }
        final int protocol = u8(at + 9);
        final int ipEnd = Math.min(end, at + length);
        return readTransport(protocol, at, length, at + header, ipEnd, tunnels);
    }

    private Finding readIpv6(final int at, final int end, final int tunnels) {
        if (end - at < IPV6_HEADER) {
            return Finding.MALFORMED;
        }
        final int payload = u16(at + 4);
        final int length = payload == 0 ? packetWireEnd - at : payload + IPV6_HEADER;
        final int ipEnd = Math.min(end, at + length);
        int protocol = u8(at + 6);
        int next = at + IPV6_HEADER;
        for (int i = 0; isExtension(protocol); i++) {
            if (i == MAX_EXTENSIONS || ipEnd - next < 8) {
                return Finding.MALFORMED;
            }
            if (protocol == PROTOCOL_FRAGMENT && (u16(next + 2) & 0xfff8) != 0) {
                return Finding.LATER_FRAGMENT;
            }
            final int extension =
                    switch (protocol) {
                        case PROTOCOL_FRAGMENT -> 8;
                        case PROTOCOL_AH -> (u8(next + 1) + 2) << 2;
                        default -> (u8(next + 1) + 1) << 3;
                    };
            protocol = u8(next);
            next += extension;
        }
        return readTransport(protocol, at, length, next, ipEnd, tunnels);
    }

    private static boolean isExtension(final int protocol) {
        return switch (protocol) {
            case PROTOCOL_HOP_BY_HOP,
                    PROTOCOL_ROUTING,
                    PROTOCOL_FRAGMENT,
                    PROTOCOL_AH,
                    PROTOCOL_DESTINATION_OPTIONS ->
                    true;
            default -> false;
        };
    }

    private Finding readTransport(
            final int protocol,
            final int ip,
            final int length,
            final int at,
            final int end,
            final int tunnels) {
        switch (protocol) {
            case PROTOCOL_TCP -> {
                if (end - at <= TCP_FLAGS) {
                    return Finding.MALFORMED;
                }
                accept(Transport.TCP, ip, length, at);
                tcpFlags = u8(at + TCP_FLAGS);
                return Finding.TCP;
            }
            case PROTOCOL_UDP -> {
                if (end - at < UDP_HEADER) {
                    return Finding.MALFORMED;
                }
                if (tunnels < MAX_GTP_TUNNELS && (u16(at) == GTP_PORT || u16(at + 2) == GTP_PORT)) {
                    final int inner = insideGtp(at + UDP_HEADER, end);
                    if (inner > 0) {
                        final Finding finding = readIp(inner, end, tunnels + 1);
                        if (finding.hasPorts()) {
                            return finding;
                        }
                    }
                }
                accept(Transport.UDP, ip, length, at);
                tcpFlags = 0;
                return Finding.UDP;
            }
            case PROTOCOL_IPV4, PROTOCOL_IPV6 -> {
                return tunnels < MAX_TUNNELS
                        ? readIp(at, end, tunnels + 1)
                        : Finding.OTHER_TRANSPORT;
            }
            default -> {
                return Finding.OTHER_TRANSPORT;
            }
        }
    }

    /** Index of what a GTP-U message carries (3GPP TS 29.281), -1 if it carries no user data. */
    private int insideGtp(final int at, final int end) {
        if (end - at <= GTP_HEADER || u8(at) >>> 5 != 1 || u8(at + 1) != GTP_USER_DATA) {
            return -1;
        }
        final boolean optionalFields = (u8(at) & 0x07) != 0;
        int inner = at + GTP_HEADER + (optionalFields ? 4 : 0);
        if ((u8(at) & 0x04) != 0) {
            // A chain of extension headers: each begins with its length in words and ends with the
            // type of the next.
            while (inner < end && u8(inner - 1) != 0) {
                final int words = u8(inner);
                if (words == 0) {
                    return -1;
                }
                inner += words << 2;
            }
        }
        return inner < end ? inner : -1;
    }

    private void accept(final Transport found, final int ip, final int length, final int header) {
        transport = found;
        ipv6 = bytes[ip] >>> 4 == 6;
        ipOffset = ip;
        ipLength = length;
        transportOffset = header;
        sourcePort = u16(header);
        destinationPort = u16(header + 2);
    }

    private int u8(final int at) {
        return bytes[at] & 0xff;
    }

    private int u16(final int at) {
        return u16(bytes, at);
    }

    private static int u16(final byte[] bytes, final int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
}
