/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import io.serveflow.feature.ContextReach;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.packet.TransportLocator;

/**
 * How long a sensor waits from a flow's first packet until a tier can be asked.
 *
 * <p>A tier is asked when the packets that it reads are there, or the seconds that it reads are
 * over, or no more are waited for: because TCP closed the flow, or because the wait ran out. Where
 * a capture merely stops, a sensor would have gone on waiting, so that is the full wait too.
 *
 * @param longestMicros what a sensor waits at most for packets; for seconds it waits until they are
 *     over
 */
public record PacketWait(long longestMicros) {

    private static final int FIN = 0x01;
    private static final int RST = 0x04;
    private static final int FLAGS = 13;

    /** What ended the wait for the packets of a tier. */
    public enum Ending {
        /** All packets that the tier reads came, or the seconds that it reads are over. */
        DEPTH,
        /** TCP closed the flow before that. */
        CLOSED,
        /** The wait ran out before that. */
        TIMEOUT
    }

    /** What ends the wait for what a tier reads of a flow. */
    public Ending ending(final FlowRecord context, final FeatureSpec tier) {
        final ContextReach reach = ContextReach.of(tier);
        final Packets packets = context.packets();
        final boolean ended = context.end() != FlowRecord.End.TIMEOUT;
        if (reach.unit() == ContextReach.Unit.SECONDS) {
            return ended && reach.packets(packets) == packets.count() && closed(packets)
                    ? Ending.CLOSED
                    : Ending.DEPTH;
        }
        if (reach.packets(packets) <= packets.count()) {
            return Ending.DEPTH;
        }
        return ended && closed(packets) ? Ending.CLOSED : Ending.TIMEOUT;
    }

    /** Microseconds from the first packet until what a tier reads is there or not waited for. */
    public long micros(final FlowRecord context, final FeatureSpec tier) {
        return switch (ending(context, tier)) {
            case DEPTH ->
                    Math.max(ContextReach.of(tier).micros(), toLastPacketMicros(context, tier));
            case CLOSED -> toLastPacketMicros(context, tier);
            case TIMEOUT -> longestMicros;
        };
    }

    /** The same for a sensor that knew that no packet follows the last one of a flow. */
    public static long toLastPacketMicros(final FlowRecord context, final FeatureSpec tier) {
        final Packets packets = context.packets();
        final int read = Math.min(ContextReach.of(tier).packets(packets), packets.count());
        return packets.offsetMicros(read - 1);
    }

    /** By the rule of the assembler: a reset, or no more data from both sides. */
    private static boolean closed(final Packets packets) {
        boolean originator = false;
        boolean responder = false;
        for (int i = 0; i < packets.count(); i++) {
            final int flags = tcpFlags(packets, i);
            if ((flags & RST) != 0) {
                return true;
            }
            if ((flags & FIN) != 0) {
                originator |= packets.fromOriginator(i);
                responder |= !packets.fromOriginator(i);
            }
        }
        return originator && responder;
    }

    private static int tcpFlags(final Packets packets, final int i) {
        final long located =
                TransportLocator.locate(packets.bytes(), packets.start(i), packets.end(i));
        final int header = TransportLocator.offset(located);
        return header != TransportLocator.ABSENT
                        && TransportLocator.protocol(located) == TransportLocator.TCP
                        && header + FLAGS < packets.end(i)
                ? packets.bytes()[header + FLAGS]
                : 0;
    }
}
