/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

/**
 * Where the IP header is in a frame of a pcap link type.
 *
 * <p>VLAN tags, PPPoE sessions, MPLS labels and LLC/SNAP are passed over wherever an EtherType may
 * announce them. Nothing is allocated and nothing beyond the captured bytes is read.
 *
 * @see <a href="https://www.tcpdump.org/linktypes.html">the link types</a>
 */
public final class LinkLayer {

    /** The answer for frames that carry no IP packet, or too little of it. */
    public static final int NO_IP = -1;

    private static final int NULL = 0;
    private static final int ETHERNET = 1;
    private static final int PPP = 9;
    private static final int RAW_BSD = 12;
    private static final int RAW_OPENBSD = 14;
    private static final int PPP_HDLC = 50;
    private static final int RAW = 101;
    private static final int C_HDLC = 104;
    private static final int IEEE_802_11 = 105;
    private static final int LOOP = 108;
    private static final int LINUX_SLL = 113;
    private static final int IEEE_802_11_RADIOTAP = 127;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_SLL2 = 276;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int LEAST_ETHERTYPE = 0x0600;
    private static final int MAX_TAGS = 8;

    private LinkLayer() {}

    /** Whether frames of a link type can be read. */
    public static boolean isKnown(final int linkType) {
        return switch (linkType) {
            case NULL,
                    ETHERNET,
                    PPP,
                    RAW_BSD,
                    RAW_OPENBSD,
                    PPP_HDLC,
                    RAW,
                    C_HDLC,
                    IEEE_802_11,
                    LOOP,
                    LINUX_SLL,
                    IEEE_802_11_RADIOTAP,
                    IPV4,
                    IPV6,
                    LINUX_SLL2 ->
                    true;
            default -> false;
        };
    }

    /**
     * The index of the IP header in a frame, or {@link #NO_IP}.
     *
     * @param linkType number of the link type, as captures have it
     * @param bytes where the frame is
     * @param offset index of its first byte
     * @param captured how many bytes of it are there
     * @throws IllegalArgumentException if the link type is not {@linkplain #isKnown known}
     */
    public static int ipOffset(
            final int linkType, final byte[] bytes, final int offset, final int captured) {
        final int end = offset + captured;
        return switch (linkType) {
            case ETHERNET -> afterEtherType(bytes, offset + 12, offset + 14, end);
            case RAW, RAW_BSD, RAW_OPENBSD, IPV4, IPV6 -> ifIp(bytes, offset, end);
            case LINUX_SLL -> afterEtherType(bytes, offset + 14, offset + 16, end);
            case LINUX_SLL2 -> afterEtherType(bytes, offset, offset + 20, end);
            case NULL, LOOP -> afterAddressFamily(bytes, offset, end);
            case PPP, PPP_HDLC -> afterPpp(bytes, offset, end);
            case C_HDLC -> afterEtherType(bytes, offset + 2, offset + 4, end);
            case IEEE_802_11 -> afterWireless(bytes, offset, end);
            case IEEE_802_11_RADIOTAP ->
                    captured < 4
                            ? NO_IP
                            : afterWireless(
                                    bytes,
                                    offset + (u8(bytes, offset + 3) << 8 | u8(bytes, offset + 2)),
                                    end);
            default -> throw new IllegalArgumentException("unknown link type " + linkType);
        };
    }

