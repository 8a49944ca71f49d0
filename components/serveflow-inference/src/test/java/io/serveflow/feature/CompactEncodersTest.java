/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static io.serveflow.flow.SampleFlows.context;
import static io.serveflow.flow.SampleFlows.hex;
import static io.serveflow.flow.SampleFlows.randomContext;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoders that have one column a field: header, payload, sizes. */
class CompactEncodersTest {

    private static final byte[] SYN =
            hex(
                    "45 00 002c 0001 4000 40 06 0000 0a000005 cb007109"
                            + "c93a 01bb 00000001 00000000 60 02 faf0 0000 0000 020405b4");

    /** Ten bytes of payload, from the responder: 16 03 01 00 f0 'A' '1' 20 ff 00. */
    private static final byte[] PUSH =
            hex(
                    "45 00 0032 0001 4000 3f 06 0000 cb007109 0a00000501bb c93a 00000001 00000002"
                            + " 50 18 1000 0000 0000 16030100f0413120ff00");

    private static final byte[] UDP6 =
            hex(
                    "60 000000 000d 11 37 20010db8000000000000000000000001"
                            + "20010db8000000000000000000000002 d431 0035 000d 9f3c 6162636465");

    private static final FlowRecord FLOW =
            context(
                    new Packets.Builder()
                            .add(0, true, SYN.length, SYN, 0, SYN.length)
                            .add(20_000, false, PUSH.length, PUSH, 0, PUSH.length));

    @Test
    void shouldWriteOneColumnAHeaderField() {
        final Map<String, Float> row = row(new HeaderEncoder(3, Set.of()), FLOW);

        assertThat(row)
                .contains(
                        entry("transport", (float) FLOW.tuple().transport().number()),
                        entry("pkt1_length", 44f),
                        entry("pkt1_payload", 0f),
                        entry("pkt1_flags", 2f),
                        entry("pkt1_ttl", 64f),
                        entry("pkt1_window", 64_240f),
                        entry("pkt1_options", 4f),
                        entry("pkt1_gap", 0f),
                        entry("pkt2_length", -50f),
                        entry("pkt2_payload", -10f),
                        entry("pkt2_flags", 24f),
                        entry("pkt2_ttl", 63f),
                        entry("pkt2_window", 4_096f),
                        entry("pkt2_options", 0f),
                        entry("pkt2_gap", (float) Math.log1p(20_000)));
    }

    @Test
    void shouldWriteThePortsBySideAndBySize() {
        final int originator = FLOW.tuple().originatorPort();
        final int responder = FLOW.tuple().responderPort();

        assertThat(row(new HeaderEncoder(1, Set.of()), FLOW))
                .contains(
                        entry("orig_port", (float) originator),
                        entry("resp_port", (float) responder),
                        entry("low_port", (float) Math.min(originator, responder)),
                        entry("high_port", (float) Math.max(originator, responder)));
    }

    @Test
    void shouldHaveNoColumnOfAPortThatIsMasked() {
        assertThat(new HeaderEncoder(10, EnumSet.of(Mask.PORTS)).columns())
                .noneMatch(name -> name.endsWith("_port") || name.endsWith("_range"));
    }

    @Test
    void shouldMarkAPacketThatIsNotThere() {
        final Map<String, Float> row = row(new HeaderEncoder(3, Set.of()), FLOW);

        assertThat(row)
                .contains(
                        entry("pkt3_length", 0f),
                        entry("pkt3_payload", 0f),
                        entry("pkt3_flags", -1f),
                        entry("pkt3_ttl", -1f),
                        entry("pkt3_window", -1f),
                        entry("pkt3_options", -1f),
                        entry("pkt3_gap", -1f));
    }

    @Test
    void shouldSayWhatThePacketsComeToTogether() {
        final Map<String, Float> row = row(new HeaderEncoder(3, Set.of()), FLOW);

        assertThat(row)
                .contains(
                        entry("packets", 2f),
                        entry("orig_bytes", 0f),
                        entry("resp_bytes", 10f),
                        entry("orig_packets", 1f),
                        entry("resp_packets", 1f),
                        entry("orig_largest", 0f),
                        entry("resp_largest", 10f),
                        entry("deviation", 5f),
                        entry("duration", (float) Math.log1p(20_000)),
                        entry("filled", 1f),
                        entry("turns", 1f));
    }

