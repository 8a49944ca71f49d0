/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.classify;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The packets of a capture of Ethernet frames in the classic format, gzip-compressed or not, as
 * they are. Other captures have none here.
 */
record CaptureFile(List<Frame> frames) {

    private static final int MICROS = 0xa1b2c3d4;
    private static final int NANOS = 0xa1b23c4d;
    private static final int FILE_HEADER = 24;
    private static final int FRAME_HEADER = 16;
    private static final int LINK_TYPE_AT = 20;
    private static final int ETHERNET = 1;
    private static final int GZIP = 0x1f;

    /**
     * A packet with its link header.
     *
     * @param micros since the first packet of its capture
     * @param wireLength bytes that it had on the wire
     */
    record Frame(long micros, byte[] bytes, int wireLength) {}

    static CaptureFile read(final Path file) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(unpacked(file));
        final List<Frame> frames = new ArrayList<>();
        if (bytes.remaining() < FILE_HEADER || !ordered(bytes)) {
            return new CaptureFile(frames);
        }
        final int unitsInAMicro = bytes.getInt(0) == NANOS ? 1000 : 1;
        if (bytes.getInt(LINK_TYPE_AT) != ETHERNET) {
            return new CaptureFile(frames);
        }
        bytes.position(FILE_HEADER);
        long begin = -1;
        while (bytes.remaining() >= FRAME_HEADER) {
            final long seconds = Integer.toUnsignedLong(bytes.getInt());
            final long micros = seconds * 1_000_000 + bytes.getInt() / unitsInAMicro;
            final int captured = bytes.getInt();
            final int wireLength = bytes.getInt();
            if (captured < 0 || captured > bytes.remaining()) {
                break;
            }
            final byte[] frame = new byte[captured];
            bytes.get(frame);
            begin = begin < 0 ? micros : begin;
            frames.add(new Frame(Math.max(0, micros - begin), frame, wireLength));
        }
        return new CaptureFile(frames);
    }

    private static boolean ordered(final ByteBuffer bytes) {
        for (final ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            final int magic = bytes.order(order).getInt(0);
            if (magic == MICROS || magic == NANOS) {
                return true;
            }
        }
        return false;
    }

    private static byte[] unpacked(final Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(1);
            final boolean packed = in.read() == GZIP;
            in.reset();
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (InputStream content = packed ? new GZIPInputStream(in) : in) {
                content.transferTo(out);
            }
            return out.toByteArray();
        }
    }
}
