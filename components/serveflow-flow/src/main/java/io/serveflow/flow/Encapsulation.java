/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/**
 * Where the IP header is behind an EtherType, a PPP protocol or MPLS labels; shared by the link
 * layers of captures and by tunnels that carry frames.
 *
 * <p>VLAN tags (IEEE 802.1Q), VNTag, provider backbones (IEEE 802.1ah), PPPoE sessions, MPLS
 * labels, pseudowires and LLC/SNAP are skipped wherever an EtherType may announce them. Nothing is
 * allocated and nothing beyond the captured bytes is read.
 */
public final class Encapsulation {

    /** The answer where there is no IP packet, or too little of it. */
    public static final int NO_IP = -1;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int ETHERNET_HEADER = 14;

    private static final int LEAST_ETHERTYPE = 0x0600;
    private static final int MAX_TAGS = 8;

    /** How many Ethernet frames may be inside each other. */
    private static final int MAX_FRAMES = 3;

    private Encapsulation() {}

    /**
     * The index of the IP header in an Ethernet frame, or {@link #NO_IP}.
     *
     * @param at index of the frame's first byte
     * @param end where the captured bytes end
     * @param wireEnd where the frame ended on the wire, by which lengths in headers are judged
     */
    public static int afterEthernet(
            final byte[] bytes, final int at, final int end, final int wireEnd) {
        return afterEthernet(bytes, at, end, wireEnd, 1);
    }

    /**
     * The index of the IP header behind an EtherType, or {@link #NO_IP}.
     *
     * @param typeAt index of the EtherType
     * @param payloadAt index of what it is the type of
     */
    public static int afterEtherType(
            final byte[] bytes,
            final int typeAt,
            final int payloadAt,
            final int end,
            final int wireEnd) {
        return afterEtherType(bytes, typeAt, payloadAt, end, wireEnd, 0);
    }

    private static int afterEthernet(
            final byte[] bytes, final int at, final int end, final int wireEnd, final int frames) {
        return frames > MAX_FRAMES
                ? NO_IP
                : afterEtherType(bytes, at + 12, at + ETHERNET_HEADER, end, wireEnd, frames);
    }

    private static int afterEtherType(
            final byte[] bytes,
            final int typeAt,
            final int payloadAt,
            final int end,
            final int wireEnd,
            final int frames) {
        int type = typeAt;
        int payload = payloadAt;
        for (int tags = 0; tags <= MAX_TAGS; tags++) {
            if (payload > end) {
                return NO_IP;
            }
            switch (u16(bytes, type)) {
                case 0x0800, 0x86dd -> {
                    return ifIp(bytes, payload, end);
                }
                case 0x8100, 0x88a8, 0x9100, 0x9200 -> {
                    type = payload + 2;
                    payload += 4;
                }
                case 0x8926 -> {
                    type = payload + 4;
                    payload += 6;
                }
                case 0x88e7 -> {
                    return afterEthernet(bytes, payload + 4, end, wireEnd, frames + 1);
                }
                case 0x6558 -> {
                    return afterEthernet(bytes, payload, end, wireEnd, frames + 1);
                }
                case 0x8864 -> {
                    return afterPppProtocol(bytes, payload + 6, end, wireEnd, frames);
                }
                case 0x880b -> {
                    return afterPpp(bytes, payload, end, wireEnd, frames);
                }
                case 0x8847, 0x8848 -> {
                    return afterMpls(bytes, payload, end, wireEnd, frames);
                }
                default -> {
                    if (u16(bytes, type) >= LEAST_ETHERTYPE || !isSnap(bytes, payload, end)) {
                        return NO_IP;
                    }
                    type = payload + 6;
                    payload += 8;
                }
            }
        }
        return NO_IP;
    }

    /** Whether an LLC header with a SNAP one (IEEE 802) begins here: an EtherType ends it. */
    public static boolean isSnap(final byte[] bytes, final int at, final int end) {
        return end - at >= 8
                && u8(bytes, at) == 0xaa
                && u8(bytes, at + 1) == 0xaa
                && u8(bytes, at + 2) == 0x03;
    }

