/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Optional;

/** What is kept of a flow until its context record is written. */
final class FlowContext extends FlowQueue.Member {

    final Flow flow;
    final FlowId id;
    final FlowTuple tuple;
    final String communityId;
    final Optional<FlowTunnel> tunnel;
    final Packets.Builder packets;
    final HelloPackets hello = new HelloPackets();

    /** When the wait for more packets is over, by the assembler's clock. */
    final long deadline;

    /** Where the flow's first packet stands in its source. */
    final long position;

    FlowContext(
            final Flow flow,
            final FlowId id,
            final FlowTuple tuple,
            final String communityId,
            final Optional<FlowTunnel> tunnel,
            final Packets.Builder packets,
            final long deadline,
            final long position) {
        this.flow = flow;
        this.id = id;
        this.tuple = tuple;
        this.communityId = communityId;
        this.tunnel = tunnel;
        this.packets = packets;
        this.deadline = deadline;
        this.position = position;
    }

    FlowRecord record(
            final long startMicros, final FlowRecord.Stage stage, final FlowRecord.End end) {
        return new FlowRecord(
                id,
                tuple,
                communityId,
                startMicros,
                stage,
                end,
                packets.build(),
                System.nanoTime(),
                FlowSummary.NONE,
                tunnel);
    }
}
