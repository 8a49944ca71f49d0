/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import java.io.IOException;
import java.nio.ByteOrder;

/**
 * Reads the classic capture format in either byte order.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/">PCAP Capture File
 *     Format</a>
 */
final class PcapReader extends CaptureReader {

    /** The forms of the format, distinguished by the first four bytes of the file. */
    enum Variant {
        MICROSECONDS(0xa1b2c3d4, 1, 16),
        NANOSECONDS(0xa1b23c4d, 1_000, 16),
        /** Of a patched libpcap: eight more bytes about the interface a record. */
        MODIFIED(0xa1b2cd34, 1, 24);

        private final int magic;
        private final int unitsPerMicro;
        private final int recordHeader;

        Variant(final int magic, final int unitsPerMicro, final int recordHeader) {
            this.magic = magic;
            this.unitsPerMicro = unitsPerMicro;
            this.recordHeader = recordHeader;
        }

        int magic() {
            return magic;
        }
    }

    private static final int FILE_HEADER = 24;
    private static final int MICROS_PER_SECOND = 1_000_000;

    private final Variant variant;
    private final ByteOrder order;
    private final int linkType;

    PcapReader(final CaptureInput input, final Variant variant, final ByteOrder order)
            throws IOException {
        super(input);
        this.variant = variant;
        this.order = order;
        if (!input.has(FILE_HEADER)) {
            throw DamagedCaptureException.truncated("it ends within its file header");
        }
        linkType = input.i32(20, order) & 0xffff; // above are flags and the length of a checksum
        input.advance(FILE_HEADER);
    }

    @Override
    public boolean next() throws IOException {
        if (!input.hasMore()) {
            return false;
        }
        final long position = input.position();
        if (!input.has(variant.recordHeader)) {
            throw cutOff(position);
        }
        final long captured = input.u32(8, order);
        if (captured > MAX_CAPTURED) {
            throw DamagedCaptureException.corrupt(
                    "the packet at byte "
                            + position
                            + " claims "
                            + captured
                            + " captured bytes, the limit is "
                            + MAX_CAPTURED);
        }
        final int length = (int) captured;
        if (!input.has(variant.recordHeader + length)) {
            throw cutOff(position);
        }
        final long micros =
                input.u32(0, order) * MICROS_PER_SECOND
                        + input.u32(4, order) / variant.unitsPerMicro;
        final int from = input.at() + variant.recordHeader;
        frame(linkType, micros, from, length, input.u32(12, order));
        input.advance(variant.recordHeader + length);
        return true;
    }

    private static DamagedCaptureException cutOff(final long position) {
        return DamagedCaptureException.truncated(
                "it is cut off within the packet at byte " + position);
    }
}
