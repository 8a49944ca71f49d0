/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static io.serveflow.flow.SampleFlows.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.flow.Packets;
import io.serveflow.flow.SampleFlows;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContextReachTest {

    private static final byte[] UDP =
            hex("45 00 001c 0001 0000 80 11 2222 0a000005 08080808 d431 0035 0008 9f3c");

    /** With payload, without, with, and two seconds later with. */
    private static final Packets PACKETS =
            new Packets.Builder()
                    .add(0, true, 100, UDP, 0, UDP.length)
                    .add(10, false, 28, UDP, 0, UDP.length)
                    .add(20, false, 90, UDP, 0, UDP.length)
                    .add(2_000_000, true, 80, UDP, 0, UDP.length)
                    .build();

    @Test
    void shouldCountPackets() {
        assertThat(reach("header+payload", 3).packets(PACKETS)).isEqualTo(3);
        assertThat(reach("header", 9).packets(PACKETS)).isEqualTo(5);
        assertThat(reach("header", 1).isFirstPacket()).isTrue();
        assertThat(reach("header", 2).isFirstPacket()).isFalse();
    }

    @Test
    void shouldCountPacketsWithPayload() {
        assertThat(reach("sizes", 2).packets(PACKETS)).isEqualTo(3);
        assertThat(reach("header+sizes", 4).packets(PACKETS)).isEqualTo(5);
        assertThat(reach("sizes", 1).isFirstPacket()).isFalse();
    }

    @Test
    void shouldCountSeconds() {
        assertThat(reach("windows", 2).packets(PACKETS)).isEqualTo(3);
        assertThat(reach("windows", 3).packets(PACKETS)).isEqualTo(4);
        assertThat(reach("windows", 3).micros()).isEqualTo(3_000_000);
        assertThat(reach("windows", 1).isFirstPacket()).isFalse();
    }

    @Test
    void shouldBeMetByAsManyPacketsAsAreRead() {
        assertThat(reach("header", 4).isMetBy(record(FlowRecord.End.DEPTH))).isTrue();
        assertThat(reach("header", 5).isMetBy(record(FlowRecord.End.DEPTH))).isFalse();
        assertThat(reach("sizes", 3).isMetBy(record(FlowRecord.End.DEPTH))).isTrue();
        assertThat(reach("sizes", 4).isMetBy(record(FlowRecord.End.DEPTH))).isFalse();
        assertThat(reach("windows", 2).isMetBy(record(FlowRecord.End.DEPTH))).isTrue();
        assertThat(reach("windows", 3).isMetBy(record(FlowRecord.End.DEPTH))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEPTH")
    void shouldBeMetByFewerPacketsOfAFlowThatSendsNoMore(final FlowRecord.End end) {
        assertThat(reach("header", 5).isMetBy(record(end))).isTrue();
        assertThat(reach("sizes", 4).isMetBy(record(end))).isTrue();
        assertThat(reach("windows", 3).isMetBy(record(end))).isTrue();
    }

    private static FlowRecord record(final FlowRecord.End end) {
        final FlowRecord context = SampleFlows.randomContext(1, 1);
        return new FlowRecord(
                context.id(),
                context.tuple(),
                context.communityId(),
                context.startMicros(),
                FlowRecord.Stage.CONTEXT,
                end,
                PACKETS,
                0);
    }

    @Test
    void shouldReadCapturesAsFarAsTheFurthestTier() {
        final FlowAssembler.Options stated = FlowAssembler.Options.defaults("test");

        assertThat(ContextReach.options(stated, List.of(spec("header", 1)))).isEqualTo(stated);
        assertThat(ContextReach.options(stated, List.of(spec("header", 40), spec("header", 1))))
                .isEqualTo(stated.withDepth(40));
        assertThat(ContextReach.options(stated, List.of(spec("sizes", 30))).depth())
                .isGreaterThanOrEqualTo(60);
        final FlowAssembler.Options windows =
                ContextReach.options(stated, List.of(spec("windows", 5), spec("windows", 90)));
        assertThat(windows.waitMicros()).isEqualTo(90_000_000);
        assertThat(windows.timeouts()).isEqualTo(FlowTimeouts.DEFAULT.atLeast(90_000_000));
        assertThat(windows.depth()).isEqualTo(ContextReach.MOST_PACKETS);
    }

    private static ContextReach reach(final String encoder, final int packets) {
        return ContextReach.of(spec(encoder, packets));
    }

    private static FeatureSpec spec(final String encoder, final int packets) {
        return new FeatureSpec(encoder, 1, packets, Set.of());
    }
}
