/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a flow at one moment: a first record at packet 1, a context record when packets
 * 1 to N came, the wait ran out or the flow ended, a summary when the sensor says that it is over.
 *
 * @param communityId Community ID v1 of the tuple, by which other sensors' records are joined
 * @param startMicros time of the first packet, microseconds since the epoch
 * @param end why the record was written; {@link End#DEPTH} for a first record
 * @param packets the packets known; at least one, but none in a summary
 * @param readNanos {@link System#nanoTime()} when the record was read; only differences count
 * @param summary what the sensor says of the whole flow; {@link FlowSummary#NONE} but in a summary
 * @param tunnel the tunnel that the flow is in, as far as the sensor or the packets say
 * @param handshake what the sensor itself says of how the flow begins, empty if it says nothing of
 *     it and always in a summary
 */
public record FlowRecord(
        FlowId id,
        FlowTuple tuple,
        String communityId,
        long startMicros,
        Stage stage,
        End end,
        Packets packets,
        long readNanos,
        FlowSummary summary,
        Optional<FlowTunnel> tunnel,
        Optional<Handshake> handshake) {

    /** Which of a flow's records this is. */
    public enum Stage {
        /** Packet 1. */
        FIRST,
        /** Packets 1 to N. */
        CONTEXT,
        /** What the sensor says of the flow when it is over; without packets. */
        SUMMARY
    }

    /** What completed a record. */
    public enum End {
        /** All packets that the sensor was to keep came. */
        DEPTH,
        /** The wait for more packets ran out. */
        TIMEOUT,
        /** The flow ended, or the sensor forgot it. */
        END
    }

    public FlowRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(tuple, "tuple");
        Objects.requireNonNull(communityId, "communityId");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(end, "end");
        Objects.requireNonNull(packets, "packets");
        Objects.requireNonNull(summary, "summary");
        Objects.requireNonNull(tunnel, "tunnel");
        Objects.requireNonNull(handshake, "handshake");
        if (stage == Stage.SUMMARY ? packets.count() > 0 : packets.count() == 0) {
            throw new IllegalArgumentException(
                    stage == Stage.SUMMARY
                            ? "a summary has no packets, was given " + packets.count()
                            : "a flow record needs at least one packet");
        }
        if (stage != Stage.SUMMARY && !summary.equals(FlowSummary.NONE)) {
            throw new IllegalArgumentException("a record of packets has no summary");
        }
        if (stage == Stage.SUMMARY && handshake.isPresent()) {
            throw new IllegalArgumentException("a summary says nothing of how the flow begins");
        }
    }

    /** A record whose sensor says nothing of how the flow begins. */
    public FlowRecord(
            final FlowId id,
            final FlowTuple tuple,
            final String communityId,
            final long startMicros,
            final Stage stage,
            final End end,
            final Packets packets,
            final long readNanos,
            final FlowSummary summary,
            final Optional<FlowTunnel> tunnel) {
        this(
                id,
                tuple,
                communityId,
                startMicros,
                stage,
                end,
                packets,
                readNanos,
                summary,
                tunnel,
                Optional.empty());
    }

    /** A record of a flow in no tunnel. */
    public FlowRecord(
            final FlowId id,
            final FlowTuple tuple,
            final String communityId,
            final long startMicros,
            final Stage stage,
            final End end,
            final Packets packets,
            final long readNanos,
            final FlowSummary summary) {
        this(
                id,
                tuple,
                communityId,
                startMicros,
                stage,
                end,
                packets,
                readNanos,
                summary,
                Optional.empty());
    }

    /** A record of packets of a flow in no tunnel. */
    public FlowRecord(
            final FlowId id,
            final FlowTuple tuple,
            final String communityId,
            final long startMicros,
            final Stage stage,
            final End end,
            final Packets packets,
            final long readNanos) {
        this(
                id,
                tuple,
                communityId,
                startMicros,
                stage,
                end,
                packets,
                readNanos,
                FlowSummary.NONE,
                Optional.empty());
    }

    /** The record of a flow that is over. */
    public static FlowRecord summary(
            final FlowId id,
            final FlowTuple tuple,
            final String communityId,
            final long startMicros,
            final FlowSummary summary,
            final long readNanos) {
        return new FlowRecord(
                id,
                tuple,
                communityId,
                startMicros,
                Stage.SUMMARY,
                End.END,
                Packets.NONE,
                readNanos,
                summary,
                Optional.empty());
    }

    /**
     * The same record as read at another time.
     *
     * @param nanos a {@link System#nanoTime()} of this process
     */
    public FlowRecord readAt(final long nanos) {
        return new FlowRecord(
                id,
                tuple,
                communityId,
                startMicros,
                stage,
                end,
                packets,
                nanos,
                summary,
                tunnel,
                handshake);
    }

    /** The same record of a flow in a tunnel. */
    public FlowRecord in(final Optional<FlowTunnel> outer) {
        return new FlowRecord(
                id,
                tuple,
                communityId,
                startMicros,
                stage,
                end,
                packets,
                readNanos,
                summary,
                outer,
                handshake);
    }

    /** The same record of packets with what the sensor says of how the flow begins. */
    public FlowRecord saying(final Optional<Handshake> beginning) {
        return new FlowRecord(
                id,
                tuple,
                communityId,
                startMicros,
                stage,
                end,
                packets,
                readNanos,
                summary,
                tunnel,
                beginning);
    }
}
