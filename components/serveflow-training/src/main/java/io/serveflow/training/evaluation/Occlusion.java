/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Packets;
import io.serveflow.handshake.HandshakeReader;
import io.serveflow.packet.TransportLocator;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Something in the packets that a bundle might lean on, replaced by chance on its way to the model:
 * what is then lost is what it leaned on. The model stays as it is. Checksums stay as they were.
 */
enum Occlusion {
    /** Both ports become ephemeral ones, as behind a tunnel or a service that moved. */
    PORTS("ports", "ports hidden") {
        @Override
        FlowRecord apply(final FlowRecord flow, final SplittableRandom random) {
            final int originator = random.nextInt(EPHEMERAL, PORTS_END);
            final int responder = random.nextInt(EPHEMERAL, PORTS_END);
            final FlowTuple tuple = flow.tuple();
            return rewritten(
                    flow,
                    new FlowTuple(
                            tuple.transport(),
                            tuple.originator(),
                            originator,
                            tuple.responder(),
                            responder),
                    (packet, fromOriginator) -> {
                        packet.number(
                                packet.transport,
                                packet.transport + 2,
                                fromOriginator ? originator : responder);
                        packet.number(
                                packet.transport + 2,
                                packet.transport + 4,
                                fromOriginator ? responder : originator);
                    });
        }
    },
    /** Counters that name a host or a moment: IPv4 identification, TCP sequence numbers. */
    COUNTERS("ip-id+seq-ack", "IP-ID, SEQ and ACK by chance") {
        @Override
        FlowRecord apply(final FlowRecord flow, final SplittableRandom random) {
            return rewritten(
                    flow,
                    flow.tuple(),
                    (packet, fromOriginator) -> {
                        if (packet.ipv4()) {
                            packet.chance(packet.start + 4, packet.start + 6, random);
                        }
                        if (packet.tcp()) {
                            packet.chance(packet.transport + 4, packet.transport + 12, random);
                        }
                    });
        }
    },
    /** What tells one operating system from another: TTL or hop limit, TCP window. */
    STACK("window+ttl", "window and TTL by chance") {
        @Override
        FlowRecord apply(final FlowRecord flow, final SplittableRandom random) {
            return rewritten(
                    flow,
                    flow.tuple(),
                    (packet, fromOriginator) -> {
                        final int hops = packet.start + (packet.ipv4() ? 8 : 7);
                        packet.chance(hops, hops + 1, random);
                        if (packet.tcp()) {
                            packet.chance(packet.transport + 14, packet.transport + 16, random);
                        }
                    });
        }
    },
    /**
     * Host names: other letters in those in clear text, such as TLS's server name (SNI), whose
     * lengths stay; and none in what is put together of segments or decrypted, as from QUIC.
     */
    NAMES("names", "host names by chance") {
        @Override
        FlowRecord apply(final FlowRecord flow, final SplittableRandom random) {
            return rewritten(
                            flow, flow.tuple(), (packet, fromOriginator) -> packet.nameless(random))
                    .saying(
                            flow.handshake()
                                    .or(() -> new HandshakeReader().read(flow))
                                    .map(Occlusion::nameless));
        }
    },
    /** The bytes behind the transport header, with them all names; sizes stay. */
    PAYLOAD("payload", "payload bytes by chance") {
        @Override
        FlowRecord apply(final FlowRecord flow, final SplittableRandom random) {
            return rewritten(
                            flow,
                            flow.tuple(),
                            (packet, fromOriginator) ->
                                    packet.chance(packet.payload(), packet.end, random))
                    .saying(Optional.empty());
        }
    };

    private static final int EPHEMERAL = 49_152;
    private static final int PORTS_END = 65_536;
    private static final int UDP_HEADER_BYTES = 8;

    private final String id;
    private final String words;

    Occlusion(final String id, final String words) {
        this.id = id;
        this.words = words;
    }

    /** The name in a report's JSON. */
    String id() {
        return id;
    }

    /** The name for people. */
    String words() {
        return words;
    }

    /** The flow as it would look without what is occluded. */
    abstract FlowRecord apply(FlowRecord flow, SplittableRandom random);

    private static Handshake nameless(final Handshake known) {
        return new Handshake(
                known.protocol(), "", known.encryptedHello(), known.chosen(), known.hello());
    }

    @FunctionalInterface
    private interface Rewrite {
        void apply(Packet packet, boolean fromOriginator);
    }

    private static FlowRecord rewritten(
            final FlowRecord flow, final FlowTuple tuple, final Rewrite rewrite) {
        final Packets packets = flow.packets();
        final byte[] bytes = packets.bytes().clone();
        final Packets.Builder changed = new Packets.Builder();
        for (int i = 0; i < packets.count(); i++) {
            final int start = packets.start(i);
            final int end = packets.end(i);
            final long located = TransportLocator.locate(bytes, start, end);
            if (TransportLocator.offset(located) != TransportLocator.ABSENT) {
                rewrite.apply(
                        new Packet(
                                bytes,
                                start,
                                end,
                                TransportLocator.protocol(located),
                                TransportLocator.offset(located)),
                        packets.fromOriginator(i));
            }
            changed.add(
                    packets.offsetMicros(i),
                    packets.fromOriginator(i),
                    packets.length(i),
                    bytes,
                    start,
                    end - start);
        }
        return new FlowRecord(
                flow.id(),
                tuple,
                flow.communityId(),
                flow.startMicros(),
                flow.stage(),
                flow.end(),
                changed.build(),
                flow.readNanos(),
                flow.summary(),
                flow.tunnel(),
                flow.handshake());
    }

    /** A packet whose bytes may be overwritten, as far as they were kept. */
    private record Packet(byte[] bytes, int start, int end, int protocol, int transport) {

        boolean ipv4() {
            return TransportLocator.version(bytes, start) == 4;
        }

        boolean tcp() {
            return protocol == TransportLocator.TCP;
        }

        int payload() {
            return transport
                    + (tcp()
                            ? TransportLocator.tcpHeaderBytes(bytes, transport, end)
                            : UDP_HEADER_BYTES);
        }

        void chance(final int from, final int until, final SplittableRandom random) {
            for (int at = from; at < Math.min(until, end); at++) {
                bytes[at] = (byte) random.nextInt(256);
            }
        }

        /**
         * Other letters in every host name: a run of letters, digits, dots and dashes with a dot
         * inside, or behind a byte that says how long it is, as in DNS.
         */
        void nameless(final SplittableRandom random) {
            for (int at = payload(); at < end; at++) {
                final int from = at;
                boolean dotted = false;
                while (at < end && (isOfName(bytes[at]) || bytes[at] == '.' && at > from)) {
                    dotted |= bytes[at] == '.' && at + 1 < end && isOfName(bytes[at + 1]);
                    at++;
                }
                if (dotted || at > from && from > payload() && bytes[from - 1] == at - from) {
                    letters(from, at, random);
                }
            }
        }

        private void letters(final int from, final int until, final SplittableRandom random) {
            for (int at = from; at < until; at++) {
                if (Character.isLetter(bytes[at])) {
                    final int first = Character.isUpperCase(bytes[at]) ? 'A' : 'a';
                    bytes[at] = (byte) (first + random.nextInt(26));
                }
            }
        }

        private static boolean isOfName(final byte c) {
            return c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_';
        }

        /** Writes a number, its most significant byte first. */
        void number(final int from, final int until, final int value) {
            for (int at = from; at < Math.min(until, end); at++) {
                bytes[at] = (byte) (value >>> 8 * (until - 1 - at));
            }
        }
    }
}
