/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The text and byte forms of IP addresses: parsed without name resolution, printed as RFC 5952 has
 * it.
 */
public final class IpAddress {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_GROUPS = 8;

    private IpAddress() {}

    /** Whether a literal is one of IPv6, which its colons tell. */
    public static boolean isIpv6(final CharSequence literal) {
        for (int i = 0; i < literal.length(); i++) {
            if (literal.charAt(i) == ':') {
                return true;
            }
        }
        return false;
    }

    /**
     * The bytes of an address literal in network order: 4 for IPv4, 16 for IPv6 (an IPv4-mapped one
     * included).
     *
     * <p>IPv4 must be four decimal numbers without leading zeros, which some systems read as octal.
     * IPv6 is what RFC 4291 section 2.2 allows; there is no zone ({@code %eth0}), because a zone
     * names nothing outside its host.
     *
     * @throws IllegalArgumentException if it is no such literal, a host name for example
     */
    public static byte[] parse(final String literal) {
        final byte[] address = new byte[isIpv6(literal) ? IPV6_BYTES : IPV4_BYTES];
        parse(literal, address);
        return address;
    }

    /**
     * The same into an array that has room for either; returns the address's length, 4 or 16.
     *
     * @throws IllegalArgumentException if it is no such literal
     */
    public static int parse(final CharSequence literal, final byte[] address) {
        if (isIpv6(literal)) {
            parseIpv6(literal, address);
            return IPV6_BYTES;
        }
        parseIpv4(literal, 0, address, 0);
        return IPV4_BYTES;
    }

    /**
     * The canonical text of an address: IPv4 dotted, IPv6 as in RFC 5952, IPv4-mapped IPv6 with its
     * last 32 bits dotted ({@code ::ffff:192.0.2.1}, section 5).
     *
     * @param bytes where the address is, in network order
     * @param offset its first byte
     * @param length 4 or 16
     * @throws IllegalArgumentException if the length is another
     */
    public static String format(final byte[] bytes, final int offset, final int length) {
        final StringBuilder text = new StringBuilder(length == IPV4_BYTES ? 15 : 39);
        switch (length) {
            case IPV4_BYTES -> appendIpv4(text, bytes, offset);
            case IPV6_BYTES -> appendIpv6(text, bytes, offset);
            default ->
                    throw new IllegalArgumentException(
                            "an IP address has 4 or 16 bytes, not " + length);
        }
        return text.toString();
    }

    private static void appendIpv4(final StringBuilder text, final byte[] bytes, final int offset) {
        for (int i = 0; i < IPV4_BYTES; i++) {
            if (i > 0) {
                text.append('.');
            }
            text.append(bytes[offset + i] & 0xff);
        }
    }

    private static void appendIpv6(final StringBuilder text, final byte[] bytes, final int offset) {
        if (isIpv4Mapped(bytes, offset)) {
            text.append("::ffff:");
            appendIpv4(text, bytes, offset + 12);
            return;
        }
        int zerosFrom = -1;
        int zeros = 1; // one zero group alone is written out, RFC 5952 section 4.2.2
        for (int i = 0; i < IPV6_GROUPS; i++) {
            int end = i;
            while (end < IPV6_GROUPS && group(bytes, offset, end) == 0) {
                end++;
            }
            if (end - i > zeros) {
                zerosFrom = i;
                zeros = end - i;
            }
            i = Math.max(i, end - 1);
        }
        for (int i = 0; i < IPV6_GROUPS; i++) {
            if (i == zerosFrom) {
                text.append("::");
                i += zeros - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(bytes, offset, i)));
        }
    }

    private static boolean isIpv4Mapped(final byte[] bytes, final int offset) {
        for (int i = 0; i < 5; i++) {
            if (group(bytes, offset, i) != 0) {
                return false;
            }
        }
        return group(bytes, offset, 5) == 0xffff;
    }

    private static int group(final byte[] bytes, final int offset, final int i) {
        return (bytes[offset + 2 * i] & 0xff) << 8 | bytes[offset + 2 * i + 1] & 0xff;
    }

    private static void parseIpv4(
            final CharSequence literal, final int from, final byte[] address, final int to) {
        int at = from;
        for (int i = 0; i < IPV4_BYTES; i++) {
            if (i > 0) {
                require(at < literal.length() && literal.charAt(at) == '.', literal);
                at++;
            }
            final int start = at;
            int number = 0;
            while (at < literal.length() && at - start < 3 && isDigit(literal.charAt(at))) {
                number = number * 10 + literal.charAt(at++) - '0';
            }
            final boolean leadingZero = at - start > 1 && literal.charAt(start) == '0';
            require(at > start && !leadingZero && number <= 0xff, literal);
            address[to + i] = (byte) number;
        }
        require(at == literal.length(), literal);
    }

    private static void parseIpv6(final CharSequence literal, final byte[] address) {
        final int length = literal.length();
        int at = 0;
        int written = 0;
        int gap = -1; // where "::" stands in the bytes
        if (length > 1 && literal.charAt(0) == ':' && literal.charAt(1) == ':') {
            gap = 0;
            at = 2;
        }
        while (at < length) {
            final int start = at;
            int number = 0;
            while (at < length && at - start < 4 && HexFormat.isHexDigit(literal.charAt(at))) {
                number = number << 4 | HexFormat.fromHexDigit(literal.charAt(at++));
            }
            if (at < length && literal.charAt(at) == '.') {
                require(written <= IPV6_BYTES - IPV4_BYTES, literal);
                parseIpv4(literal, start, address, written);
                written += IPV4_BYTES;
                break;
            }
            require(at > start && written < IPV6_BYTES, literal);
            address[written++] = (byte) (number >>> 8);
            address[written++] = (byte) number;
            if (at == length) {
                break;
            }
            require(literal.charAt(at++) == ':' && at < length, literal);
            if (literal.charAt(at) == ':') {
                require(gap < 0, literal);
                gap = written;
                at++;
            }
        }
        if (gap < 0) {
            require(written == IPV6_BYTES, literal);
        } else {
            // "::" stands for at least one group.
            require(written < IPV6_BYTES, literal);
            final int tail = written - gap;
            System.arraycopy(address, gap, address, IPV6_BYTES - tail, tail);
            Arrays.fill(address, gap, IPV6_BYTES - tail, (byte) 0);
        }
    }

    private static boolean isDigit(final char c) {
        return c >= '0' && c <= '9';
    }

    private static void require(final boolean valid, final CharSequence literal) {
        if (!valid) {
            throw new IllegalArgumentException("'" + literal + "' is no IP address");
        }
    }
}
