/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Objects;

/**
 * What is known of a flow at one moment: a first record at packet 1, a context record when packets
 * 1 to N came, the wait ran out or the flow ended.
 *
 * @param communityId Community ID v1 of the tuple, by which other sensors' records are joined
 * @param startMicros time of the first packet, microseconds since the epoch
 * @param end why the record was written; {@link End#DEPTH} for a first record
 * @param packets the packets known, at least one
 * @param readNanos {@link System#nanoTime()} when the record was read; only differences count
 */
public record FlowRecord(
        FlowId id,
        FlowTuple tuple,
        String communityId,
        long startMicros,
        Stage stage,
        End end,
        Packets packets,
        long readNanos) {

    /** Which of a flow's two records this is. */
    public enum Stage {
        FIRST,
        CONTEXT
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
        if (packets.count() == 0) {
            throw new IllegalArgumentException("a flow record needs at least one packet");
        }
    }
}
