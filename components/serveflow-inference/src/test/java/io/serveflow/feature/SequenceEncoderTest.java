/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static io.serveflow.flow.SampleFlows.context;
import static io.serveflow.flow.SampleFlows.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class SequenceEncoderTest {

    private static final byte[] SYN =
            hex(
                    "45 00 002c 0001 4000 40 06 0000 0a000005 cb007109"
                            + "c93a 01bb 00000001 00000000 60 02 faf0 0000 0000 020405b4");
    private static final byte[] PUSH =
            hex(
                    "45 00 0032 0001 4000 40 06 0000 cb007109 0a00000501bb c93a 00000001 00000002"
                            + " 50 18 faf0 0000 0000 16030100f0010000ec03");
    private static final byte[] UDP =
            hex("45 00 0021 0001 0000 80 11 2222 0a000005 08080808 d431 0035 000d 9f3c 6162636465");

    @Test
    void shouldWriteSizesDirectionsGapsAndFlags() {
        final FlowRecord flow =
                context(
                        new Packets.Builder()
                                .add(0, true, SYN.length, SYN, 0, SYN.length)
                                .add(20_000, false, PUSH.length, PUSH, 0, PUSH.length));

        assertThat(encode(new SequenceEncoder(2), flow))
                .containsExactly(
                        44,
                        0,
                        1,
                        0,
                        0,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0, //
                        50,
                        10,
                        -1,
                        (float) Math.log1p(20_000),
                        0,
                        0,
                        0,
                        1,
                        1,
                        0,
                        0,
                        0);
    }

    @Test
    void shouldMarkAbsentPackets() {
        final FlowRecord flow =
                context(new Packets.Builder().add(0, true, UDP.length, UDP, 0, UDP.length));

        assertThat(encode(new SequenceEncoder(2), flow))
                .containsExactly(
                        33, 5, 1, 0, -1, -1, -1, -1, -1, -1, -1, -1, //
                        -1, -1, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    }

    @Test
    void shouldCountThePayloadOnTheWireAndNotTheKeptBytes() {
        final FlowRecord flow = context(new Packets.Builder().add(0, true, 1500, PUSH, 0, 40));

        assertThat(encode(new SequenceEncoder(1), flow)).startsWith(1500, 1460, 1, 0);
    }

    @Test
    void shouldMarkFlagsAndPayloadAbsentWhereTheHeaderWasCut() {
        final FlowRecord flow = context(new Packets.Builder().add(0, true, SYN.length, SYN, 0, 30));

        assertThat(encode(new SequenceEncoder(1), flow))
                .containsExactly(44, -1, 1, 0, -1, -1, -1, -1, -1, -1, -1, -1);
    }

    @Test
    void shouldTakeAPacketOlderThanTheOneBeforeItAsSimultaneous() {
        final FlowRecord flow =
                context(
                        new Packets.Builder()
                                .add(0, true, UDP.length, UDP, 0, UDP.length)
                                .add(-7, true, UDP.length, UDP, 0, UDP.length));

        assertThat(encode(new SequenceEncoder(2), flow)[15]).isZero();
    }

    @Test
    void shouldNameEveryColumn() {
        assertThat(new SequenceEncoder(2).columns())
                .hasSize(24)
                .startsWith(
                        "pkt1_length",
                        "pkt1_payload",
                        "pkt1_direction",
                        "pkt1_gap",
                        "pkt1_fin",
                        "pkt1_syn",
                        "pkt1_rst",
                        "pkt1_psh",
                        "pkt1_ack",
                        "pkt1_urg",
                        "pkt1_ece",
                        "pkt1_cwr",
                        "pkt2_length");
    }

    @Test
    void shouldWriteNothingWhereThereIsNoRoomForARow() {
        final FlowRecord flow =
                context(new Packets.Builder().add(0, true, UDP.length, UDP, 0, UDP.length));
        final FloatBuffer small = FloatBuffer.allocate(11);

        assertThatThrownBy(() -> new SequenceEncoder(1).encode(flow, small))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(small.position()).isZero();
    }

    private static float[] encode(final FeatureEncoder encoder, final FlowRecord flow) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(flow, row);
        return row.array();
    }
}
