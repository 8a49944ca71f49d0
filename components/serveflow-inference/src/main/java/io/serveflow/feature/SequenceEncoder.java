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
 * Sizes, directions, gaps and TCP flags of packets 1 to N; no address, no port, no payload byte.
 *
 * <p>Columns of a packet, with their value where it is absent:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><th>column</th><th>value</th><th>absent</th></tr>
 * <tr><td>{@code length}</td><td>IP length on the wire, bytes</td><td>-1</td></tr>
 * <tr><td>{@code payload}</td><td>of those, the bytes behind the TCP or UDP header</td><td>-1</td></tr>
 * <tr><td>{@code direction}</td><td>1 from the originator, -1 from the responder</td><td>0</td></tr>
 * <tr><td>{@code gap}</td><td>ln(1 + microseconds since the packet before it), 0 for packet 1 and
 * for a packet that is older than the one before it</td><td>-1</td></tr>
 * <tr><td>{@code fin syn rst psh ack urg ece cwr}</td><td>TCP flags, 0 or 1</td><td>-1</td></tr>
 * </table>
 *
 * <p>All columns of a packet that the record does not have are absent. The flags are absent too
 * where the packet has no TCP header or its flags were cut, and {@code payload} where it has no TCP
 * or UDP header or the header's length was cut. Masks change nothing: what they leave out is not
 * here.
 */
public final class SequenceEncoder implements FeatureEncoder {

    static final String NAME = "sequence";
    static final int VERSION = 1;

    /** In the order of the bits of byte 13 of the TCP header, from the least significant. */
    private static final List<String> FLAGS =
            List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr");

    private static final int FLAGS_BYTE = 13;
    private static final int ABSENT = -1;

    private final int packets;
    private final List<String> columns;

    /**
     * @param packets how many packets from the flow's start are encoded
     */
    public SequenceEncoder(final int packets) {
        this.packets = packets;
        final List<String> names = new ArrayList<>();
        for (int packet = 1; packet <= packets; packet++) {
            for (final String name : List.of("length", "payload", "direction", "gap")) {
                names.add("pkt" + packet + "_" + name);
            }
            for (final String flag : FLAGS) {
                names.add("pkt" + packet + "_" + flag);
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
        return TransportLocator.REACH;
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
        final int present = Math.min(packets, known.count());
        for (int i = 0; i < present; i++) {
            encodePacket(known, i, row);
        }
        for (int i = present; i < packets; i++) {
            row.put(ABSENT).put(ABSENT).put(0).put(ABSENT);
            putAbsentFlags(row);
        }
    }

    private static void encodePacket(final Packets packets, final int i, final FloatBuffer row) {
        final byte[] bytes = packets.bytes();
        final int start = packets.start(i);
        final int end = packets.end(i);
        final long located = TransportLocator.locate(bytes, start, end);
        final int protocol = TransportLocator.protocol(located);
        final int header = TransportLocator.offset(located);
        final boolean tcp = header != TransportLocator.ABSENT && protocol == TransportLocator.TCP;
        final int payload = PacketPayload.lengthOnWire(packets, i, located);
        final long gap = i == 0 ? 0 : packets.offsetMicros(i) - packets.offsetMicros(i - 1);

        row.put(packets.length(i));
        row.put(payload);
        row.put(packets.fromOriginator(i) ? 1 : -1);
        row.put((float) Math.log1p(Math.max(0, gap)));
        if (tcp && header + FLAGS_BYTE < end) {
            final int flags = bytes[header + FLAGS_BYTE];
            for (int bit = 0; bit < FLAGS.size(); bit++) {
                row.put(flags >>> bit & 1);
            }
        } else {
            putAbsentFlags(row);
        }
    }

    private static void putAbsentFlags(final FloatBuffer row) {
        for (int bit = 0; bit < FLAGS.size(); bit++) {
            row.put(ABSENT);
        }
    }
}
