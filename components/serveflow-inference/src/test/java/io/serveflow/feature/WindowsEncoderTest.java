/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static io.serveflow.flow.SampleFlows.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The encoders that read seconds: windows, chunks. */
class WindowsEncoderTest {

    private static final byte[] NO_BYTES = {};

    /** A packet: when, and how long, negative from the responder. */
    record Seen(long micros, int signedLength) {}

    /** Two requests, each with its answer, a second of silence, and something after second 3. */
    private static final List<Seen> SESSION =
            List.of(
                    new Seen(0, 400),
                    new Seen(10_000, -1_200),
                    new Seen(30_000, -800),
                    new Seen(900_000, 80),
                    new Seen(2_100_000, 500),
                    new Seen(2_200_000, -1_400),
                    new Seen(2_500_000, -100),
                    new Seen(3_000_000, -1_500));

    @Test
    void shouldTellWhatASessionCarriesSecondBySecond() {
        assertThat(row(3, SESSION))
                .contains(
                        entry("s1_up_bytes", 480f),
                        entry("s1_down_bytes", 2_000f),
                        entry("s1_up_packets", 2f),
                        entry("s1_down_packets", 2f),
                        entry("s2_down_bytes", 0f),
                        entry("s3_up_bytes", 500f),
                        entry("s3_down_bytes", 1_500f),
                        entry("to2_up_bytes", 480f),
                        entry("to2_down_bytes", 2_000f),
                        entry("to2_down_packets", 2f),
                        entry("to3_down_bytes", 3_500f),
                        entry("idle", 1f),
                        entry("last", 2_500f));
    }

    @Test
    void shouldSumUpLengthsAndGaps() {
        assertThat(row(3, SESSION))
                .contains(
                        entry("up_bytes", 980f),
                        entry("up_packets", 3f),
                        entry("down_bytes", 3_500f),
                        entry("down_mean", 875f),
                        entry("down_max", 1_400f),
                        entry("down_to_100", 0.25f),
                        entry("down_to_1000", 0.5f),
                        entry("down_to_1300", 0.75f),
                        entry("down_gap_mean", 830f),
                        entry("down_gap_max", 2_170f),
                        entry("second_p50", 1_500f),
                        entry("second_max", 2_000f));
    }

    @Test
    void shouldTellTheBurstsAndAnswersOfASession() {
        assertThat(row("chunks", 3, context(packets(SESSION))))
                .contains(
                        entry("down_total", 3_500f),
                        entry("silent", 1f),
                        entry("bursts", 3f),
                        entry("burst_p50", 1_400f),
                        entry("burst_max", 2_000f),
                        entry("answers", 2f),
                        entry("answer_mean", 1_750f),
                        entry("answer_p50", 1_500f),
                        entry("answer_max", 2_000f),
                        entry("pieces", 0f),
                        entry("piece_max", 0f));
    }

    @Test
    void shouldCallAnAnswerAPieceFromFiftyKilobytesOn() {
        final List<Seen> session = new ArrayList<>(List.of(new Seen(0, 400)));
        for (int i = 0; i < 40; i++) {
            session.add(new Seen(1_000 + i, -1_250));
        }
        session.addAll(List.of(new Seen(500_000, 400), new Seen(600_000, -49_000)));

        assertThat(row("chunks", 1, context(packets(session))))
                .contains(entry("pieces", 1f), entry("piece_mean", 50_000f))
                .contains(entry("answers", 2f));
    }

    @Property(tries = 200)
    void shouldNotDependOnWhatComesLater(
            @ForAll("sessions") final List<Seen> session,
            @ForAll("sessions") final List<Seen> later,
            @ForAll @IntRange(min = 1, max = 12) final int seconds) {
        final Packets.Builder longer = packets(session);
        later.forEach(
                packet ->
                        longer.add(
                                seconds * 1_000_000L + packet.micros(),
                                packet.signedLength() > 0,
                                Math.abs(packet.signedLength()),
                                NO_BYTES,
                                0,
                                0));

        assertThat(row(seconds, context(longer))).isEqualTo(row(seconds, session));
    }

    @Property(tries = 100)
    void shouldFillTheRowWithNumbersWhateverThePackets(
            @ForAll("sessions") final List<Seen> session,
            @ForAll @IntRange(min = 1, max = 100) final int seconds) {
        assertThat(row(seconds, session).values()).allSatisfy(v -> assertThat(v).isFinite());
    }

    @Test
    void shouldWriteNothingWhereThereIsNoRoomForARow() {
        final FeatureEncoder encoder =
                FeatureEncoders.of(new FeatureSpec("windows", 1, 2, Set.of()));
        final FloatBuffer small = FloatBuffer.allocate(encoder.width() - 1);

        assertThatThrownBy(() -> encoder.encode(context(packets(SESSION)), small))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(small.position()).isZero();
    }

    /** Packets within a quarter of a minute, not all of them in order. */
    @Provide
    static Arbitrary<List<Seen>> sessions() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 15_000_000),
                        Arbitraries.integers().between(-1_500, 1_500).filter(n -> n != 0))
                .as(Seen::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    private static Packets.Builder packets(final List<Seen> session) {
        final Packets.Builder packets = new Packets.Builder();
        session.forEach(
                packet ->
                        packets.add(
                                packet.micros(),
                                packet.signedLength() > 0,
                                Math.abs(packet.signedLength()),
                                NO_BYTES,
                                0,
                                0));
        return packets;
    }

    private static Map<String, Float> row(final int seconds, final List<Seen> session) {
        return row(seconds, context(packets(session)));
    }

    private static Map<String, Float> row(final int seconds, final FlowRecord flow) {
        return row("windows+chunks", seconds, flow);
    }

    private static Map<String, Float> row(
            final String name, final int seconds, final FlowRecord flow) {
        final FeatureEncoder encoder =
                FeatureEncoders.of(new FeatureSpec(name, 1, seconds, Set.of()));
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
