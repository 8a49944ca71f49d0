/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.packet.PacketPayload;
import io.serveflow.packet.TransportLocator;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How each side of a flow begins to speak: the first bytes of its first payload, and what the kept
 * part of that payload is made of.
 *
 * <p>With one packet there is one side, that of packet 1 itself, named {@code first}; with more,
 * {@code orig} and {@code resp} are the first packets with payload of the originator and of the
 * responder among the packets 1 to N. Columns of a side:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><th>column</th><th>value</th><th>absent</th></tr>
 * <tr><td>{@code byte1} to {@code byte32}</td><td>0 to 255</td><td>-1</td></tr>
 * <tr><td>{@code word1} to {@code word6}</td><td>bytes 1 and 2, 3 and 4, to 11 and 12, big endian;
 * many protocols begin with lengths, types and versions of that form</td><td>-1</td></tr>
 * <tr><td>{@code printable zeros digits upper lower spaces high}</td><td>share of the bytes that
 * are ASCII 32 to 126; 0; digits; letters of either case; space, CR or LF; above
 * 127</td><td>-1</td></tr>
 * <tr><td>{@code distinct}</td><td>how many different values the bytes have, as a share of their
 * number; near 1 where they are encrypted or random</td><td>-1</td></tr>
 * </table>
 *
 * <p>The shares are of the payload that lies in the first {@value #REACH} bytes of the packet from
 * its IP header on, which is what sensors keep by default: a capture that kept more gives the same
 * row.
 */
public final class PayloadEncoder implements FeatureEncoder {

    static final String NAME = "payload";
    static final int VERSION = 1;

    /** Bytes from the IP header on that are looked at. */
    static final int REACH = 128;

    private static final int BYTES = 32;
    private static final int WORDS = 6;
    private static final List<String> MAKE_UP =
            List.of("printable", "zeros", "digits", "upper", "lower", "spaces", "high", "distinct");

    /** By byte, a 1 in each count that it belongs to; counts of all kinds but the last in one. */
    private static final long[] KINDS = kinds();

    /** A count of up to {@value #REACH}. */
    private static final int KIND_BITS = 8;

    private static final int SIDE_WIDTH = BYTES + WORDS + MAKE_UP.size();
    private static final float ABSENT = -1;

    private final int packets;
    private final List<String> columns;

    /**
     * @param packets how many packets from the flow's start are looked at
     */
    public PayloadEncoder(final int packets) {
        this.packets = packets;
        final List<String> names = new ArrayList<>();
        for (final String side : packets == 1 ? List.of("first") : List.of("orig", "resp")) {
            for (int i = 1; i <= BYTES; i++) {
                names.add(side + "_byte" + i);
            }
            for (int i = 1; i <= WORDS; i++) {
                names.add(side + "_word" + i);
            }
            for (final String name : MAKE_UP) {
                names.add(side + "_" + name);
            }
        }
        this.columns = List.copyOf(names);
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_PACKETS;
    }

    @Override
    public int width() {
        return columns.size();
    }

    @Override
    public int reach() {
        return REACH;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public void encode(final FlowRecord flow, final FloatBuffer row) {
        if (row.remaining() < width()) {
            throw new BufferOverflowException();
        }
        final Packets known = flow.packets();
        if (packets == 1) {
            encodeSide(known, known.count() > 0 && hasPayload(known, 0) ? 0 : -1, row);
        } else {
            encodeSide(known, firstWithPayload(known, true), row);
            encodeSide(known, firstWithPayload(known, false), row);
        }
    }

    /** The first packet of a side that has payload, or -1. */
    private int firstWithPayload(final Packets known, final boolean fromOriginator) {
        final int present = Math.min(packets, known.count());
        for (int i = 0; i < present; i++) {
            if (known.fromOriginator(i) == fromOriginator && hasPayload(known, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean hasPayload(final Packets known, final int i) {
        return from(known, i) < to(known, i);
    }

    /** Writes what packet i says of its side, or that the side is silent. */
    private static void encodeSide(final Packets known, final int i, final FloatBuffer row) {
        if (i < 0) {
            for (int column = 0; column < SIDE_WIDTH; column++) {
                row.put(ABSENT);
            }
            return;
        }
        final byte[] bytes = known.bytes();
        final int from = from(known, i);
        final int to = to(known, i);
        for (int at = from; at < from + BYTES; at++) {
            row.put(at < to ? bytes[at] & 0xff : ABSENT);
        }
        for (int at = from; at < from + 2 * WORDS; at += 2) {
            row.put(at + 1 < to ? (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff : ABSENT);
        }
        encodeMakeUp(bytes, from, to, row);
    }

    private static void encodeMakeUp(
            final byte[] bytes, final int from, final int to, final FloatBuffer row) {
        long counts = 0;
        long seen = 0; // bit by bit the values 0 to 63, and so on
        long seen64 = 0;
        long seen128 = 0;
        long seen192 = 0;
        for (int at = from; at < to; at++) {
            final int c = bytes[at] & 0xff;
            counts += KINDS[c];
            final long bit = 1L << c;
            final int quarter = c >>> 6;
            seen |= quarter == 0 ? bit : 0;
            seen64 |= quarter == 1 ? bit : 0;
            seen128 |= quarter == 2 ? bit : 0;
            seen192 |= quarter == 3 ? bit : 0;
        }
        final int length = to - from;
        for (int kind = 0; kind < MAKE_UP.size() - 1; kind++) {
            row.put((float) (counts >>> KIND_BITS * kind & (1 << KIND_BITS) - 1) / length);
        }
        final int distinct =
                Long.bitCount(seen)
                        + Long.bitCount(seen64)
                        + Long.bitCount(seen128)
                        + Long.bitCount(seen192);
        row.put((float) distinct / length);
    }

    private static long[] kinds() {
        final long[] kinds = new long[256];
        for (int c = 0; c < kinds.length; c++) {
            final boolean[] belongs = {
                c >= ' ' && c <= '~',
                c == 0,
                c >= '0' && c <= '9',
                c >= 'A' && c <= 'Z',
                c >= 'a' && c <= 'z',
                c == ' ' || c == '\r' || c == '\n',
                c >= 0x80
            };
            for (int kind = 0; kind < belongs.length; kind++) {
                kinds[c] |= belongs[kind] ? 1L << KIND_BITS * kind : 0;
            }
        }
        return kinds;
    }

    private static int from(final Packets known, final int i) {
        final int start =
                PacketPayload.start(
                        known,
                        i,
                        TransportLocator.locate(known.bytes(), known.start(i), known.end(i)));
        return start == PacketPayload.ABSENT ? known.end(i) : start;
    }

    /** Behind the last byte of payload within reach; bytes of padding are none. */
    private static int to(final Packets known, final int i) {
        final int kept = Math.min(known.end(i) - known.start(i), known.length(i));
        return known.start(i) + Math.min(kept, REACH);
    }
}
