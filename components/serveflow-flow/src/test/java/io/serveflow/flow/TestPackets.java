/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.nio.ByteBuffer;

/** Makes packets by hand, header by header; checksums are zero. */
public final class TestPackets {

    public static final int TCP = 6;
    public static final int UDP = 17;

    private TestPackets() {}

    /** A TCP header without options and what follows it. */
    public static byte[] tcp(
            final int source, final int destination, final int flags, final byte[] payload) {
        return tcp(source, destination, 1, 2, flags, payload);
    }

    /** A TCP header without options and what follows it. */
    public static byte[] tcp(
            final int source,
            final int destination,
            final int sequence,
            final int acknowledged,
            final int flags,
            final byte[] payload) {
        return ByteBuffer.allocate(20 + payload.length)
                .putShort((short) source)
                .putShort((short) destination)
                .putInt(sequence)
                .putInt(acknowledged)
                .put((byte) 0x50)
                .put((byte) flags)
                .putShort((short) 8192)
                .putInt(0)
                .put(payload)
                .array();
    }

    /** A UDP header and what follows it. */
    public static byte[] udp(final int source, final int destination, final byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putShort((short) source)
                .putShort((short) destination)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    /** An IPv4 packet without options. */
    public static byte[] ipv4(
            final int protocol,
            final String source,
            final String destination,
            final byte[] payload) {
        return ipv4(protocol, source, destination, 0, new byte[0], payload);
    }

    /**
     * An IPv4 packet.
     *
     * @param fragment flags and fragment offset, as the header has them
     * @param options a multiple of four bytes
     */
    public static byte[] ipv4(
            final int protocol,
            final String source,
            final String destination,
            final int fragment,
            final byte[] options,
            final byte[] payload) {
        final int header = 20 + options.length;
        return ByteBuffer.allocate(header + payload.length)
                .put((byte) (0x40 | header / 4))
                .put((byte) 0)
                .putShort((short) (header + payload.length))
                .putShort((short) 7)
                .putShort((short) fragment)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(IpAddress.parse(source))
                .put(IpAddress.parse(destination))
                .put(options)
                .put(payload)
                .array();
    }

    /** An IPv6 packet; {@code next} is the first header in the payload. */
    public static byte[] ipv6(
            final int next, final String source, final String destination, final byte[] payload) {
        return ByteBuffer.allocate(40 + payload.length)
                .putInt(0x60000000)
                .putShort((short) payload.length)
                .put((byte) next)
                .put((byte) 64)
                .put(IpAddress.parse(source))
                .put(IpAddress.parse(destination))
                .put(payload)
                .array();
    }

    /**
     * An IPv6 extension header and what follows it.
     *
     * @param body the header after its first two bytes
     */
    public static byte[] extension(
            final int next, final int length, final byte[] body, final byte[] payload) {
        return ByteBuffer.allocate(2 + body.length + payload.length)
                .put((byte) next)
                .put((byte) length)
                .put(body)
                .put(payload)
                .array();
    }

    /** Arrays one after the other. */
    public static byte[] concat(final byte[]... parts) {
        int length = 0;
        for (final byte[] part : parts) {
            length += part.length;
        }
        final ByteBuffer all = ByteBuffer.allocate(length);
        for (final byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** Bytes from their values. */
    public static byte[] bytes(final int... values) {
        final byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