    @Test
    void shouldReadTheHopLimitOfIpv6AsTheTimeToLive() {
        final FlowRecord flow =
                context(new Packets.Builder().add(0, true, UDP6.length, UDP6, 0, UDP6.length));

        assertThat(row(new HeaderEncoder(1, Set.of()), flow))
                .contains(
                        entry("pkt1_ttl", 55f),
                        entry("pkt1_payload", 5f),
                        entry("pkt1_flags", -1f),
                        entry("pkt1_window", -1f));
    }

    @Test
    void shouldReadNoHeaderFieldBehindTheEndOfACutPacket() {
        final FlowRecord flow = context(new Packets.Builder().add(0, true, SYN.length, SYN, 0, 24));

        assertThat(row(new HeaderEncoder(1, Set.of()), flow))
                .contains(
                        entry("pkt1_length", 44f),
                        entry("pkt1_payload", 0f),
                        entry("pkt1_flags", -1f),
                        entry("pkt1_ttl", 64f),
                        entry("pkt1_window", -1f),
                        entry("pkt1_options", -1f));
    }

    @Test
    void shouldWriteTheFirstPayloadOfEachSide() {
        final Map<String, Float> row = row(new PayloadEncoder(2), FLOW);

        assertThat(row)
                .contains(
                        entry("orig_byte1", -1f),
                        entry("orig_word1", -1f),
                        entry("orig_printable", -1f),
                        entry("resp_byte1", 22f),
                        entry("resp_byte10", 0f),
                        entry("resp_byte11", -1f),
                        entry("resp_word1", (float) 0x1603),
                        entry("resp_word5", (float) 0xff00),
                        entry("resp_word6", -1f));
    }

    @Test
    void shouldSayWhatAPayloadIsMadeOf() {
        final Map<String, Float> row = row(new PayloadEncoder(2), FLOW);

        assertThat(row)
                .contains(
                        entry("resp_printable", 0.3f),
                        entry("resp_zeros", 0.2f),
                        entry("resp_digits", 0.1f),
                        entry("resp_upper", 0.1f),
                        entry("resp_lower", 0f),
                        entry("resp_spaces", 0.1f),
                        entry("resp_high", 0.2f),
                        entry("resp_distinct", 0.9f));
    }

    @Test
    void shouldLookAtThePayloadOfPacketOneAlone() {
        assertThat(row(new PayloadEncoder(1), FLOW)).containsEntry("first_byte1", -1f);
    }

    @Test
    void shouldGiveTheSameRowWhereASensorKeptOnlyTheFirst128Bytes() {
        final byte[] whole = new byte[600];
        System.arraycopy(PUSH, 0, whole, 0, PUSH.length);
        for (int i = PUSH.length; i < whole.length; i++) {
            whole[i] = (byte) (i * 31);
        }
        final FlowRecord kept =
                context(new Packets.Builder().add(0, true, whole.length, whole, 0, whole.length));
        final FlowRecord cut =
                context(new Packets.Builder().add(0, true, whole.length, whole, 0, 128));
        final FeatureEncoder encoder =
                FeatureEncoders.of(new FeatureSpec("header+payload+sizes", 1, 2, Set.of()));

        assertThat(row(encoder, cut)).isEqualTo(row(encoder, kept));
    }

    @Test
    void shouldTakeNoPaddingForPayload() {
        final byte[] padded = new byte[46];
        System.arraycopy(SYN, 0, padded, 0, SYN.length);
        final FlowRecord flow =
                context(new Packets.Builder().add(0, true, SYN.length, padded, 0, SYN.length));

        assertThat(row(new PayloadEncoder(1), flow)).containsEntry("first_byte1", -1f);
    }

