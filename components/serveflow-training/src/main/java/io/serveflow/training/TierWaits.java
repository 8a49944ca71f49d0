/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long each flow waits for the packets of each tier.
 *
 * @param moves whether a tier reads more packets than packet 1, by tier
 * @param micros microseconds from packet 1 on, by tier and flow
 */
record TierWaits(boolean[] moves, long[][] micros) {

    /** No flow is waited for longer; what the sensors do by default. */
    private static final PacketWait WAIT = new PacketWait(TimeUnit.SECONDS.toMicros(10));

    /** The waits of flows whose records hold at least the packets that the tiers read. */
    static TierWaits of(final List<FlowRecord> flows, final List<FeatureSpec> tiers) {
        final boolean[] moves = new boolean[tiers.size()];
        final long[][] micros = new long[tiers.size()][flows.size()];
        for (int tier = 0; tier < moves.length; tier++) {
            final int packets = tiers.get(tier).packets();
            moves[tier] = packets > 1;
            for (int row = 0; row < flows.size(); row++) {
                micros[tier][row] = packets > 1 ? WAIT.micros(flows.get(row), packets) : 0;
            }
        }
        return new TierWaits(moves, micros);
    }

    /** The waits of some of the flows. */
    TierWaits of(final int[] rows) {
        return new TierWaits(
                moves,
                Arrays.stream(micros)
                        .map(tier -> Arrays.stream(rows).mapToLong(row -> tier[row]).toArray())
                        .toArray(long[][]::new));
    }

    /** The waits of some of the tiers. */
    TierWaits ofTiers(final int... tiers) {
        final boolean[] some = new boolean[tiers.length];
        final long[][] theirs = new long[tiers.length][];
        for (int i = 0; i < tiers.length; i++) {
            some[i] = moves[tiers[i]];
            theirs[i] = micros[tiers[i]];
        }
        return new TierWaits(some, theirs);
    }

    boolean moves(final int tier) {
        return moves[tier];
    }

    long micros(final int tier, final int row) {
        return micros[tier][row];
    }
}
