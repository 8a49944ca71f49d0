/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static io.serveflow.flow.SampleFlows.context;
import static io.serveflow.flow.SampleFlows.first;
import static io.serveflow.flow.SampleFlows.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.flow.TestFlows;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeatureEncodersTest {

    private static final FlowRecord FLOW =
            first(hex("45 00 001c 0001 0000 80 11 2222 0a000005 08080808 d431 0035 0008 9f3c"));

    @Test
    void shouldKnowNprint() {
        final FeatureEncoder encoder =
                FeatureEncoders.of(
                        new FeatureSpec("nprint", 1, 3, EnumSet.of(Mask.ADDRESSES, Mask.PORTS)));

        assertThat(encoder).isInstanceOf(NprintEncoder.class);
        assertThat(encoder.width()).isEqualTo(3 * 896);
    }

    @Test
    void shouldKnowSequence() {
        final FeatureEncoder encoder =
                FeatureEncoders.of(new FeatureSpec("sequence", 1, 10, EnumSet.allOf(Mask.class)));

        assertThat(encoder).isInstanceOf(SequenceEncoder.class);
        assertThat(encoder.width()).isEqualTo(120);
    }

    @Test
    void shouldJoinEncodersSideBySide() {
        final FeatureEncoder joined =
                FeatureEncoders.of(new FeatureSpec("nprint+sequence", 1, 2, Set.of(Mask.PORTS)));
        final FeatureEncoder nprint = new NprintEncoder(2, Set.of(Mask.PORTS));
        final FeatureEncoder sequence = new SequenceEncoder(2);
        final FloatBuffer expected = FloatBuffer.allocate(2 * 960 + 24);
        nprint.encode(FLOW, expected);
        sequence.encode(FLOW, expected);

        final FloatBuffer row = FloatBuffer.allocate(joined.width());
        joined.encode(FLOW, row);

        assertThat(row.array()).isEqualTo(expected.array());
        assertThat(joined.columns())
                .hasSize(2 * 960 + 24)
                .startsWith("pkt1_ipv4_ver_0")
                .endsWith("pkt2_cwr");
    }

    @Test
    void shouldWriteNothingOfAJoinedRowWhereThereIsNoRoomForAllOfIt() {
        final FeatureEncoder joined =
                FeatureEncoders.of(new FeatureSpec("nprint+sequence", 1, 1, Set.of()));
        final FloatBuffer small = FloatBuffer.allocate(joined.width() - 1);

        assertThatThrownBy(() -> joined.encode(FLOW, small))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(small.position()).isZero();
    }

    @Test
    void shouldKnowTheEncodersOfSummaries() {
        assertThat(FeatureEncoders.of(new FeatureSpec("conn", 1, 1, Set.of())))
                .isInstanceOf(ConnEncoder.class);
        final FeatureEncoder joined =
                FeatureEncoders.of(new FeatureSpec("conn+conn-service", 1, 1, Set.of()));
        assertThat(joined.stages()).containsExactly(FlowRecord.Stage.SUMMARY);
        assertThat(joined.columns()).startsWith("duration").endsWith("service_other");
    }

    @Test
    void shouldNotJoinEncodersOfPacketsWithEncodersOfSummaries() {
        refuses(
                new FeatureSpec("nprint+conn", 1, 1, Set.of()),
                "'nprint+conn' joins encoders of packets with encoders of flow summaries");
    }

    @Test
    void shouldReadTheStagesThatAllPartsRead() {
        assertThat(FeatureEncoders.of(new FeatureSpec("header+sizes", 1, 3, Set.of())).stages())
                .containsExactly(FlowRecord.Stage.CONTEXT);
    }

    @Test
    void shouldJoinEncodersOfSecondsWithEachOtherOnly() {
        assertThat(FeatureEncoders.of(new FeatureSpec("windows+chunks", 1, 60, Set.of())).stages())
                .containsExactly(FlowRecord.Stage.CONTEXT);
        refuses(
                new FeatureSpec("sizes+windows", 1, 5, Set.of()),
                "joins encoders whose features.packets counts seconds");
    }

    @Test
    void shouldRefuseANumberOfPacketsWhereNoneAreRead() {
        refuses(new FeatureSpec("conn", 1, 3, Set.of()), "features.packets must be 1");
    }

    @Test
    void shouldLeaveAllColumnsAbsentWhereARecordHasNoPackets() {
        final FloatBuffer row = FloatBuffer.allocate(1024 + 12);
        FeatureEncoders.of(new FeatureSpec("nprint+sequence", 1, 1, Set.of()))
                .encode(TestFlows.summary("C1"), row);
        final float[] absent = new float[1024 + 12];
        Arrays.fill(absent, -1);
        absent[1024 + 2] = 0;

        assertThat(row.array()).isEqualTo(absent);
    }

    @Test
    void shouldReadNothingBeyondItsReach() {
        final Random random = new Random(1);
        for (final String name :
                List.of("nprint", "sequence", "header", "payload", "sizes", "header+payload")) {
            final FeatureEncoder encoder =
                    FeatureEncoders.of(new FeatureSpec(name, 1, 4, Set.of()));
            for (int i = 0; i < 50; i++) {
                final byte[] packet = longPacket(random, i % 2 == 0);
                assertThat(row(encoder, packet, encoder.reach()))
                        .as(name)
                        .isEqualTo(row(encoder, packet, packet.length));
            }
        }
    }

    @Test
    void shouldReachNoFurtherThanItMust() {
        final FeatureEncoder payload =
                FeatureEncoders.of(new FeatureSpec("payload", 1, 1, Set.of()));
        final byte[] packet = longPacket(new Random(1), false);
        assertThat(row(payload, packet, payload.reach() - 1))
                .isNotEqualTo(row(payload, packet, packet.length));
        assertThat(FeatureEncoders.of(new FeatureSpec("conn", 1, 1, Set.of())).reach()).isZero();
        assertThat(FeatureEncoders.of(new FeatureSpec("sizes+payload", 1, 1, Set.of())).reach())
                .isEqualTo(payload.reach());
    }

    /** An IPv4 TCP packet of 1,400 random bytes, with all options or none. */
    private static byte[] longPacket(final Random random, final boolean options) {
        final byte[] packet = new byte[1400];
        random.nextBytes(packet);
        packet[0] = (byte) (options ? 0x4f : 0x45);
        packet[6] &= 0x40;
        packet[7] = 0;
        packet[9] = 6;
        packet[options ? 72 : 32] = (byte) (options ? 0xf0 : 0x50);
        return packet;
    }

    private static float[] row(final FeatureEncoder encoder, final byte[] packet, final int kept) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(
                context(new Packets.Builder().add(0, true, packet.length, packet, 0, kept)), row);
        return row.array();
    }

    @Test
    void shouldRefuseAnUnknownEncoder() {
        refuses(new FeatureSpec("nprnt", 1, 1, Set.of()), "'nprnt' is unknown");
        refuses(new FeatureSpec("nprint+", 1, 1, Set.of()), "'nprint+' is unknown");
        refuses(new FeatureSpec("", 1, 1, Set.of()), "'' is unknown");
    }

    @Test
    void shouldRefuseAnUnknownVersion() {
        refuses(new FeatureSpec("nprint", 2, 1, Set.of()), "features.version 2 of encoder nprint");
        refuses(new FeatureSpec("sequence", 0, 1, Set.of()), "features.version 0");
        refuses(new FeatureSpec("sequence+nprint", 2, 1, Set.of()), "features.version 2");
    }

    @Test
    void shouldRefuseAPartThatIsNamedTwice() {
        refuses(new FeatureSpec("nprint+nprint", 1, 1, Set.of()), "names nprint twice");
    }

    @Test
    void shouldRefuseMorePacketsThanARowMayHave() {
        refuses(new FeatureSpec("sequence", 1, 101, Set.of()), "at most 100, was 101");
    }

    private static void refuses(final FeatureSpec spec, final String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FeatureEncoders.of(spec))
                .withMessageContaining(why);
    }
}