    /**
     * What follows the labels is not said by them: an IP packet, or an Ethernet pseudowire with or
     * without a control word (RFC 4385, RFC 4448), whose first address may look like the beginning
     * of an IP header. The reading whose IP header is most consistent is taken.
     */
    private static int afterMpls(
            final byte[] bytes,
            final int labels,
            final int end,
            final int wireEnd,
            final int frames) {
        int at = labels;
        boolean bottomOfStack = false;
        while (!bottomOfStack) {
            if (end - at <= 4) {
                return NO_IP;
            }
            bottomOfStack = (u8(bytes, at + 2) & 1) != 0;
            at += 4;
        }
        final boolean controlWord = u8(bytes, at) >>> 4 == 0;
        int best = NO_IP;
        int most = 0;
        for (int reading = 0; reading < 3; reading++) {
            final int ip =
                    switch (reading) {
                        case 0 -> ifIp(bytes, at, end);
                        case 1 ->
                                controlWord
                                        ? afterEthernet(bytes, at + 4, end, wireEnd, frames + 1)
                                        : NO_IP;
                        default -> afterEthernet(bytes, at, end, wireEnd, frames + 1);
                    };
            final int consistency = ip == NO_IP ? 0 : consistency(bytes, ip, end, wireEnd);
            if (consistency > most) {
                best = ip;
                most = consistency;
            }
        }
        return best;
    }

    /** PPP with or without address and control, in HDLC-like or Cisco framing (RFC 1662). */
    public static int afterPpp(final byte[] bytes, final int at, final int end, final int wireEnd) {
        return afterPpp(bytes, at, end, wireEnd, 0);
    }

    private static int afterPpp(
            final byte[] bytes, final int at, final int end, final int wireEnd, final int frames) {
        if (end - at < 4) {
            return NO_IP;
        }
        return switch (u16(bytes, at)) {
            case 0xff03 -> afterPppProtocol(bytes, at + 2, end, wireEnd, frames);
            case 0x0f00, 0x8f00 -> afterEtherType(bytes, at + 2, at + 4, end, wireEnd, frames);
            default -> afterPppProtocol(bytes, at, end, wireEnd, frames);
        };
    }

    private static int afterPppProtocol(
            final byte[] bytes, final int at, final int end, final int wireEnd, final int frames) {
        if (end - at < 2) {
            return NO_IP;
        }
        // A compressed protocol field has one byte, an odd one.
        final boolean compressed = (u8(bytes, at) & 1) != 0;
        final int payload = at + (compressed ? 1 : 2);
        return switch (compressed ? u8(bytes, at) : u16(bytes, at)) {
            case 0x0021, 0x0057 -> ifIp(bytes, payload, end);
            case 0x0281, 0x0283 -> afterMpls(bytes, payload, end, wireEnd, frames);
            default -> NO_IP;
        };
    }

    /** The index itself if it may be that of an IP header, by the version there. */
    public static int ifIp(final byte[] bytes, final int at, final int end) {
        if (at >= end) {
            return NO_IP;
        }
        final int version = u8(bytes, at) >>> 4;
        return version == 4 || version == 6 ? at : NO_IP;
    }

    /**
     * How much speaks for an IP header at an index where something else may be: 0 if there can be
     * none; more for a length that is exactly that of what is there, for a checksum that is right.
     *
     * @param end where the captured bytes end
     * @param wireEnd where the packet ended on the wire
     */
    public static int consistency(
            final byte[] bytes, final int at, final int end, final int wireEnd) {
        if (end - at < IPV4_HEADER) {
            return 0;
        }
        return switch (u8(bytes, at) >>> 4) {
            case 4 -> consistencyOfIpv4(bytes, at, end, wireEnd - at);
            case 6 -> consistencyOfIpv6(bytes, at, wireEnd - at);
            default -> 0;
        };
    }

    private static int consistencyOfIpv4(
            final byte[] bytes, final int at, final int end, final int room) {
        final int header = (u8(bytes, at) & 0x0f) << 2;
        final int total = u16(bytes, at + 2);
        if (header < IPV4_HEADER || header > room || total > room || total != 0 && total < header) {
            return 0;
        }
        int consistency = 1;
        if (total == room) {
            consistency++;
        }
        if (header <= end - at && isChecksumRight(bytes, at, header)) {
            consistency += 2;
        }
        return consistency;
    }

    private static int consistencyOfIpv6(final byte[] bytes, final int at, final int room) {
        final int length = u16(bytes, at + 4) + IPV6_HEADER;
        if (length > room) {
            return 0;
        }
        int consistency = 1;
        if (length == room) {
            consistency++;
        }
        switch (u8(bytes, at + 6)) {
            case 0, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 89, 132 -> consistency++;
            default -> {}
        }
        return consistency;
    }

    private static boolean isChecksumRight(final byte[] bytes, final int at, final int header) {
        int sum = 0;
        for (int i = at; i < at + header; i += 2) {
            sum += u16(bytes, i);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (sum & 0xffff) + (sum >>> 16) == 0xffff;
    }

    private static int u8(final byte[] bytes, final int at) {
        return bytes[at] & 0xff;
    }

    private static int u16(final byte[] bytes, final int at) {
        return u8(bytes, at) << 8 | u8(bytes, at + 1);
    }
}
