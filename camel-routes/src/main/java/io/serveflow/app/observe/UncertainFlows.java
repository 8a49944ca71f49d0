/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the first bytes of the packets of the latest uncertain flows in memory, for whoever looks
 * into one of them; verdict documents hold no packets.
 */
public final class UncertainFlows implements VerdictListener {

    private static final int MOST_PACKETS = 10;
    private static final int MOST_BYTES = 128;
    private static final double DOUBTFUL = 0.5;

    /** Why a fast verdict stands of an uncertain flow. */
    private static final Set<String> FELL_BACK =
            Set.of("slow_unavailable", "slow_overloaded", "slow_source_share", "record_too_short");

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<FlowId, List<Packet>> kept = new LinkedHashMap<>();

    /**
     * @param most how many flows are kept; 0 for none
     */
    public UncertainFlows(final int most) {
        this.most = most;
    }

    /**
     * A packet, cut to its first bytes.
     *
     * @param offsetMicros since the first packet of the flow
     * @param fromOriginator who sent it
     * @param length on the wire, from the IP header on
     * @param bytes from the IP header on
     */
    public record Packet(long offsetMicros, boolean fromOriginator, int length, byte[] bytes) {}

    @Override
    public void given(final FlowRecord flow, final Verdict verdict) {
        if (most == 0 || !isUncertain(verdict) || flow.packets().count() == 0) {
            return;
        }
        final List<Packet> packets = firstBytes(flow.packets());
        lock.lock();
        try {
            kept.remove(flow.id());
            if (kept.size() == most) {
                kept.remove(kept.keySet().iterator().next());
            }
            kept.put(flow.id(), packets);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isUncertain(final Verdict verdict) {
        return verdict.isFinal()
                && (verdict.label().equals(Verdict.UNKNOWN)
                        || verdict.confidence() < DOUBTFUL
                        || FELL_BACK.contains(verdict.reason()));
    }

    private static List<Packet> firstBytes(final Packets packets) {
        final List<Packet> first = new ArrayList<>();
        for (int i = 0; i < Math.min(packets.count(), MOST_PACKETS); i++) {
            final int end = Math.min(packets.end(i), packets.start(i) + MOST_BYTES);
            first.add(
                    new Packet(
                            packets.offsetMicros(i),
                            packets.fromOriginator(i),
                            packets.length(i),
                            Arrays.copyOfRange(packets.bytes(), packets.start(i), end)));
        }
        return List.copyOf(first);
    }

    /** Whether any are kept. */
    public boolean keepsAny() {
        return most > 0;
    }

    /** The packets of a flow, if it is among those that are kept. */
    public Optional<List<Packet>> packets(final FlowId flow) {
        lock.lock();
        try {
            return Optional.ofNullable(kept.get(flow));
        } finally {
            lock.unlock();
        }
    }
}
