/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.drift;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.packet.PacketPayload;
import io.serveflow.packet.TransportLocator;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a reference says of the traffic itself: fields that packet 1 of every flow has, and no
 * address.
 *
 * <p>Summaries have no packets; of them only transport and port are known.
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

    /** The value of a flow, or {@link #ABSENT}. */
    abstract int of(FlowRecord flow);

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
                        + "' of packet 1; known are "
                        + Arrays.stream(values())
                                .map(PacketFeature::id)
                                .collect(Collectors.joining(", ")));
    }
}
