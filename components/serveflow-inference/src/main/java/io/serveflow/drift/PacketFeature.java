/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.packet.PacketPayload;
import io.serveflow.packet.TransportLocator;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a reference says of the traffic itself: fields that packet 1 of every flow has, those of the
 * hello of a client that opens a connection of TLS, DTLS or QUIC, and no address.
 *
 * <p>Summaries have no packets; of them only transport and port are known. Hellos change with the
 * programs of a site and not with what it does: where they do, browsers have moved on.
 */
public enum PacketFeature {
    /** The IP protocol number: what is below TCP, TCP, UDP, and what is above. */
    TRANSPORT("transport", 6, 17, 18) {
        @Override
        int of(final FlowRecord flow) {
            return flow.tuple().transport().number();
        }
    },

    /** The responder's TCP, UDP or SCTP port: well known, registered, and where clients are. */
    RESPONDER_PORT("responder-port", 1024, 10_000, 32_768) {
        @Override
        int of(final FlowRecord flow) {
            return switch (flow.tuple().transport()) {
                case TCP, UDP, SCTP -> flow.tuple().responderPort();
                case ICMP, ICMP6 -> ABSENT;
            };
        }
    },

    /** Length of packet 1 on the wire, from the IP header on. */
    IP_LENGTH("ip-length", 44, 64, 96, 128, 192, 256, 512, 1024, 1280) {
        @Override
        int of(final FlowRecord flow) {
            return flow.packets().count() == 0 ? ABSENT : flow.packets().length(0);
        }
    },

    /** Time to live or hop limit; what senders begin with has bins of its own. */
    TTL("ttl", 2, 33, 64, 65, 128, 129, 255) {
        @Override
        int of(final FlowRecord flow) {
            final Packets packets = flow.packets();
            if (packets.count() == 0 || packets.end(0) - packets.start(0) <= IPV4_TTL) {
                return ABSENT;
            }
            final int start = packets.start(0);
            final boolean ipv6 = TransportLocator.version(packets.bytes(), start) == 6;
            return packets.bytes()[start + (ipv6 ? IPV6_HOP_LIMIT : IPV4_TTL)] & 0xff;
        }
    },

    /** Bytes behind the transport header of packet 1 on the wire. */
    PAYLOAD_SIZE("payload-size", 1, 16, 32, 64, 128, 256, 512, 1024) {
        @Override
        int of(final FlowRecord flow) {
            return flow.packets().count() == 0
                    ? ABSENT
                    : PacketPayload.lengthOnWire(flow.packets(), 0);
        }
    },

    /** Bytes of the hello; beyond 1,400 it needs a second packet. */
    HELLO_LENGTH("hello-length", 192, 256, 384, 512, 640, 1024, 1400, 1800, 2048) {
        @Override
        int of(final ClientHello hello) {
            return hello.length() == 0 ? ABSENT : hello.length();
        }
    },

    /** How many extensions the hello has. */
    HELLO_EXTENSIONS("hello-extensions", 5, 8, 10, 12, 14, 16, 18, 20) {
        @Override
        int of(final ClientHello hello) {
            return hello.complete() ? hello.extensions().size() : ABSENT;
        }
    },

    /** The highest version that the client takes: below TLS 1.2, 1.2, 1.3 and above. */
    HELLO_VERSION("hello-version", 3, 4, 5) {
        @Override
        int of(final ClientHello hello) {
            return hello.complete() ? hello.highestVersion() : ABSENT;
        }
    };

    /** The record does not say. */
    static final int ABSENT = PacketPayload.ABSENT;

    private static final int IPV4_TTL = 8;
    private static final int IPV6_HOP_LIMIT = 7;

    private final String id;
    private final Edges edges;

    PacketFeature(final String id, final int... edges) {
        this.id = id;
        this.edges = new Edges(edges);
    }

    /** The name in bundles and metrics. */
    public String id() {
        return id;
    }

    /** The edges that a new reference gets; an old one may have others. */
    Edges edges() {
        return edges;
    }

    /** The value of a flow, or {@link #ABSENT}; also for what only a hello says. */
    int of(final FlowRecord flow) {
        return ABSENT;
    }

    /** The value of a hello, or {@link #ABSENT}; also for what hellos do not say. */
    int of(final ClientHello hello) {
        return ABSENT;
    }

    /** Whether a hello says it. */
    boolean isOfHello() {
        return compareTo(HELLO_LENGTH) >= 0;
    }

    /**
     * The feature with a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PacketFeature named(final String id) {
        for (final PacketFeature feature : values()) {
            if (feature.id.equals(id)) {
                return feature;
            }
        }
        throw new IllegalArgumentException(
                "unknown feature '"
                        + id
                        + "'; known are "
                        + Arrays.stream(values())
                                .map(PacketFeature::id)
                                .collect(Collectors.joining(", ")));
    }
}
