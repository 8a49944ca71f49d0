/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.handshake.NetworkOrder.i32;
import static io.serveflow.handshake.NetworkOrder.u16;

import io.serveflow.flow.Packets;
import io.serveflow.packet.PacketPayload;
import io.serveflow.packet.TransportLocator;
import java.util.Arrays;

/** What a flow's packets carry behind their TCP or UDP headers, in order of arrival. */
final class Payloads {

    private static final int UDP_HEADER = 8;
    private static final int SYN = 0x02;

    /** Bytes that a datagram may have. */
    private static final int MOST = 0xffff;

    private byte[] bytes = new byte[0];
    private int count;
    private boolean tcp;
    private int lowerPort;
    private int upperPort;
    private boolean[] fromOriginator = new boolean[16];
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int[] wireEnds = new int[16];
    private int[] sequences = new int[16];
    private final Side originator = new Side();
    private final Side responder = new Side();

    /** Takes the payloads of a flow's packets that have a byte of one. */
    void read(final Packets packets) {
        bytes = packets.bytes();
        count = 0;
        tcp = false;
        lowerPort = 0;
        upperPort = 0;
        originator.clear();
        responder.clear();
        for (int i = 0; i < packets.count(); i++) {
            final int start = packets.start(i);
            // What was kept behind the end of the packet is padding of the link.
            final int end = start + Math.min(packets.end(i) - start, packets.length(i));
            final long located = TransportLocator.locate(bytes, start, end);
            final int header = TransportLocator.offset(located);
            if (header == TransportLocator.ABSENT || header < start) {
                continue;
            }
            switch (TransportLocator.protocol(located)) {
                case TransportLocator.TCP -> addSegment(packets, i, located, header, end);
                case TransportLocator.UDP -> addDatagram(packets, i, header, end);
                default -> {
                    // Neither carries what is read here.
                }
            }
        }
    }

    private void addSegment(
            final Packets packets,
            final int i,
            final long located,
            final int header,
            final int end) {
        if (end - header < 14) {
            return;
        }
        final Side side = side(packets.fromOriginator(i));
        int sequence = i32(bytes, header + 4);
        if ((bytes[header + 13] & SYN) != 0) {
            sequence++;
            side.begin(sequence);
        }
        final int from = PacketPayload.start(packets, i, located);
        if (from > header && from < end) {
            tcp = true;
            side.add(sequence);
            add(packets.fromOriginator(i), header, from, end, end, sequence);
        }
    }

    private void addDatagram(
            final Packets packets, final int i, final int header, final int packetEnd) {
        final int from = header + UDP_HEADER;
        if (from >= packetEnd) {
            return;
        }
        final int stated = u16(bytes, header + 4) - UDP_HEADER;
        final int length =
                stated > 0 ? stated : Math.min(MOST, packets.length(i) - (from - packets.start(i)));
        final int wireEnd = from + length;
        side(packets.fromOriginator(i)).add(0);
        add(packets.fromOriginator(i), header, from, Math.min(packetEnd, wireEnd), wireEnd, 0);
    }

    private void add(
            final boolean originates,
            final int header,
            final int start,
            final int end,
            final int wireEnd,
            final int sequence) {
        if (count == starts.length) {
            grow();
        }
        if (count == 0) {
            final int source = u16(bytes, header);
            final int destination = u16(bytes, header + 2);
            lowerPort = Math.min(source, destination);
            upperPort = Math.max(source, destination);
        }
        fromOriginator[count] = originates;
        starts[count] = start;
        ends[count] = end;
        wireEnds[count] = wireEnd;
        sequences[count] = sequence;
        count++;
    }

    private void grow() {
        final int room = 2 * count;
        fromOriginator = Arrays.copyOf(fromOriginator, room);
        starts = Arrays.copyOf(starts, room);
        ends = Arrays.copyOf(ends, room);
        wireEnds = Arrays.copyOf(wireEnds, room);
        sequences = Arrays.copyOf(sequences, room);
    }

    private Side side(final boolean originates) {
        return originates ? originator : responder;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** Whether they are those of TCP; of UDP otherwise. */
    boolean isTcp() {
        return tcp;
    }

    /** Whether one end of the flow has this port. */
    boolean hasPort(final int port) {
        return port == lowerPort || port == upperPort;
    }

    /** Where the payloads are. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether the flow's originator sent payload {@code i}. */
    boolean fromOriginator(final int i) {
        return fromOriginator[i];
    }

    /** Index of the first byte of payload {@code i}. */
    int start(final int i) {
        return starts[i];
    }

    /** Index behind the last byte of payload {@code i} that was kept; at least one was. */
    int end(final int i) {
        return ends[i];
    }

    /** Where it would end if all of it had been kept, of UDP; of TCP, where it ends. */
    int wireEnd(final int i) {
        return wireEnds[i];
    }

    /** The first payload of a side, or -1. */
    int first(final boolean originates) {
        for (int i = 0; i < count; i++) {
            if (fromOriginator[i] == originates) {
                return i;
            }
        }
        return -1;
    }

    /** The sequence number of the first byte of payload {@code i} of TCP. */
    int sequence(final int i) {
        return sequences[i];
    }

    /**
     * The sequence number with which the stream of a side begins: behind its SYN, else with the
     * first of its bytes that there are.
     */
    int beginning(final boolean originates) {
        return side(originates).beginning;
    }

    /** The payload that has the first byte of the stream from a sequence number on, or -1. */
    int at(final boolean originates, final int sequence) {
        for (int i = 0; i < count; i++) {
            final int before = sequence - sequences[i];
            if (fromOriginator[i] == originates && before >= 0 && before < ends[i] - starts[i]) {
                return i;
            }
        }
        return -1;
    }

    /** Puts the stream of a side together, from a sequence number on. */
    void assemble(final boolean originates, final int sequence, final Pieces stream) {
        stream.clear();
        for (int i = 0; i < count; i++) {
            if (fromOriginator[i] == originates) {
                stream.put(sequences[i] - sequence, bytes, starts[i], ends[i] - starts[i]);
            }
        }
    }

    /** Where the stream of one side of TCP begins. */
    private static final class Side {

        private int beginning;
        private boolean begun;
        private boolean known;

        void clear() {
            begun = false;
            known = false;
        }

        /** Before any payload, the last SYN counts. */
        void begin(final int sequence) {
            if (!known) {
                beginning = sequence;
                begun = true;
            }
        }

        void add(final int sequence) {
            if (!begun && (!known || sequence - beginning < 0)) {
                beginning = sequence;
            }
            known = true;
        }
    }
}
