/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.classify;

import io.serveflow.benchmark.classify.CaptureFile.Frame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Captures as one, as if all had begun at the same moment, and that again some milliseconds later
 * between other hosts, until there are packets enough. Times between packets are those recorded.
 *
 * @param packets how many there are
 * @param leftOut captures that are of another format or of no Ethernet
 */
public record MergedCapture(long packets, int leftOut) {

    private static final long BEGIN_MICROS = 1_700_000_000_000_000L;
    private static final long APART_MICROS = 37_000;
    private static final int MOST_COPIES = 255;
    private static final int SNAP = 262_144;
    private static final int ETHER_TYPE_AT = 12;
    private static final int VLAN = 0x8100;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;

    /** Writes one file of at least so many packets, as far as there are hosts for it. */
    public static MergedCapture write(final Path captures, final long packets, final Path to)
            throws IOException {
        final List<Frame> frames = new ArrayList<>();
        int leftOut = 0;
        for (final Path file : files(captures)) {
            final List<Frame> its = CaptureFile.read(file).frames();
            leftOut += its.isEmpty() ? 1 : 0;
            frames.addAll(its);
        }
        if (frames.isEmpty()) {
            throw new IOException(captures + " has no pcap of Ethernet frames");
        }
        final int copies =
                (int)
                        Math.min(
                                MOST_COPIES,
                                Math.max(1, (packets + frames.size() - 1) / frames.size()));
        final List<Placed> order = new ArrayList<>(copies * frames.size());
        for (int copy = 0; copy < copies; copy++) {
            for (final Frame frame : frames) {
                order.add(new Placed(frame, copy));
            }
        }
        order.sort(Comparator.comparingLong(Placed::micros));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to), 1 << 20)) {
            out.write(fileHeader());
            for (final Placed placed : order) {
                out.write(frameHeader(placed));
                out.write(placed.shifted());
            }
        }
        return new MergedCapture(order.size(), leftOut);
    }

    private static List<Path> files(final Path captures) throws IOException {
        try (Stream<Path> files = Files.walk(captures)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static byte[] fileHeader() {
        return ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(SNAP)
                .putInt(1)
                .array();
    }

    private static byte[] frameHeader(final Placed placed) {
        final long micros = BEGIN_MICROS + placed.micros();
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) (micros / 1_000_000))
                .putInt((int) (micros % 1_000_000))
                .putInt(placed.frame().bytes().length)
                .putInt(placed.frame().wireLength())
                .array();
    }

    /** A frame in one of the copies. */
    private record Placed(Frame frame, int copy) {

        long micros() {
            return frame.micros() + copy * APART_MICROS;
        }

        /** The frame between the hosts of its copy; checksums are left as they are. */
        byte[] shifted() {
            if (copy == 0) {
                return frame.bytes();
            }
            final byte[] bytes = frame.bytes().clone();
            int at = ETHER_TYPE_AT;
            while (at + 4 < bytes.length && u16(bytes, at) == VLAN) {
                at += 4;
            }
            if (at + 2 + 40 > bytes.length) {
                return bytes;
            }
            switch (u16(bytes, at)) {
                case IPV4 -> {
                    shift(bytes, at + 2 + 12, 1, 224);
                    shift(bytes, at + 2 + 16, 1, 224);
                }
                case IPV6 -> {
                    shift(bytes, at + 2 + 8, 9, 255);
                    shift(bytes, at + 2 + 24, 9, 255);
                }
                default -> {
                    // Neither, and of no flow.
                }
            }
            return bytes;
        }

        private void shift(final byte[] bytes, final int address, final int by, final int group) {
            if (Byte.toUnsignedInt(bytes[address]) < group) {
                bytes[address + by] ^= (byte) copy;
            }
        }

        private static int u16(final byte[] bytes, final int at) {
            return Byte.toUnsignedInt(bytes[at]) << 8 | Byte.toUnsignedInt(bytes[at + 1]);
        }
    }
}
