/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes captures byte by byte, in either byte order, whole or with faults. */
public final class CaptureBuilder {

    public static final int PCAP_MICROSECONDS = 0xa1b2c3d4;
    public static final int PCAP_NANOSECONDS = 0xa1b23c4d;
    public static final int PCAP_MODIFIED = 0xa1b2cd34;

    private static final long MICROS_PER_SECOND = 1_000_000;

    private final ByteOrder order;
    private final int magic;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CaptureBuilder(final ByteOrder order, final int magic) {
        this.order = order;
        this.magic = magic;
    }

    /** A classic capture with its file header. */
    public static CaptureBuilder pcap(final ByteOrder order, final int magic, final int linkType) {
        final CaptureBuilder capture = new CaptureBuilder(order, magic);
        return capture.write(
                capture.room(24)
                        .putInt(magic)
                        .putShort((short) 2)
                        .putShort((short) 4)
                        .putLong(0)
                        .putInt(65_535)
                        .putInt(linkType));
    }

    /** A pcapng capture with a section header and nothing more. */
    public static CaptureBuilder pcapng(final ByteOrder order) {
        return new CaptureBuilder(order, 0).section();
    }

    /** A packet record of a classic capture. */
    public CaptureBuilder packet(final long micros, final byte[] frame) {
        final int unitsPerMicro = magic == PCAP_NANOSECONDS ? 1000 : 1;
        final boolean modified = magic == PCAP_MODIFIED;
        return write(
                        room(modified ? 24 : 16)
                                .putInt((int) (micros / MICROS_PER_SECOND))
                                .putInt((int) (micros % MICROS_PER_SECOND * unitsPerMicro))
                                .putInt(frame.length)
                                .putInt(frame.length))
                .raw(frame);
    }

    /** The block that begins a section. */
    public CaptureBuilder section() {
        return block(
                0x0a0d0d0a,
                room(16).putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1));
    }

    /** Describes the section's next interface. */
    public CaptureBuilder describeInterface(
            final int linkType, final int snapLength, final byte[] options) {
        return block(
                1,
                room(8 + options.length)
                        .putShort((short) linkType)
                        .putShort((short) 0)
                        .putInt(snapLength)
                        .put(options));
    }

    /** Describes an interface with microseconds and no limit. */
    public CaptureBuilder describeInterface(final int linkType) {
        return describeInterface(linkType, 0, new byte[0]);
    }

    /** The interface option that gives the unit of time stamps. */
    public byte[] resolution(final int value) {
        return option(9, room(1).put((byte) value));
    }

    /** The interface option that gives the seconds to add to time stamps. */
    public byte[] timeOffset(final long seconds) {
        return option(14, room(8).putLong(seconds));
    }

    public CaptureBuilder enhancedPacket(final int on, final long time, final byte[] frame) {
        return packetBlock(6, room(4).putInt(on), time, frame);
    }

    public CaptureBuilder obsoletePacket(final int on, final long time, final byte[] frame) {
        return packetBlock(2, room(4).putShort((short) on).putShort((short) 0xffff), time, frame);
    }

    public CaptureBuilder simplePacket(final byte[] frame, final int wireLength) {
        return block(3, room(4 + padded(frame.length)).putInt(wireLength).put(frame));
    }

    /** A block of any type; the body's length is a multiple of four. */
    public CaptureBuilder block(final int type, final ByteBuffer body) {
        final int length = 12 + body.capacity();
        return write(room(length).putInt(type).putInt(length).put(body.array()).putInt(length));
    }

    /** Room for numbers in the capture's byte order. */
    public ByteBuffer room(final int bytes) {
        return ByteBuffer.allocate(bytes).order(order);
    }

    public CaptureBuilder raw(final byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Goes on in another byte order, that of the next section. */
    public CaptureBuilder in(final ByteOrder other) {
        return new CaptureBuilder(other, magic).raw(bytes());
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    private CaptureBuilder packetBlock(
            final int type, final ByteBuffer on, final long time, final byte[] frame) {
        return block(
                type,
                room(20 + padded(frame.length))
                        .put(on.array())
                        .putInt((int) (time >>> 32))
                        .putInt((int) time)
                        .putInt(frame.length)
                        .putInt(frame.length)
                        .put(frame));
    }

    private byte[] option(final int code, final ByteBuffer value) {
        return room(4 + padded(value.capacity()))
                .putShort((short) code)
                .putShort((short) value.capacity())
                .put(value.array())
                .array();
    }

    private CaptureBuilder write(final ByteBuffer bytes) {
        return raw(bytes.array());
    }

    private static int padded(final int length) {
        return length + 3 & ~3;
    }
}
