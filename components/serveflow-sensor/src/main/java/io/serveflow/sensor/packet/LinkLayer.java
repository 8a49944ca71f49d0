/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.packet;

import io.serveflow.flow.Encapsulation;

/**
 * Where the IP header is in a frame of a pcap link type.
 *
 * <p>What may be between is that of {@link Encapsulation}. Nothing is allocated and nothing beyond
 * the captured bytes is read.
 *
 * @see <a href="https://www.tcpdump.org/linktypes.html">the link types</a>
 */
public final class LinkLayer {

    /** The answer for frames that carry no IP packet, or too little of it. */
    public static final int NO_IP = Encapsulation.NO_IP;

    public static final int ETHERNET = 1;
    public static final int RAW_BSD = 12;

    private static final int NULL = 0;
    private static final int PPP = 9;
    private static final int FDDI = 10;
    private static final int RAW_OPENBSD = 14;
    private static final int PPP_HDLC = 50;
    private static final int PPP_ETHER = 51;
    private static final int ATM_RFC1483 = 100;
    private static final int RAW = 101;
    private static final int C_HDLC = 104;
    private static final int IEEE_802_11 = 105;
    private static final int LOOP = 108;
    private static final int ENC = 109;
    private static final int LINUX_SLL = 113;
    private static final int PFLOG = 117;
    private static final int IEEE_802_11_PRISM = 119;
    private static final int IEEE_802_11_RADIOTAP = 127;
    private static final int APPLE_IP_OVER_IEEE_1394 = 138;
    private static final int IEEE_802_11_AVS = 163;
    private static final int PPI = 192;
    private static final int PPP_WITH_DIRECTION = 204;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int NFLOG = 239;
    private static final int NETANALYZER = 240;
    private static final int PKTAP = 258;
    private static final int LINUX_SLL2 = 276;

    private static final int NFLOG_HEADER = 4;
    private static final int NFLOG_PAYLOAD = 9;
    private static final int PKTAP_HEADER = 12;
    private static final int PPI_HEADER = 8;

    private LinkLayer() {}

    /** Whether frames of a link type can be read. */
    public static boolean isKnown(final int linkType) {
        return linkType == PPI || linkType == PKTAP || isFrame(linkType);
    }

    /** Whether a link type is known and says all by itself, unlike those that name another. */
    private static boolean isFrame(final int linkType) {
        return switch (linkType) {
            case NULL,
                    ETHERNET,
                    PPP,
                    FDDI,
                    RAW_BSD,
                    RAW_OPENBSD,
                    PPP_HDLC,
                    PPP_ETHER,
                    ATM_RFC1483,
                    RAW,
                    C_HDLC,
                    IEEE_802_11,
                    LOOP,
                    ENC,
                    LINUX_SLL,
                    PFLOG,
                    IEEE_802_11_PRISM,
                    IEEE_802_11_RADIOTAP,
                    APPLE_IP_OVER_IEEE_1394,
                    IEEE_802_11_AVS,
                    PPP_WITH_DIRECTION,
                    IPV4,
                    IPV6,
                    NFLOG,
                    NETANALYZER,
                    LINUX_SLL2 ->
                    true;
            default -> false;
        };
    }

    /**
     * The same for a frame of which all was captured.
     *
     * @see #ipOffset(int, byte[], int, int, int)
     */
    public static int ipOffset(
            final int linkType, final byte[] bytes, final int offset, final int captured) {
        return ipOffset(linkType, bytes, offset, captured, captured);
    }

    /**
     * The index of the IP header in a frame, or {@link #NO_IP}.
     *
     * @param linkType number of the link type, as captures have it
     * @param bytes where the frame is
     * @param offset index of its first byte
     * @param captured how many bytes of it are there
     * @param wireLength how many bytes it had on the wire
     * @throws IllegalArgumentException if the link type is not {@linkplain #isKnown known}
     */
    public static int ipOffset(
            final int linkType,
            final byte[] bytes,
            final int offset,
            final int captured,
            final int wireLength) {
        final int end = offset + captured;
        final int wireEnd = offset + Math.max(captured, wireLength);
        return switch (linkType) {
            case PPI -> {
                final boolean there = captured >= PPI_HEADER;
                yield there
                        ? ofNamedType(
                                i32Little(bytes, offset + 4),
                                offset + (i32Little(bytes, offset) >>> 16),
                                bytes,
                                end,
                                wireEnd)
                        : NO_IP;
            }
            case PKTAP -> {
                final int header = captured < PKTAP_HEADER ? -1 : i32Little(bytes, offset);
                yield header < PKTAP_HEADER || header > captured
                        ? NO_IP
                        : ofNamedType(
                                i32Little(bytes, offset + 8), offset + header, bytes, end, wireEnd);
            }
            default -> ofFrame(linkType, bytes, offset, end, wireEnd);
        };
    }

    private static int ofNamedType(
            final int linkType,
            final int offset,
            final byte[] bytes,
            final int end,
            final int wireEnd) {
        return isFrame(linkType) && offset < end
                ? ofFrame(linkType, bytes, offset, end, wireEnd)
                : NO_IP;
    }

