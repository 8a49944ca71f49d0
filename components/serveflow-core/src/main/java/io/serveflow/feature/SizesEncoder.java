/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The payload sizes of a flow's packets that carry payload, in order and signed by direction; what
 * remains visible when all else is encrypted or not kept.
 *
 * <p>Packets without payload, such as a bare acknowledgement, are passed over, so that the columns
 * do not shift with the receiver's habit of acknowledging. Columns: {@code size1} to {@code sizeN},
 * positive from the originator, 0 where there is no such packet; and, all with {@code sizes_} in
 * front, how many there are ({@code count}), each way their {@code bytes}, {@code packets}, {@code
 * largest} and {@code smallest}, the number of {@code turns} (changes of side), and {@code run},
 * the most such packets in a row from one side. No address, port, time or byte of payload.
 */
public final class SizesEncoder implements FeatureEncoder {

    static final String NAME = "sizes";
    static final int VERSION = 1;

    private static final List<String> TOGETHER =
            List.of(
                    "sizes_count",
                    "sizes_orig_bytes",
                    "sizes_resp_bytes",
                    "sizes_orig_packets",
                    "sizes_resp_packets",
                    "sizes_orig_largest",
                    "sizes_resp_largest",
                    "sizes_orig_smallest",
                    "sizes_resp_smallest",
                    "sizes_turns",
                    "sizes_run");

    private final int packets;
    private final List<String> columns;

    /**
     * @param packets how many packets from the flow's start are looked at
     */
    public SizesEncoder(final int packets) {
        this.packets = packets;
        final List<String> names = new ArrayList<>();
        for (int i = 1; i <= packets; i++) {
            names.add("size" + i);
        }
        names.addAll(TOGETHER);
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
        int sizes = 0;
        int originatorPackets = 0;
        int originatorBytes = 0;
        int responderBytes = 0;
        int originatorLargest = 0;
        int responderLargest = 0;
        int originatorSmallest = 0;
        int responderSmallest = 0;
        int turns = 0;
        int inARow = 0;
        int run = 0;
        int sender = 0;
        for (int i = 0; i < present; i++) {
            final int size = PacketPayload.lengthOnWire(known, i);
            if (size <= 0) {
                continue;
            }
            final int side = known.fromOriginator(i) ? 1 : -1;
            row.put(side * size);
            sizes++;
            if (side > 0) {
                originatorPackets++;
                originatorBytes += size;
                originatorLargest = Math.max(originatorLargest, size);
                originatorSmallest =
                        originatorPackets == 1 ? size : Math.min(originatorSmallest, size);
            } else {
                responderBytes += size;
                responderLargest = Math.max(responderLargest, size);
                responderSmallest =
                        sizes - originatorPackets == 1 ? size : Math.min(responderSmallest, size);
            }
            turns += side == sender ? 0 : 1;
            inARow = side == sender ? inARow + 1 : 1;
            run = Math.max(run, inARow);
            sender = side;
        }
        for (int i = sizes; i < packets; i++) {
            row.put(0);
        }
        row.put(sizes);
        row.put(originatorBytes).put(responderBytes);
        row.put(originatorPackets).put(sizes - originatorPackets);
        row.put(originatorLargest).put(responderLargest);
        row.put(originatorSmallest).put(responderSmallest);
        row.put(turns).put(run);
    }
}