    private static int afterEtherType(
            final byte[] bytes, final int typeAt, final int payloadAt, final int end) {
        int type = typeAt;
        int payload = payloadAt;
        for (int tags = 0; tags <= MAX_TAGS; tags++) {
            if (payload > end) {
                return NO_IP;
            }
            switch (u16(bytes, type)) {
                case ETHERTYPE_IPV4, ETHERTYPE_IPV6 -> {
                    return ifIp(bytes, payload, end);
                }
                case 0x8100, 0x88a8, 0x9100, 0x9200 -> {
                    type = payload + 2;
                    payload += 4;
                }
                case 0x8864 -> {
                    return afterPppProtocol(bytes, payload + 6, end);
                }
                case 0x8847, 0x8848 -> {
                    return afterMpls(bytes, payload, end);
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
    private static boolean isSnap(final byte[] bytes, final int at, final int end) {
        return end - at >= 8
                && u8(bytes, at) == 0xaa
                && u8(bytes, at + 1) == 0xaa
                && u8(bytes, at + 2) == 0x03;
    }

    private static int afterMpls(final byte[] bytes, final int labels, final int end) {
        int at = labels;
        while (end - at >= 4) {
            final boolean bottomOfStack = (u8(bytes, at + 2) & 1) != 0;
            at += 4;
            if (bottomOfStack) {
                return ifIp(bytes, at, end);
            }
        }
        return NO_IP;
    }

    /** The address family is in the byte order of the machine that captured. */
    private static int afterAddressFamily(final byte[] bytes, final int at, final int end) {
        if (end - at < 4) {
            return NO_IP;
        }
        final int high = u16(bytes, at);
        final int low = u16(bytes, at + 2);
        final int family = high == 0 ? low : low == 0 ? u8(bytes, at + 1) << 8 | high >>> 8 : -1;
        return switch (family) {
            // AF_INET, and AF_INET6 of Linux, the BSDs, FreeBSD and macOS.
            case 2, 10, 24, 28, 30 -> ifIp(bytes, at + 4, end);
            default -> NO_IP;
        };
    }

    /** PPP with or without address and control, in HDLC-like or Cisco framing (RFC 1662). */
    private static int afterPpp(final byte[] bytes, final int at, final int end) {
        if (end - at < 4) {
            return NO_IP;
        }
        return switch (u16(bytes, at)) {
            case 0xff03 -> afterPppProtocol(bytes, at + 2, end);
            case 0x0f00, 0x8f00 -> afterEtherType(bytes, at + 2, at + 4, end);
            default -> afterPppProtocol(bytes, at, end);
        };
    }

    private static int afterPppProtocol(final byte[] bytes, final int at, final int end) {
        if (end - at < 2) {
            return NO_IP;
        }
        // A compressed protocol field has one byte, an odd one.
        final boolean compressed = (u8(bytes, at) & 1) != 0;
        final int payload = at + (compressed ? 1 : 2);
        return switch (compressed ? u8(bytes, at) : u16(bytes, at)) {
            case 0x0021, 0x0057 -> ifIp(bytes, payload, end);
            case 0x0281, 0x0283 -> afterMpls(bytes, payload, end);
            default -> NO_IP;
        };
    }

    /** A data frame of IEEE 802.11 that is not encrypted. */
    private static int afterWireless(final byte[] bytes, final int at, final int end) {
        if (end - at < 24) {
            return NO_IP;
        }
        final int control = u8(bytes, at);
        final int flags = u8(bytes, at + 1);
        final boolean data = (control & 0x0c) == 0x08 && (control & 0x40) == 0;
        final boolean encrypted = (flags & 0x40) != 0;
        if (!data || encrypted) {
            return NO_IP;
        }
        int header = 24;
        if ((flags & 0x03) == 0x03) {
            header += 6; // between access points: a fourth address
        }
        if ((control & 0x80) != 0) {
            header += (flags & 0x80) != 0 ? 6 : 2; // quality of service, high throughput
        }
        return isSnap(bytes, at + header, end)
                ? afterEtherType(bytes, at + header + 6, at + header + 8, end)
                : NO_IP;
    }

    private static int ifIp(final byte[] bytes, final int at, final int end) {
        if (at >= end) {
            return NO_IP;
        }
        final int version = u8(bytes, at) >>> 4;
        return version == 4 || version == 6 ? at : NO_IP;
    }

    private static int u8(final byte[] bytes, final int at) {
        return bytes[at] & 0xff;
    }

    private static int u16(final byte[] bytes, final int at) {
        return u8(bytes, at) << 8 | u8(bytes, at + 1);
    }
}