    @Test
    void shouldPassOverPacketsWithoutPayload() {
        final FlowRecord flow =
                context(
                        new Packets.Builder()
                                .add(0, true, SYN.length, SYN, 0, SYN.length)
                                .add(1, false, PUSH.length, PUSH, 0, PUSH.length)
                                .add(2, true, SYN.length, SYN, 0, SYN.length)
                                .add(3, false, 1_400, PUSH, 0, PUSH.length)
                                .add(4, true, 140, PUSH, 0, PUSH.length));

        assertThat(row(new SizesEncoder(5), flow))
                .contains(
                        entry("size1", -10f),
                        entry("size2", -1_360f),
                        entry("size3", 100f),
                        entry("size4", 0f),
                        entry("size5", 0f),
                        entry("sizes_count", 3f),
                        entry("sizes_orig_bytes", 100f),
                        entry("sizes_resp_bytes", 1_370f),
                        entry("sizes_orig_packets", 1f),
                        entry("sizes_resp_packets", 2f),
                        entry("sizes_orig_largest", 100f),
                        entry("sizes_resp_largest", 1_360f),
                        entry("sizes_orig_smallest", 100f),
                        entry("sizes_resp_smallest", 10f),
                        entry("sizes_resp_mean", 685f),
                        entry("sizes_resp_deviation", 675f),
                        entry("sizes_resp_median", 1_360f),
                        entry("sizes_resp_distinct", 2f),
                        entry("sizes_resp_commonest", 10f),
                        entry("sizes_resp_repeats", 1f),
                        entry("sizes_turns", 2f),
                        entry("sizes_run", 2f),
                        entry("sum2", -1_370f),
                        entry("sum5", -1_270f),
                        entry("burst1", -1_370f),
                        entry("burst2", 100f),
                        entry("burst3", 0f),
                        entry("resp_to_9", 0f),
                        entry("resp_to_10", 1f),
                        entry("resp_to_1360", 1f),
                        entry("resp_above", 0f),
                        entry("orig_to_100", 1f));
    }

    @Test
    void shouldCountPayloadsAndNotPackets() {
        final Packets.Builder bare = new Packets.Builder();
        final Packets.Builder acknowledged = new Packets.Builder();
        for (int i = 0; i < 4; i++) {
            bare.add(i, i % 2 == 0, 100 + i, PUSH, 0, PUSH.length);
            acknowledged
                    .add(i, i % 2 == 0, 100 + i, PUSH, 0, PUSH.length)
                    .add(i, i % 2 == 1, SYN.length, SYN, 0, SYN.length);
        }
        for (final int payloads : new int[] {1, 3, 4, 9}) {
            assertThat(row(new SizesEncoder(payloads), context(acknowledged)))
                    .isEqualTo(row(new SizesEncoder(payloads), context(bare)));
        }
    }

    @Test
    void shouldWriteOneSizeWhereOnePayloadIsRead() {
        assertThat(row(new SizesEncoder(1), FLOW)).containsExactly(entry("size1", -10f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "payload", "sizes", "header+payload+sizes"})
    void shouldFillTheRowWithNumbersWhateverThePackets(final String name) {
        for (int seed = 0; seed < 200; seed++) {
            final FeatureEncoder encoder =
                    FeatureEncoders.of(new FeatureSpec(name, 1, 1 + seed % 10, Set.of()));
            final FloatBuffer row = FloatBuffer.allocate(encoder.width());

            encoder.encode(randomContext(seed, seed % 13 + 1), row);

            assertThat(row.hasRemaining()).isFalse();
            for (final float value : row.array()) {
                assertThat(value).isFinite();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "payload", "sizes"})
    void shouldWriteNothingWhereThereIsNoRoomForARow(final String name) {
        final FeatureEncoder encoder = FeatureEncoders.of(new FeatureSpec(name, 1, 2, Set.of()));
        final FloatBuffer small = FloatBuffer.allocate(encoder.width() - 1);

        assertThatThrownBy(() -> encoder.encode(FLOW, small))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(small.position()).isZero();
    }

    private static Map<String, Float> row(final FeatureEncoder encoder, final FlowRecord flow) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(flow, row);
        final Map<String, Float> named = new LinkedHashMap<>();
        for (int i = 0; i < encoder.width(); i++) {
            named.put(encoder.columns().get(i), row.get(i));
        }
        assertThat(named).hasSize(encoder.width());
        return named;
    }
}
