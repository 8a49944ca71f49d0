/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the pcapng capture format: any number of sections, each in a byte order of its own and with
 * its own interfaces. Blocks that hold no packets and no interfaces are skipped.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/">PCAP Now Generic</a>
 */
final class PcapngReader extends CaptureReader {

    /** The type of the block that begins a section, the same in both byte orders. */
    static final int SECTION_HEADER = 0x0a0d0d0a;

    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final int OPTION_TIME_OFFSET = 14;

    /** Type and length before, length again after. */
    private static final int BLOCK_FRAME = 12;

    private static final int MAX_BLOCK = 1 << 24;
    private static final int MAX_INTERFACES = 1 << 16;

    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.BIG_ENDIAN;

    PcapngReader(final CaptureInput input) throws IOException {
        super(input);
        readBlock();
    }

    @Override
    public boolean next() throws IOException {
        oddities().clear();
        while (input.hasMore()) {
            if (readBlock()) {
                return true;
            }
        }
        return false;
    }

    /** Reads one block; true if it held a packet. */
    private boolean readBlock() throws IOException {
        final long position = input.position();
        requireCaptured(input.has(BLOCK_FRAME), position);
        if (input.i32(0, order) == SECTION_HEADER) {
            order = sectionOrder(position);
            interfaces.clear();
        }
        final int type = input.i32(0, order);
        final long stated = input.u32(4, order);
        // Some writers state the length without the padding that they write; so tshark reads them.
        final long length = stated + 3 & ~3L;
        if (stated < leastLength(type)) {
            throw corrupt(position, "has the impossible length " + stated);
        }
        if (stated != length) {
            oddities().add(Oddity.UNROUNDED_LENGTH);
        }
        return switch (type) {
            case SECTION_HEADER, INTERFACE_DESCRIPTION, PACKET, SIMPLE_PACKET, ENHANCED_PACKET -> {
                if (length > MAX_BLOCK) {
                    throw corrupt(position, "claims " + length + " bytes, limit " + MAX_BLOCK);
                }
                requireCaptured(input.has((int) length), position);
                requireSameLength(input.i32((int) length - 4, order), stated, position);
                final boolean packet = readBody(type, (int) length, position);
                input.advance((int) length);
                yield packet;
            }
            default -> {
                requireCaptured(input.skip(length - 4) && input.has(4), position);
                requireSameLength(input.i32(0, order), stated, position);
                input.advance(4);
                yield false;
            }
        };
    }

    private ByteOrder sectionOrder(final long position) throws IOException {
        return switch (input.i32(8, ByteOrder.BIG_ENDIAN)) {
            case BYTE_ORDER_MAGIC -> ByteOrder.BIG_ENDIAN;
            case 0x4d3c2b1a -> ByteOrder.LITTLE_ENDIAN;
            default -> throw corrupt(position, "begins a section without a byte order");
        };
    }

    private static int leastLength(final int type) {
        return switch (type) {
            case SECTION_HEADER -> 28;
            case INTERFACE_DESCRIPTION -> 20;
            case PACKET, ENHANCED_PACKET -> 32;
            case SIMPLE_PACKET -> 16;
            default -> BLOCK_FRAME;
        };
    }

