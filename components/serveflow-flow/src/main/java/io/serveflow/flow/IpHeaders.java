/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/**
 * A reusable view over the IP and the TCP or UDP header of one packet, which allocates nothing.
 *
 * <p>Tunnels are opened, as far as {@link Tunnels} says, at most {@value #MAX_TUNNELS} inside each
 * other: the view is of the packet inside, from its IP header on. A UDP datagram on the port of a
 * tunnel that is not a valid one stays what it is. A packet inside that is neither TCP nor UDP is
 * what the finding is about: it is no flow of the tunnel's ends. IPv6 extension headers (RFC 8200)
 * and AH (RFC 4302) of either version are skipped. Everything is bounds-checked: what is cut short
 * before the ports or contradicts itself is {@link Finding#MALFORMED}, never an exception.
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
        /** A frame without IP in a tunnel, such as ARP in VXLAN. */
        NOT_IP("not_ip"),
        /** A packet that is not between the endpoints it was said to be between. */
        OTHER_ENDPOINTS("other_endpoints"),
        /** A packet in more tunnels than are opened inside each other. */
        TOO_DEEP("tunnels_too_deep"),
        /** A fragment other than the first: it has no ports. */
        LATER_FRAGMENT("later_fragment"),
        /**
         * No IP packet, one that ends within its headers, or one whose headers state lengths that
         * it does not have.
         */
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

    /** How many tunnels inside each other are opened. */
    public static final int MAX_TUNNELS = 4;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    /** Behind the length fields of either version. */
    private static final int LENGTHS_END = 6;

    private static final int MAX_EXTENSIONS = 8;

    private static final int PROTOCOL_HOP_BY_HOP = 0;
    private static final int PROTOCOL_IPV4 = 4;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_IPV6 = 41;
    private static final int PROTOCOL_ROUTING = 43;
    private static final int PROTOCOL_FRAGMENT = 44;
    private static final int PROTOCOL_GRE = 47;
    private static final int PROTOCOL_AH = 51;
    private static final int PROTOCOL_DESTINATION_OPTIONS = 60;

    private static final int PORTS = 4;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final int UDP_LENGTH = 4;

    private static final int PORT_GTP = 2152;
    private static final int PORT_TEREDO = 3544;
    private static final int PORT_VXLAN = 4789;
    private static final int PORT_VXLAN_GPE = 4790;
    private static final int PORT_GENEVE = 6081;
    private static final int PORT_VXLAN_OF_LINUX = 8472;

    private static final int GTP_HEADER = 8;
    private static final int GTP_USER_DATA = 255;
    private static final int VXLAN_HEADER = 8;
    private static final int GENEVE_HEADER = 8;
    private static final int ERSPAN_2_HEADER = 8;
    private static final int ERSPAN_3_HEADER = 12;

    private static final int ETHERTYPE_PPP = 0x880b;
    private static final int ETHERTYPE_BRIDGING = 0x6558;
    private static final int ETHERTYPE_ERSPAN_1_OR_2 = 0x88be;
    private static final int ETHERTYPE_ERSPAN_3 = 0x22eb;

    // What is in a datagram on the port of a tunnel, beside an index.
    private static final int NO_IP = -1;
    private static final int NO_TUNNEL = -2;
    private static final int CUT_OFF = -3;

    /** A packet is at most this long; where its end is not known it is looked for no further. */
    private static final int LONGEST = 1 << 17;

    private final Tunnels tunnels;

    private byte[] bytes = {};
    private int packetEnd;
    private FlowEnds expected;

    private Transport transport = Transport.UDP;
    private boolean ipv6;
    private int ipOffset;
    private int ipLength;
    private int transportOffset;
    private int sourcePort;
    private int destinationPort;
    private int tcpFlags;

    private int depth;
    private TunnelType tunnelType = TunnelType.GRE;
    private long tunnelId;
    private int tunnelOffset;
    private int tunnelSourcePort;
    private int tunnelDestinationPort;

    /** The number that the tunnel which is being looked into has. */
    private long foundId;

    /** A view that opens every tunnel. */
    public IpHeaders() {
        this(Tunnels.ALL);
    }

    /**
     * @param tunnels which tunnels are opened
     */
    public IpHeaders(final Tunnels tunnels) {
        this.tunnels = tunnels;
    }

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
        return read(null, packet, offset, captured, wireLength);
    }

    /**
     * The same for a packet whose endpoints the sensor states: the view is of the headers that have
     * them, be they those of a tunnel or those inside of it, and {@link Finding#OTHER_ENDPOINTS}
     * where none have.
     */
    public Finding readBetween(
            final FlowEnds ends,
            final byte[] packet,
            final int offset,
            final int captured,
            final int wireLength) {
        return read(ends, packet, offset, captured, wireLength);
    }

    private Finding read(
            final FlowEnds ends,
            final byte[] packet,
            final int offset,
            final int captured,
            final int wireLength) {
        bytes = packet;
        expected = ends;
        packetEnd = offset + captured;
        return readIp(offset, packetEnd, offset + Math.max(captured, wireLength), 0);
    }

    /** The packet that was read. */
    byte[] packet() {
        return bytes;
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

    /** The TCP flags {@link #FIN} to CWR; 0 for UDP, and where they were not captured. */
    public int tcpFlags() {
        return tcpFlags;
    }

    /** How many tunnels the packet came in, one inside the other; 0 if it came in none. */
    public int tunnelDepth() {
        return depth;
    }

    /**
     * The outermost tunnel that the packet came in, seen from the packet's sender.
     *
     * @throws IllegalStateException if it came in none
     */
    public FlowTunnel tunnel() {
        if (depth == 0) {
            throw new IllegalStateException("the packet came in no tunnel");
        }
        final boolean outerIpv6 = bytes[tunnelOffset] >>> 4 == 6;
        final int length = outerIpv6 ? 16 : 4;
        final int source = tunnelOffset + (outerIpv6 ? 8 : 12);
        return new FlowTunnel(
                tunnelType,
                depth,
                tunnelId,
                IpAddress.format(bytes, source, length),
                tunnelSourcePort,
                IpAddress.format(bytes, source + length, length),
                tunnelDestinationPort);
    }

    /**
     * Reads an IP packet.
     *
     * @param end where what was captured of it ends at the latest
     * @param wireEnd where it ended on the wire at the latest
     * @param outer how many tunnels it is in
     */
    private Finding readIp(final int at, final int end, final int wireEnd, final int outer) {
        if (end - at < IPV4_HEADER) {
            return Finding.MALFORMED;
        }
        return switch (bytes[at] >>> 4 & 0x0f) {
            case 4 -> readIpv4(at, end, wireEnd, outer);
            case 6 -> readIpv6(at, end, wireEnd, outer);
            default -> Finding.MALFORMED;
        };
    }

    private Finding readIpv4(final int at, final int end, final int wireEnd, final int outer) {
        final int header = (bytes[at] & 0x0f) << 2;
        final int total = u16(at + 2);
        final int length = total == 0 ? wireEnd - at : total;
        if (header < IPV4_HEADER || length < header) {
            return Finding.MALFORMED;
        }
        final int fragment = u16(at + 6);
        if ((fragment & 0x1fff) != 0) {
            return Finding.LATER_FRAGMENT;
        }
        int protocol = u8(at + 9);
        final int ipEnd = Math.min(end, at + length);
        int next = at + header;
        for (int i = 0; protocol == PROTOCOL_AH; i++) {
            if (i == MAX_EXTENSIONS || ipEnd - next < 8) {
                return Finding.MALFORMED;
            }
            protocol = u8(next);
            next += (u8(next + 1) + 2) << 2;
        }
        final boolean moreFragments = (fragment & 0x2000) != 0;
        return readTransport(
                protocol, at, length, next, ipEnd, moreFragments ? at + LONGEST : 0, outer);
    }

    private Finding readIpv6(final int at, final int end, final int wireEnd, final int outer) {
        if (end - at < IPV6_HEADER) {
            return Finding.MALFORMED;
        }
        final int payload = u16(at + 4);
        final int length = payload == 0 ? wireEnd - at : payload + IPV6_HEADER;
        final int ipEnd = Math.min(end, at + length);
        int protocol = u8(at + 6);
        int next = at + IPV6_HEADER;
        boolean moreFragments = false;
        for (int i = 0; isExtension(protocol); i++) {
            if (i == MAX_EXTENSIONS || ipEnd - next < 8) {
                return Finding.MALFORMED;
            }
            if (protocol == PROTOCOL_FRAGMENT) {
                final int fragment = u16(next + 2);
                if ((fragment & 0xfff8) != 0) {
                    return Finding.LATER_FRAGMENT;
                }
                moreFragments |= (fragment & 1) != 0;
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
        return readTransport(
                protocol, at, length, next, ipEnd, moreFragments ? at + LONGEST : 0, outer);
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

    /**
     * @param at index of the header behind those of IP
     * @param end where what was captured of the IP packet ends
     * @param fragmentEnd of the first fragment of a packet, a place before which the whole one
     *     ends; else 0
     */
    private Finding readTransport(
            final int protocol,
            final int ip,
            final int length,
            final int at,
            final int end,
            final int fragmentEnd,
            final int outer) {
        final int wireEnd = Math.max(ip + length, fragmentEnd);
        switch (protocol) {
            case PROTOCOL_TCP -> {
                if (ip + length - at < TCP_HEADER
                        || end - at < PORTS
                        || !isTcpHeaderWithin(at, end, wireEnd)) {
                    return Finding.MALFORMED;
                }
                accept(Transport.TCP, ip, length, at, outer);
                tcpFlags = end - at > TCP_FLAGS ? u8(at + TCP_FLAGS) : 0;
                return isExpected() ? Finding.TCP : Finding.OTHER_ENDPOINTS;
            }
            case PROTOCOL_UDP -> {
                return readUdp(ip, length, at, end, wireEnd, outer);
            }
            case PROTOCOL_IPV4, PROTOCOL_IPV6 -> {
                if (!opens(TunnelType.IP_IN_IP)) {
                    return Finding.OTHER_TRANSPORT;
                }
                if (outer == MAX_TUNNELS) {
                    return Finding.TOO_DEEP;
                }
                enter(TunnelType.IP_IN_IP, FlowTunnel.UNKNOWN, ip, -1, outer);
                return readIp(at, end, wireEnd, outer + 1);
            }
            case PROTOCOL_GRE -> {
                return outer == MAX_TUNNELS
                        ? Finding.TOO_DEEP
                        : readGre(ip, at, end, wireEnd, outer);
            }
            default -> {
                return Finding.OTHER_TRANSPORT;
            }
        }
    }

    /** Whether the length that a TCP header states is one (RFC 9293); so where it was cut off. */
    private boolean isTcpHeaderWithin(final int at, final int end, final int wireEnd) {
        if (end - at <= TCP_DATA_OFFSET) {
            return true;
        }
        final int header = u8(at + TCP_DATA_OFFSET) >>> 4 << 2;
        return header >= TCP_HEADER && at + header <= wireEnd;
    }

    /**
     * Whether the length that a UDP header states is one (RFC 768), or 0 as in a jumbogram (RFC
     * 2675); so where it was cut off.
     */
    private boolean isDatagramWithin(final int at, final int end, final int wireEnd) {
        if (end - at < UDP_LENGTH + 2) {
            return true;
        }
        final int datagram = u16(at + UDP_LENGTH);
        return datagram == 0 || datagram >= UDP_HEADER && at + datagram <= wireEnd;
    }

    /** Where endpoints are stated it is them that say which tunnels the sensor opened. */
    private boolean opens(final TunnelType type) {
        return expected != null || tunnels.open(type);
    }

    private boolean isExpected() {
        return expected == null || expected.areThoseOf(this, bytes);
    }

    private void accept(
            final Transport found,
            final int ip,
            final int length,
            final int header,
            final int outer) {
        transport = found;
        ipv6 = bytes[ip] >>> 4 == 6;
        ipOffset = ip;
        ipLength = length;
        transportOffset = header;
        sourcePort = u16(header);
        destinationPort = u16(header + 2);
        depth = outer;
    }

    /**
     * Notes the tunnel that is entered, if it is the outermost.
     *
     * @param ports index of its UDP ports, negative if it has none
     */
    private void enter(
            final TunnelType type, final long id, final int ip, final int ports, final int outer) {
        if (outer == 0) {
            tunnelType = type;
            tunnelId = id;
            tunnelOffset = ip;
            tunnelSourcePort = ports < 0 ? FlowTunnel.UNKNOWN : u16(ports);
            tunnelDestinationPort = ports < 0 ? FlowTunnel.UNKNOWN : u16(ports + 2);
        }
    }

    private Finding readUdp(
            final int ip,
            final int length,
            final int at,
            final int end,
            final int wireEnd,
            final int outer) {
        if (ip + length - at < UDP_HEADER
                || end - at < PORTS
                || !isDatagramWithin(at, end, wireEnd)) {
            return Finding.MALFORMED;
        }
        accept(Transport.UDP, ip, length, at, outer);
        tcpFlags = 0;
        if (expected != null && isExpected()) {
            return Finding.UDP;
        }
        if (end - at > UDP_HEADER) {
            TunnelType type = tunnelOn(sourcePort, destinationPort);
            if (type == null && isBetweenTeredoPeers(at + UDP_HEADER, end, wireEnd)) {
                type = TunnelType.TEREDO;
            }
            if (type != null && opens(type)) {
                final int inner = insideUdp(type, at + UDP_HEADER, end, wireEnd);
                if (inner != NO_TUNNEL && outer == MAX_TUNNELS) {
                    return Finding.TOO_DEEP;
                }
                if (inner != NO_TUNNEL) {
                    enter(type, foundId, ip, at, outer);
                    return switch (inner) {
                        case NO_IP -> Finding.NOT_IP;
                        case CUT_OFF -> Finding.MALFORMED;
                        default -> readIp(inner, end, wireEnd, outer + 1);
                    };
                }
            }
        }
        return isExpected() ? Finding.UDP : Finding.OTHER_ENDPOINTS;
    }

    /** The tunnel that a datagram with these ports may be one of, null if none. */
    private static TunnelType tunnelOn(final int source, final int destination) {
        return switch (destination) {
            case PORT_VXLAN, PORT_VXLAN_OF_LINUX, PORT_VXLAN_GPE -> TunnelType.VXLAN;
            case PORT_GENEVE -> TunnelType.GENEVE;
            case PORT_GTP -> TunnelType.GTP;
            case PORT_TEREDO -> TunnelType.TEREDO;
            default ->
                    switch (source) {
                        case PORT_GTP -> TunnelType.GTP;
                        case PORT_TEREDO -> TunnelType.TEREDO;
                        default -> null;
                    };
        };
    }

    /**
     * Index of the IP header inside a datagram on the port of a tunnel, or what is there instead.
     */
    private int insideUdp(final TunnelType type, final int at, final int end, final int wireEnd) {
        foundId = FlowTunnel.UNKNOWN;
        return switch (type) {
            case VXLAN ->
                    destinationPort == PORT_VXLAN_GPE
                            ? insideVxlanGpe(at, end, wireEnd)
                            : insideVxlan(at, end, wireEnd);
            case GENEVE -> insideGeneve(at, end, wireEnd);
            case GTP -> insideGtp(at, end, wireEnd);
            default -> insideTeredo(at, end, wireEnd);
        };
    }

    /**
     * The index itself if a header of IP is there; {@link #NO_TUNNEL} if what is there is none, so
     * that the datagram is not what its port says.
     */
    private int ifConsistent(final int at, final int end, final int wireEnd) {
        if (Encapsulation.ifIp(bytes, at, end) == Encapsulation.NO_IP) {
            return at < end ? NO_TUNNEL : CUT_OFF;
        }
        if (end - at < IPV4_HEADER) {
            return end < wireEnd ? CUT_OFF : NO_TUNNEL;
        }
        return Encapsulation.consistency(bytes, at, end, wireEnd) > 0 ? at : NO_TUNNEL;
    }

    private int insideFrame(final int at, final int end, final int wireEnd) {
        final int ip = Encapsulation.afterEthernet(bytes, at, end, wireEnd);
        return ip == Encapsulation.NO_IP ? NO_IP : ifConsistent(ip, end, wireEnd);
    }

    /** RFC 7348, with the group of draft-smith-vxlan-group-policy. */
    private int insideVxlan(final int at, final int end, final int wireEnd) {
        if (end - at < VXLAN_HEADER) {
            return NO_TUNNEL;
        }
        final int flags = u8(at);
        final boolean group = (flags & 0x80) != 0;
        if ((flags & 0x7f) != 0x08
                || !group && (u8(at + 1) | u16(at + 2)) != 0
                || u8(at + 7) != 0) {
            return NO_TUNNEL;
        }
        foundId = u24(at + 4);
        return insideFrame(at + VXLAN_HEADER, end, wireEnd);
    }

    /** draft-ietf-nvo3-vxlan-gpe. */
    private int insideVxlanGpe(final int at, final int end, final int wireEnd) {
        if (end - at < VXLAN_HEADER) {
            return NO_TUNNEL;
        }
        final int flags = u8(at);
        final boolean typed = (flags & 0x04) != 0;
        if ((flags & 0xf9) != 0x08 || u16(at + 1) != 0 || u8(at + 7) != 0) {
            return NO_TUNNEL;
        }
        foundId = u24(at + 4);
        final int inner = at + VXLAN_HEADER;
        return switch (typed ? u8(at + 3) : 3) {
            case 1, 2 -> ifConsistent(inner, end, wireEnd);
            case 3 -> insideFrame(inner, end, wireEnd);
            default -> NO_TUNNEL;
        };
    }

    /** RFC 8926; a control packet carries no user's data. */
    private int insideGeneve(final int at, final int end, final int wireEnd) {
        if (end - at < GENEVE_HEADER
                || u8(at) >>> 6 != 0
                || (u8(at + 1) & 0xbf) != 0
                || u8(at + 7) != 0) {
            return NO_TUNNEL;
        }
        final int inner = at + GENEVE_HEADER + ((u8(at) & 0x3f) << 2);
        if (inner >= wireEnd) {
            return NO_TUNNEL;
        }
        foundId = u24(at + 4);
        return switch (u16(at + 2)) {
            case 0x0800, 0x86dd -> ifConsistent(inner, end, wireEnd);
            case ETHERTYPE_BRIDGING -> insideFrame(inner, end, wireEnd);
            default -> NO_TUNNEL;
        };
    }

    /** 3GPP TS 29.281; a message that carries no user's data is the tunnel's own. */
    private int insideGtp(final int at, final int end, final int wireEnd) {
        if (end - at <= GTP_HEADER
                || (u8(at) & 0xf0) != 0x30
                || u8(at + 1) != GTP_USER_DATA
                || at + GTP_HEADER + u16(at + 2) > wireEnd) {
            return NO_TUNNEL;
        }
        foundId = (long) u16(at + 4) << 16 | u16(at + 6);
        final boolean optionalFields = (u8(at) & 0x07) != 0;
        int inner = at + GTP_HEADER + (optionalFields ? 4 : 0);
        if ((u8(at) & 0x04) != 0) {
            // A chain of extension headers: each begins with its length in words and ends with the
            // type of the next.
            while (inner < end && u8(inner - 1) != 0) {
                final int words = u8(inner);
                if (words == 0) {
                    return NO_TUNNEL;
                }
                inner += words << 2;
            }
        }
        return ifConsistent(inner, end, wireEnd);
    }

    /**
     * Teredo's servers have a port of their own, its peers have any: there a datagram that is all
     * of an IPv6 packet from or to an address of Teredo's prefix, 2001::/32, is one.
     */
    private boolean isBetweenTeredoPeers(final int at, final int end, final int wireEnd) {
        return end - at >= IPV6_HEADER
                && u8(at) >>> 4 == 6
                && at + IPV6_HEADER + u16(at + 4) == wireEnd
                && (isTeredo(at + 8) || isTeredo(at + 24));
    }

    private boolean isTeredo(final int address) {
        return u16(address) == 0x2001 && u16(address + 2) == 0;
    }

    /** RFC 4380, with an authentication and an origin before the packet, or either. */
    private int insideTeredo(final int at, final int end, final int wireEnd) {
        int inner = at;
        if (end - inner >= 4 && u16(inner) == 1) {
            inner += 4 + u8(inner + 2) + u8(inner + 3) + 9;
        }
        if (end - inner >= 8 && u16(inner) == 0) {
            inner += 8;
        }
        if (end - inner < IPV6_HEADER || u8(inner) >>> 4 != 6) {
            return NO_TUNNEL;
        }
        final boolean whole = inner + IPV6_HEADER + u16(inner + 4) == wireEnd;
        return whole || wireEnd - at > LONGEST / 2 ? inner : NO_TUNNEL;
    }

    private Finding readGre(
            final int ip, final int at, final int end, final int wireEnd, final int outer) {
        if (end - at < 4) {
            return Finding.MALFORMED;
        }
        final int flags = u16(at);
        final int protocol = u16(at + 2);
        final boolean key = (flags & 0x2000) != 0;
        final boolean sequence = (flags & 0x1000) != 0;
        final int version = flags & 0x07;
        if ((flags & 0x4000) != 0
                || version > 1
                || version == 1 && (protocol != ETHERTYPE_PPP || !key || !sequence)) {
            return Finding.OTHER_TRANSPORT; // source routes; what has no packet inside
        }
        final int first = version == 1 ? flags & 0x80 : flags & 0x8000; // number or checksum
        final int inner = at + 4 + (first != 0 ? 4 : 0) + (key ? 4 : 0) + (sequence ? 4 : 0);
        if (inner >= end) {
            return Finding.MALFORMED;
        }
        final TunnelType type =
                version == 1
                        ? TunnelType.PPTP
                        : protocol == ETHERTYPE_ERSPAN_1_OR_2 || protocol == ETHERTYPE_ERSPAN_3
                                ? TunnelType.ERSPAN
                                : TunnelType.GRE;
        if (!opens(type)) {
            return Finding.OTHER_TRANSPORT;
        }
        foundId = FlowTunnel.UNKNOWN;
        final int packet;
        if (version == 1) {
            foundId = u16(at + 6);
            packet = Encapsulation.afterPpp(bytes, inner, end, wireEnd);
        } else if (protocol == ETHERTYPE_ERSPAN_1_OR_2) {
            packet = insideErspan(inner, sequence, end, wireEnd);
        } else if (protocol == ETHERTYPE_ERSPAN_3) {
            packet = insideErspan3(inner, end, wireEnd);
        } else {
            if (key) {
                final int keyAt = at + 4 + (first != 0 ? 4 : 0);
                foundId = (long) u16(keyAt) << 16 | u16(keyAt + 2);
            }
            packet = Encapsulation.afterEtherType(bytes, at + 2, inner, end, wireEnd);
        }
        if (packet == Encapsulation.NO_IP) {
            final boolean frame = type == TunnelType.ERSPAN || protocol == ETHERTYPE_BRIDGING;
            return frame ? Finding.NOT_IP : Finding.OTHER_TRANSPORT;
        }
        enter(type, foundId, ip, -1, outer);
        return readIp(packet, end, wireEnd, outer + 1);
    }

    /**
     * Type I is the frame alone; type II, with a sequence number in GRE, has a header before it.
     */
    private int insideErspan(
            final int at, final boolean sequence, final int end, final int wireEnd) {
        final boolean second = end - at > ERSPAN_2_HEADER && u8(at) >>> 4 == 1;
        if (second && sequence) {
            foundId = u16(at + 2) & 0x3ff;
            return Encapsulation.afterEthernet(bytes, at + ERSPAN_2_HEADER, end, wireEnd);
        }
        final int frame = Encapsulation.afterEthernet(bytes, at, end, wireEnd);
        if (frame != Encapsulation.NO_IP || !second) {
            return frame;
        }
        foundId = u16(at + 2) & 0x3ff;
        return Encapsulation.afterEthernet(bytes, at + ERSPAN_2_HEADER, end, wireEnd);
    }

    /** Type III may have a subheader, and carry IP without a frame. */
    private int insideErspan3(final int at, final int end, final int wireEnd) {
        if (end - at <= ERSPAN_3_HEADER || u8(at) >>> 4 != 2) {
            return Encapsulation.NO_IP;
        }
        foundId = u16(at + 2) & 0x3ff;
        final boolean subheader = (u8(at + 11) & 1) != 0;
        final int frame = at + ERSPAN_3_HEADER + (subheader ? 8 : 0);
        return switch (u8(at + 10) >>> 2 & 0x1f) {
            case 0 -> Encapsulation.afterEthernet(bytes, frame, end, wireEnd);
            case 2 -> Encapsulation.ifIp(bytes, frame, end);
            default -> Encapsulation.NO_IP;
        };
    }

    private int u8(final int at) {
        return bytes[at] & 0xff;
    }

    private int u16(final int at) {
        return u16(bytes, at);
    }

    private int u24(final int at) {
        return u8(at) << 16 | u16(at + 1);
    }

    private static int u16(final byte[] bytes, final int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
}