    private static int ofFrame(
            final int linkType,
            final byte[] bytes,
            final int offset,
            final int end,
            final int wireEnd) {
        final int captured = end - offset;
        return switch (linkType) {
            case ETHERNET -> Encapsulation.afterEthernet(bytes, offset, end, wireEnd);
            case NETANALYZER -> Encapsulation.afterEthernet(bytes, offset + 4, end, wireEnd);
            case RAW, RAW_BSD, RAW_OPENBSD, IPV4, IPV6 -> Encapsulation.ifIp(bytes, offset, end);
            case ENC -> Encapsulation.ifIp(bytes, offset + 12, end);
            case PFLOG ->
                    captured < 1
                            ? NO_IP
                            : Encapsulation.ifIp(bytes, offset + (u8(bytes, offset) + 3 & ~3), end);
            case NFLOG -> afterNflog(bytes, offset, end);
            case LINUX_SLL -> afterEtherType(bytes, offset + 14, offset + 16, end, wireEnd);
            case LINUX_SLL2 -> afterEtherType(bytes, offset, offset + 20, end, wireEnd);
            case APPLE_IP_OVER_IEEE_1394 ->
                    afterEtherType(bytes, offset + 16, offset + 18, end, wireEnd);
            case FDDI -> afterSnap(bytes, offset + 13, end, wireEnd);
            case ATM_RFC1483 -> afterSnap(bytes, offset, end, wireEnd);
            case NULL, LOOP -> afterAddressFamily(bytes, offset, end);
            case PPP, PPP_HDLC -> Encapsulation.afterPpp(bytes, offset, end, wireEnd);
            case PPP_WITH_DIRECTION -> Encapsulation.afterPpp(bytes, offset + 1, end, wireEnd);
            case PPP_ETHER -> Encapsulation.afterPpp(bytes, offset + 6, end, wireEnd);
            case C_HDLC -> afterEtherType(bytes, offset + 2, offset + 4, end, wireEnd);
            case IEEE_802_11 -> afterWireless(bytes, offset, end, wireEnd);
            case IEEE_802_11_RADIOTAP ->
                    captured < 4
                            ? NO_IP
                            : afterWireless(
                                    bytes,
                                    offset + (i32Little(bytes, offset) >>> 16),
                                    end,
                                    wireEnd);
            case IEEE_802_11_PRISM -> afterPrism(bytes, offset, end, wireEnd);
            case IEEE_802_11_AVS -> afterAvs(bytes, offset, end, wireEnd);
            default -> throw new IllegalArgumentException("unknown link type " + linkType);
        };
    }

    private static int afterEtherType(
            final byte[] bytes,
            final int typeAt,
            final int payloadAt,
            final int end,
            final int wireEnd) {
        return Encapsulation.afterEtherType(bytes, typeAt, payloadAt, end, wireEnd);
    }

    private static int afterSnap(
            final byte[] bytes, final int at, final int end, final int wireEnd) {
        return Encapsulation.isSnap(bytes, at, end)
                ? afterEtherType(bytes, at + 6, at + 8, end, wireEnd)
                : NO_IP;
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
            case 2, 10, 24, 28, 30 -> Encapsulation.ifIp(bytes, at + 4, end);
            default -> NO_IP;
        };
    }

    /**
     * The packet is one of the attributes of a netlink message, whose lengths and types are in the
     * byte order of the machine that captured; types are small, which shows the order.
     */
    private static int afterNflog(final byte[] bytes, final int offset, final int end) {
        int at = offset + NFLOG_HEADER;
        boolean little = true;
        while (end - at > 4) {
            if (at == offset + NFLOG_HEADER) {
                little = u8(bytes, at + 3) == 0;
            }
            final int first = u16(bytes, at);
            final int second = u16(bytes, at + 2);
            final int length = little ? swapped(first) : first;
            final int type = (little ? swapped(second) : second) & 0x7fff;
            if (length < 4) {
                return NO_IP;
            }
            if (type == NFLOG_PAYLOAD) {
                return Encapsulation.ifIp(bytes, at + 4, Math.min(end, at + length));
            }
            at += length + 3 & ~3;
        }
        return NO_IP;
    }

    /** Prism's header says its length, or is the one of AVS, under the same link type. */
    private static int afterPrism(
            final byte[] bytes, final int at, final int end, final int wireEnd) {
        if (end - at < 8) {
            return NO_IP;
        }
        if (u16(bytes, at) == 0x8021) {
            return afterAvs(bytes, at, end, wireEnd);
        }
        final int little = i32Little(bytes, at + 4);
        final int header = little >>> 16 == 0 ? little : Integer.reverseBytes(little);
        return header < 8 || header > end - at
                ? NO_IP
                : afterWireless(bytes, at + header, end, wireEnd);
    }

    private static int afterAvs(
            final byte[] bytes, final int at, final int end, final int wireEnd) {
        if (end - at < 8) {
            return NO_IP;
        }
        final int header = Integer.reverseBytes(i32Little(bytes, at + 4));
        return header < 8 || header > end - at
                ? NO_IP
                : afterWireless(bytes, at + header, end, wireEnd);
    }

    /** A data frame of IEEE 802.11 that is not encrypted. */
    private static int afterWireless(
            final byte[] bytes, final int at, final int end, final int wireEnd) {
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
        return afterSnap(bytes, at + header, end, wireEnd);
    }

    private static int u8(final byte[] bytes, final int at) {
        return bytes[at] & 0xff;
    }

    private static int u16(final byte[] bytes, final int at) {
        return u8(bytes, at) << 8 | u8(bytes, at + 1);
    }

    private static int i32Little(final byte[] bytes, final int at) {
        return swapped(u16(bytes, at)) | swapped(u16(bytes, at + 2)) << 16;
    }

    private static int swapped(final int u16) {
        return (u16 & 0xff) << 8 | u16 >>> 8;
    }
}
