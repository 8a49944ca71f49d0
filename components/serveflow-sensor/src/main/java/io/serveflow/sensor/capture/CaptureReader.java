/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The frames of a capture one after the other. The accessors are those of the frame that the latest
 * {@link #next} came to, and its bytes stay where they are until the next call.
 */
public abstract sealed class CaptureReader implements Closeable permits PcapReader, PcapngReader {

    /** The link type of frames whose interface the capture does not describe. */
    static final int UNDEFINED_INTERFACE = -1;

    /** Four times what capture tools keep of a packet at most; a longer one is a damaged length. */
    static final int MAX_CAPTURED = 1 << 20;

    /** The end of the year 9999, beyond which dates cannot be written; a damaged time stamp. */
    private static final long MAX_MICROS = 253_402_300_799_999_999L;

    /** What a frame may have that is odd and no reason not to read it. */
    enum Oddity {
        /** The length of its block is no multiple of 4, though the block's real one is. */
        UNROUNDED_LENGTH("unrounded_block_length"),
        /** Its block has no time. */
        WITHOUT_TIME("packet_without_time");

        private final String id;

        Oddity(final String id) {
            this.id = id;
        }

        /** The word that it is counted under. */
        String id() {
            return id;
        }
    }

    final CaptureInput input;

    private int linkType;
    private long timeMicros;
    private int offset;
    private int captured;
    private int wireLength;
    private final Set<Oddity> oddities = EnumSet.noneOf(Oddity.class);

    CaptureReader(final CaptureInput input) {
        this.input = input;
    }

    /**
     * Opens a capture of any of the formats.
     *
     * @throws IOException if it cannot be read or is no capture; one sentence that names the file
     */
    public static CaptureReader open(final Path file) throws IOException {
        return open(file.toString(), CaptureInput.open(file));
    }

    /**
     * Reads a capture of any of the formats from its bytes, which are closed with the reader.
     *
     * @param name what messages call it
     */
    static CaptureReader open(final String name, final CaptureInput input) throws IOException {
        try {
            return read(name, input);
        } catch (final IOException e) {
            input.close();
            throw e;
        }
    }

    private static CaptureReader read(final String file, final CaptureInput input)
            throws IOException {
        if (!input.hasMore()) {
            throw new IOException(file + " is empty; a pcap or pcapng capture is needed");
        }
        if (!input.has(4)) {
            throw notACapture(file, input);
        }
        final int magic = input.i32(0, ByteOrder.BIG_ENDIAN);
        try {
            if (magic == PcapngReader.SECTION_HEADER) {
                return new PcapngReader(input);
            }
            for (final PcapReader.Variant variant : PcapReader.Variant.values()) {
                if (magic == variant.magic()) {
                    return new PcapReader(input, variant, ByteOrder.BIG_ENDIAN);
                }
                if (magic == Integer.reverseBytes(variant.magic())) {
                    return new PcapReader(input, variant, ByteOrder.LITTLE_ENDIAN);
                }
            }
        } catch (final DamagedCaptureException e) {
            throw new IOException(file + " cannot be used: " + e.getMessage(), e);
        }
        throw notACapture(file, input);
    }

    /** Whether a file that begins so is a capture. */
    public static boolean isMagic(final byte[] beginning) {
        if (beginning.length < 4) {
            return false;
        }
        final int magic = ByteBuffer.wrap(beginning).getInt();
        return magic == PcapngReader.SECTION_HEADER
                || Arrays.stream(PcapReader.Variant.values())
                        .anyMatch(
                                variant ->
                                        magic == variant.magic()
                                                || magic == Integer.reverseBytes(variant.magic()));
    }

    private static IOException notACapture(final String file, final CaptureInput input)
            throws IOException {
        return new IOException(
                file
                        + " is neither a pcap nor a pcapng capture, it begins with 0x"
                        + HexFormat.of().formatHex(input.peek(4)));
    }

    /**
     * Goes on to the next frame; false at the end.
     *
     * @throws DamagedCaptureException if there is no frame and no end where one must be; nothing
     *     after that can be read
     */
    public abstract boolean next() throws IOException;

    /** What ended the input before its time, if anything but the end of the file did. */
    final Optional<String> damage() {
        return input.damage();
    }

    /** What stands behind a compressed input and is no part of it. */
    final Optional<String> leftover() {
        return input.leftover();
    }

    /** The pcap link type of the frame, or {@link #UNDEFINED_INTERFACE}. */
    public final int linkType() {
        return linkType;
    }

    /** When the frame was captured, microseconds since the epoch. */
    public final long timeMicros() {
        return timeMicros;
    }

    /** The array with the frame in it. */
    public final byte[] bytes() {
        return input.bytes();
    }

    /** Index of the frame's first byte. */
    public final int offset() {
        return offset;
    }

    /** How many bytes of the frame are there. */
    public final int captured() {
        return captured;
    }

    /** How many bytes the frame had on the wire, at least those captured. */
    public final int wireLength() {
        return wireLength;
    }

    /** What is odd about the frame or what was read on the way to it. */
    final Set<Oddity> oddities() {
        return oddities;
    }

    /** Sets the frame, whose bytes are in the window. */
    final void frame(
            final int link, final long micros, final int from, final int length, final long wire) {
        linkType = link;
        timeMicros = Math.max(0, Math.min(MAX_MICROS, micros));
        offset = from;
        captured = length;
        wireLength = (int) Math.max(length, Math.min(wire, Integer.MAX_VALUE));
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
