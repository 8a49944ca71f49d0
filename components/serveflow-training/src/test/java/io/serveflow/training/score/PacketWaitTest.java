/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.training.score.PacketWait.Ending;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PacketWaitTest {

    private static final int RST = 4;

    private final PacketWait wait = new PacketWait(10_000_000);

    /** A bare packet, two with payload, and a bare one that may reset the connection. */
    private static FlowRecord flow(final FlowRecord.End end, final int lastFlags) {
        final Packets.Builder packets = new Packets.Builder();
        add(packets, 0, 40, 0);
        add(packets, 20_000, 140, 0);
        add(packets, 50_000, 90, 0);
        add(packets, 3_000_000, 40, lastFlags);
        return new FlowRecord(
                new FlowId("test", "1"),
                new FlowTuple(Transport.TCP, "192.0.2.1", 1, "192.0.2.2", 2),
                "",
                0,
                FlowRecord.Stage.CONTEXT,
                end,
                packets.build(),
                0);
    }

    private static void add(
            final Packets.Builder packets, final long at, final int length, final int flags) {
        final byte[] bytes = new byte[40];
        bytes[0] = 0x45;
        bytes[9] = 6;
        bytes[32] = 0x50;
        bytes[33] = (byte) flags;
        packets.add(at, true, length, bytes, 0, bytes.length);
    }

    @Test
    void shouldWaitForPackets() {
        final FlowRecord flow = flow(FlowRecord.End.END, 0);

        assertThat(wait.micros(flow, tier("header", 2))).isEqualTo(20_000);
        assertThat(wait.ending(flow, tier("header", 5))).isEqualTo(Ending.TIMEOUT);
        assertThat(wait.micros(flow, tier("header", 5))).isEqualTo(10_000_000);
    }

    @Test
    void shouldWaitForPacketsWithPayloadWhereThoseAreRead() {
        final FlowRecord flow = flow(FlowRecord.End.END, RST);

        assertThat(wait.micros(flow, tier("sizes", 1))).isEqualTo(20_000);
        assertThat(wait.micros(flow, tier("sizes", 2))).isEqualTo(50_000);
        assertThat(wait.ending(flow, tier("sizes", 3))).isEqualTo(Ending.CLOSED);
        assertThat(wait.micros(flow, tier("sizes", 3))).isEqualTo(3_000_000);
    }

    @Test
    void shouldWaitUntilSecondsAreOver() {
        final FlowRecord flow = flow(FlowRecord.End.END, 0);

        assertThat(wait.ending(flow, tier("windows", 60))).isEqualTo(Ending.DEPTH);
        assertThat(wait.micros(flow, tier("windows", 60))).isEqualTo(60_000_000);
        assertThat(wait.micros(flow, tier("windows", 1))).isEqualTo(1_000_000);
        assertThat(PacketWait.toLastPacketMicros(flow, tier("windows", 1))).isEqualTo(50_000);
    }

    @Test
    void shouldNotWaitForSecondsAfterTheEnd() {
        final FlowRecord flow = flow(FlowRecord.End.END, RST);

        assertThat(wait.micros(flow, tier("windows", 60))).isEqualTo(3_000_000);
        assertThat(wait.micros(flow, tier("windows", 2))).isEqualTo(2_000_000);
    }

    @Test
    void shouldCountAsWaitingWhatWaitsLongerThanTheFirstTierWhereAllWait() {
        final List<FlowRecord> flows = List.of(flow(FlowRecord.End.END, 0));

        final TierWaits seconds =
                TierWaits.of(flows, List.of(tier("windows", 1), tier("windows", 5)));
        assertThat(seconds.moves()).containsExactly(false, true);
        assertThat(seconds.micros(0, 0)).isEqualTo(1_000_000);
        assertThat(seconds.micros(1, 0)).isEqualTo(5_000_000);
        assertThat(TierWaits.of(flows, List.of(tier("header", 1), tier("header", 2))).moves())
                .containsExactly(false, true);
    }

    @Test
    void shouldKnowNoWaitsWhereTimesAreUnknown() {
        final TierWaits waits =
                TierWaits.of(
                        List.of(flow(FlowRecord.End.END, 0)),
                        List.of(tier("sizes", 1), tier("sizes", 5)),
                        false);

        assertThat(waits.known()).isFalse();
        assertThat(waits.moves()).containsExactly(false, true);
        assertThat(waits.micros(1, 0)).isZero();
    }

    private static FeatureSpec tier(final String encoder, final int packets) {
        return new FeatureSpec(encoder, 1, packets, Set.of());
    }
}
