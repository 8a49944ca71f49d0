/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.packet;

/**
 * Finds the transport header of an IP packet of which the sensor may have kept a part.
 *
 * <p>What is found is packed into one {@code long}, so that no packet costs an object: {@link
 * #protocol} and {@link #offset} take it apart.
 */
public final class TransportLocator {

    public static final int TCP = 6;
    public static final int UDP = 17;

    /** No protocol or no transport header, because the bytes that would tell are not there. */
    public static final int ABSENT = -1;

    public static final int IPV6_HEADER_BYTES = 40;

    /**
     * Where the longest IPv4 and TCP headers end, which is behind those of IPv6 and TCP too, and
     * room for short extension headers; also what sensors keep by default.
     */
    public static final int REACH = 128;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    private TransportLocator() {}

    /**
     * Looks into the packet at {@code [start, end)}, which begins with its IP header.
     *
     * <p>For IPv6, extension headers are skipped (RFC 8200, section 4). A fragment other than the
     * first has a protocol and no transport header. An offset may be at or behind {@code end}: then
     * the header is known to exist and none of its bytes were kept.
     */
    public static long locate(final byte[] bytes, final int start, final int end) {
        if (end <= start) {
            return packed(ABSENT, ABSENT);
        }
        return switch (version(bytes, start)) {
            case 4 -> locateIpv4(bytes, start, end);
            case 6 -> locateIpv6(bytes, start, end);
            default -> packed(ABSENT, ABSENT);
        };
    }

    /** The upper-layer protocol number, or {@link #ABSENT}. */
    public static int protocol(final long located) {
        return (int) (located >> 32);
    }

    /** Index of the transport header's first byte, or {@link #ABSENT}. */
    public static int offset(final long located) {
        return (int) located;
    }

    /** The IP version of a packet of which at least one byte is there. */
    public static int version(final byte[] bytes, final int start) {
        return (bytes[start] & 0xff) >>> 4;
    }

    /** The header length that an IPv4 header states, bytes; below 20 in a malformed one. */
    public static int ipv4HeaderBytes(final byte[] bytes, final int start) {
        return (bytes[start] & 0x0f) * 4;
    }

    /** The header length that a TCP header states, or 20 where that byte was not kept. */
    public static int tcpHeaderBytes(final byte[] bytes, final int header, final int end) {
        return header + 12 < end ? ((bytes[header + 12] & 0xf0) >>> 4) * 4 : 20;
    }

    private static long locateIpv4(final byte[] bytes, final int start, final int end) {
        if (end - start < 10) {
            return packed(ABSENT, ABSENT);
        }
        final int protocol = bytes[start + 9] & 0xff;
        final int fragmentOffset = (bytes[start + 6] & 0x1f) << 8 | bytes[start + 7] & 0xff;
        return packed(
                protocol, fragmentOffset == 0 ? start + ipv4HeaderBytes(bytes, start) : ABSENT);
    }

    private static long locateIpv6(final byte[] bytes, final int start, final int end) {
        if (end - start < IPV6_HEADER_BYTES) {
            return packed(ABSENT, ABSENT);
        }
        int next = bytes[start + 6] & 0xff;
        int at = start + IPV6_HEADER_BYTES;
        boolean fragment = false;
        while (isExtension(next)) {
            if (fragment || end - at < 8) {
                return packed(ABSENT, ABSENT);
            }
            final int words = bytes[at + 1] & 0xff;
            if (next == FRAGMENT) {
                fragment = (bytes[at + 2] << 8 | bytes[at + 3] & 0xf8) != 0;
                at += 8;
                next = bytes[at - 8] & 0xff;
            } else {
                final int extension = at;
                at += next == AUTHENTICATION ? (words + 2) * 4 : (words + 1) * 8;
                next = bytes[extension] & 0xff;
            }
        }
        return packed(next, fragment ? ABSENT : at);
    }

    private static boolean isExtension(final int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    private static long packed(final int protocol, final int offset) {
        return (long) protocol << 32 | offset & 0xffff_ffffL;
    }
}
