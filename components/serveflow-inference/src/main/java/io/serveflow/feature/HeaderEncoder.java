/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.packet.PacketPayload;
import io.serveflow.packet.TransportLocator;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The header fields of packets 1 to N as numbers, one column a field, and what they come to
 * together; no address and no payload byte.
 *
 * <p>It says what {@link NprintEncoder} says with a hundredth of the columns: a tree needs one
 * split for "port below 1,024" and some sixteen for the same on bits.
 *
 * <p>Columns of a flow, of which the ports are left out by {@link Mask#PORTS}:
 *
 * <table>
 * <caption>Columns of a flow</caption>
 * <tr><th>column</th><th>value</th></tr>
 * <tr><td>{@code transport}</td><td>IP protocol number</td></tr>
 * <tr><td>{@code orig_port resp_port}</td><td>the ports; for ICMP what stands for them</td></tr>
 * <tr><td>{@code low_port high_port}</td><td>the same by size, for flows whose start was
 * missed</td></tr>
 * <tr><td>{@code orig_range resp_range}</td><td>0 below 1,024, 1 below 10,000, 2 below 32,768,
 * else 3</td></tr>
 * </table>
 *
 * <p>Columns of a packet, with their value where it is absent:
 *
 * <table>
 * <caption>Columns of a packet</caption>
 * <tr><th>column</th><th>value</th><th>absent</th></tr>
 * <tr><td>{@code length}</td><td>IP length on the wire, negative from the responder</td><td>0</td></tr>
 * <tr><td>{@code payload}</td><td>of those, the bytes behind the transport header, negative from
 * the responder</td><td>0</td></tr>
 * <tr><td>{@code flags}</td><td>byte 13 of the TCP header</td><td>-1</td></tr>
 * <tr><td>{@code ttl}</td><td>time to live or hop limit</td><td>-1</td></tr>
 * <tr><td>{@code window}</td><td>TCP window as it stands there</td><td>-1</td></tr>
 * <tr><td>{@code options}</td><td>bytes of TCP options</td><td>-1</td></tr>
 * <tr><td>{@code gap}</td><td>ln(1 + microseconds since the packet before), 0 for packet 1 and for
 * a packet that is older than the one before it</td><td>-1</td></tr>
 * </table>
 *
 * <p>Behind the packets, for N above 1, what they come to: {@code packets}, and each way {@code
 * bytes} of payload, {@code packets} and the {@code largest} payload; {@code deviation} of the
 * signed payload sizes, {@code duration} as ln(1 + microseconds), {@code filled} packets with
 * payload, and {@code turns}, how often the side that sends payload changes.
 *
 * <p>All that is read lies in the first 60 bytes of a packet with IPv4 and 80 with IPv6 that has no
 * extension headers, so a sensor that cuts packets there changes nothing.
 */
public final class HeaderEncoder implements FeatureEncoder {

    static final String NAME = "header";
    static final int VERSION = 1;

    private static final List<String> PORTS =
            List.of("orig_port", "resp_port", "low_port", "high_port", "orig_range", "resp_range");
    private static final List<String> OF_PACKET =
            List.of("length", "payload", "flags", "ttl", "window", "options", "gap");
    private static final List<String> TOGETHER =
            List.of(
                    "packets",
                    "orig_bytes",
                    "resp_bytes",
                    "orig_packets",
                    "resp_packets",
                    "orig_largest",
                    "resp_largest",
                    "deviation",
                    "duration",
                    "filled",
                    "turns");

    private static final int ABSENT = -1;

    private final int packets;
    private final boolean ports;
    private final List<String> columns;

    /**
     * @param packets how many packets from the flow's start are encoded
     * @param mask of these only {@link Mask#PORTS} changes something, what the others leave out is
     *     not here
     */
    public HeaderEncoder(final int packets, final Set<Mask> mask) {
        this.packets = packets;
        this.ports = !mask.contains(Mask.PORTS);
        final List<String> names = new ArrayList<>();
        names.add("transport");
        if (ports) {
            names.addAll(PORTS);
        }
        for (int packet = 1; packet <= packets; packet++) {
            for (final String name : OF_PACKET) {
                names.add("pkt" + packet + "_" + name);
            }
        }
        if (packets > 1) {
            names.addAll(TOGETHER);
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
        encodeTuple(flow.tuple(), row);
        for (int i = 0; i < present; i++) {
            encodePacket(known, i, row);
        }
        for (int i = present; i < packets; i++) {
            row.put(0).put(0).put(ABSENT).put(ABSENT).put(ABSENT).put(ABSENT).put(ABSENT);
        }
        if (packets > 1) {
            encodeTogether(known, present, row);
        }
    }

    private void encodeTuple(final FlowTuple tuple, final FloatBuffer row) {
        row.put(tuple.transport().number());
        if (ports) {
            final int originator = tuple.originatorPort();
            final int responder = tuple.responderPort();
            row.put(originator).put(responder);
            row.put(Math.min(originator, responder)).put(Math.max(originator, responder));
            row.put(range(originator)).put(range(responder));
        }
    }

    private static void encodePacket(final Packets packets, final int i, final FloatBuffer row) {
        final byte[] bytes = packets.bytes();
        final int start = packets.start(i);
        final int end = packets.end(i);
        final long located = TransportLocator.locate(bytes, start, end);
        final int header = TransportLocator.offset(located);
        final boolean tcp =
                header != TransportLocator.ABSENT
                        && TransportLocator.protocol(located) == TransportLocator.TCP;
        final int sign = packets.fromOriginator(i) ? 1 : -1;
        final int payload = PacketPayload.lengthOnWire(packets, i, located);
        final long gap = i == 0 ? 0 : packets.offsetMicros(i) - packets.offsetMicros(i - 1);

        row.put(sign * packets.length(i));
        row.put(sign * Math.max(0, payload));
        row.put(tcp && header + 13 < end ? bytes[header + 13] & 0xff : ABSENT);
        row.put(timeToLive(bytes, start, end));
        row.put(
                tcp && header + 15 < end
                        ? (bytes[header + 14] & 0xff) << 8 | bytes[header + 15] & 0xff
                        : ABSENT);
        row.put(
                tcp && header + 12 < end
                        ? TransportLocator.tcpHeaderBytes(bytes, header, end) - 20
                        : ABSENT);
        row.put((float) Math.log1p(Math.max(0, gap)));
    }

    private static void encodeTogether(
            final Packets packets, final int present, final FloatBuffer row) {
        int originatorBytes = 0;
        int responderBytes = 0;
        int originatorPackets = 0;
        int originatorLargest = 0;
        int responderLargest = 0;
        int filled = 0;
        int turns = 0;
        int sender = 0;
        double squares = 0;
        for (int i = 0; i < present; i++) {
            final int payload = Math.max(0, PacketPayload.lengthOnWire(packets, i));
            final int side = packets.fromOriginator(i) ? 1 : -1;
            if (side > 0) {
                originatorBytes += payload;
                originatorPackets++;
                originatorLargest = Math.max(originatorLargest, payload);
            } else {
                responderBytes += payload;
                responderLargest = Math.max(responderLargest, payload);
            }
            squares += (double) payload * payload;
            if (payload > 0) {
                filled++;
                turns += side == sender ? 0 : 1;
                sender = side;
            }
        }
        final double mean =
                present == 0 ? 0 : (double) (originatorBytes - responderBytes) / present;
        final double variance = present == 0 ? 0 : squares / present - mean * mean;
        row.put(present);
        row.put(originatorBytes).put(responderBytes);
        row.put(originatorPackets).put(present - originatorPackets);
        row.put(originatorLargest).put(responderLargest);
        row.put((float) Math.sqrt(Math.max(0, variance)));
        row.put(
                present == 0
                        ? 0
                        : (float) Math.log1p(Math.max(0, packets.offsetMicros(present - 1))));
        row.put(filled).put(turns);
    }

    private static int timeToLive(final byte[] bytes, final int start, final int end) {
        final int version = end <= start ? 0 : TransportLocator.version(bytes, start);
        final int at = start + (version == 4 ? 8 : 7);
        return (version == 4 || version == 6) && at < end ? bytes[at] & 0xff : ABSENT;
    }

    static int range(final int port) {
        if (port < 1_024) {
            return 0;
        }
        if (port < 10_000) {
            return 1;
        }
        return port < 32_768 ? 2 : 3;
    }
}
