/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import io.serveflow.feature.ContextReach;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long each flow waits for the packets of each tier.
 *
 * @param moves whether a tier waits for more than packet 1, by tier; where the first tier waits for
 *     payloads or seconds, whether it waits for more than that one
 * @param micros microseconds from packet 1 on, by tier and flow; 0 if they are not known
 * @param known whether it is known when packets came
 */
public record TierWaits(boolean[] moves, long[][] micros, boolean known) {

    /** No flow is waited for longer; what the sensors do by default. */
    private static final PacketWait WAIT = new PacketWait(TimeUnit.SECONDS.toMicros(10));

    /** Waits that are known. */
    public TierWaits(final boolean[] moves, final long[][] micros) {
        this(moves, micros, true);
    }

    /** The waits of flows whose records hold at least what the tiers read. */
    public static TierWaits of(final List<FlowRecord> flows, final List<FeatureSpec> tiers) {
        return of(flows, tiers, true);
    }

    /**
     * The same for flows of which it may not be known when their packets came.
     *
     * @param known whether it is
     */
    public static TierWaits of(
            final List<FlowRecord> flows, final List<FeatureSpec> tiers, final boolean known) {
        final boolean[] moves = new boolean[tiers.size()];
        final long[][] micros = new long[tiers.size()][flows.size()];
        final ContextReach first = ContextReach.of(tiers.get(0));
        final boolean allWait = first.unit() != ContextReach.Unit.PACKETS;
        for (int tier = 0; tier < moves.length; tier++) {
            final FeatureSpec features = tiers.get(tier);
            final ContextReach reach = ContextReach.of(features);
            final boolean waits = !reach.isFirstPacket();
            moves[tier] = waits && !(tiers.size() > 1 && allWait && reach.equals(first));
            for (int row = 0; row < flows.size(); row++) {
                micros[tier][row] = waits && known ? WAIT.micros(flows.get(row), features) : 0;
            }
        }
        return new TierWaits(moves, micros, known);
    }

    /** The waits of some of the flows. */
    public TierWaits of(final int[] rows) {
        return new TierWaits(
                moves,
                Arrays.stream(micros)
                        .map(tier -> Arrays.stream(rows).mapToLong(row -> tier[row]).toArray())
                        .toArray(long[][]::new),
                known);
    }

    /** The waits of some of the tiers. */
    public TierWaits ofTiers(final int... tiers) {
        final boolean[] some = new boolean[tiers.length];
        final long[][] theirs = new long[tiers.length][];
        for (int i = 0; i < tiers.length; i++) {
            some[i] = moves[tiers[i]];
            theirs[i] = micros[tiers[i]];
        }
        return new TierWaits(some, theirs, known);
    }

    public boolean moves(final int tier) {
        return moves[tier];
    }

    public long micros(final int tier, final int row) {
        return micros[tier][row];
    }
}