    private boolean readBody(final int type, final int length, final long position)
            throws IOException {
        switch (type) {
            case INTERFACE_DESCRIPTION -> {
                if (interfaces.size() == MAX_INTERFACES) {
                    throw corrupt(
                            position, "describes more than " + MAX_INTERFACES + " interfaces");
                }
                interfaces.add(readInterface(length));
                return false;
            }
            case ENHANCED_PACKET -> {
                readPacket(input.u32(8, order), length, position);
                return true;
            }
            case PACKET -> {
                readPacket(input.u16(8, order), length, position);
                return true;
            }
            case SIMPLE_PACKET -> {
                readSimplePacket(length, position);
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private Interface readInterface(final int length) {
        int resolution = 6;
        long offsetSeconds = 0;
        int option = 16;
        while (option + 4 <= length - 4) {
            final int code = input.u16(option, order);
            final int size = input.u16(option + 2, order);
            if (code == 0 || option + 4 + size > length - 4) {
                break;
            }
            if (code == OPTION_TIME_RESOLUTION && size == 1) {
                resolution = input.u8(option + 4);
            } else if (code == OPTION_TIME_OFFSET && size == 8) {
                offsetSeconds = i64(option + 4);
            }
            option += 4 + (size + 3 & ~3);
        }
        return new Interface(input.u16(8, order), input.u32(12, order), resolution, offsetSeconds);
    }

    /** An enhanced packet block or the packet block before it, which differ in the first fields. */
    private void readPacket(final long interfaceId, final int length, final long position)
            throws IOException {
        final long captured = input.u32(20, order);
        requirePacketLength(captured, length - 32, position);
        final long time = input.u32(12, order) << 32 | input.u32(16, order);
        final int from = input.at() + 28;
        if (interfaceId < interfaces.size()) {
            final Interface on = interfaces.get((int) interfaceId);
            frame(on.linkType, on.micros(time), from, (int) captured, input.u32(24, order));
        } else {
            frame(UNDEFINED_INTERFACE, timeMicros(), from, (int) captured, input.u32(24, order));
        }
    }

    /** A simple packet has no time of its own: it is given that of the packet before. */
    private void readSimplePacket(final int length, final long position) throws IOException {
        final long wire = input.u32(8, order);
        long captured = Math.min(wire, length - 16);
        int linkType = UNDEFINED_INTERFACE;
        if (!interfaces.isEmpty()) {
            final Interface on = interfaces.get(0);
            linkType = on.linkType;
            captured = on.snapLength == 0 ? captured : Math.min(captured, on.snapLength);
        }
        requirePacketLength(captured, length - 16, position);
        oddities().add(Oddity.WITHOUT_TIME);
        frame(linkType, timeMicros(), input.at() + 12, (int) captured, wire);
    }

    private static void requirePacketLength(
            final long captured, final int room, final long position)
            throws DamagedCaptureException {
        if (captured > room || captured > MAX_CAPTURED) {
            throw corrupt(
                    position,
                    "claims "
                            + captured
                            + " captured bytes, the limit is "
                            + Math.min(room, MAX_CAPTURED));
        }
    }

    private static void requireSameLength(final int after, final long before, final long position)
            throws DamagedCaptureException {
        if (Integer.toUnsignedLong(after) != before) {
            throw corrupt(
                    position,
                    "has the length "
                            + before
                            + " before and "
                            + Integer.toUnsignedLong(after)
                            + " after its body");
        }
    }

    private static void requireCaptured(final boolean there, final long position)
            throws DamagedCaptureException {
        if (!there) {
            throw DamagedCaptureException.truncated(
                    "it is cut off within the block at byte " + position);
        }
    }

    private static DamagedCaptureException corrupt(final long position, final String what) {
        return DamagedCaptureException.corrupt("the block at byte " + position + ' ' + what);
    }

    private long i64(final int index) {
        final long first = input.u32(index, order);
        final long second = input.u32(index + 4, order);
        return order == ByteOrder.BIG_ENDIAN ? first << 32 | second : second << 32 | first;
    }

    /**
     * What a section says of one of its interfaces.
     *
     * @param resolution the unit of time stamps: 10 to the power of minus this, or 2 if bit 7 is
     *     set
     */
    private record Interface(int linkType, long snapLength, int resolution, long offsetSeconds) {

        private static final long MICROS_PER_SECOND = 1_000_000;
        private static final int MICRO_DIGITS = 6;

        long micros(final long time) {
            final int exponent = resolution & 0x7f;
            final long micros =
                    (resolution & 0x80) != 0 ? ofBinary(time, exponent) : ofDecimal(time, exponent);
            return micros + offsetSeconds * MICROS_PER_SECOND;
        }

        private static long ofDecimal(final long time, final int digits) {
            long micros = time;
            for (int i = digits; i < MICRO_DIGITS; i++) {
                micros *= 10;
            }
            for (int i = MICRO_DIGITS; i < digits && micros != 0; i++) {
                micros = Long.divideUnsigned(micros, 10);
            }
            return micros;
        }

        private static long ofBinary(final long time, final int bits) {
            if (bits >= Long.SIZE) {
                return 0;
            }
            final long fraction = bits == 0 ? 0 : time << Long.SIZE - bits;
            // The fraction as a 64-bit fixed point number, of which the upper half is enough.
            return (time >>> bits) * MICROS_PER_SECOND
                    + ((fraction >>> 32) * MICROS_PER_SECOND >>> 32);
        }
    }
}
