/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.TestPackets;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.eve.EveDecoder;
import io.serveflow.sensor.packet.SeenNumbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of packets that a shipper sends again, as it does with what was not acknowledged. */
class ShippedTwiceTest {

    private static final long START = 1_700_000_000_000_000L;

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<FlowRecord> records = new ArrayList<>();
    private final SensorStream stream =
            new SensorStream(
                    "topic-0",
                    SensorFormats.installed(),
                    FlowAssembler.Options.defaults("sensor-1").withDepth(100),
                    ledger,
                    deadLetters::add,
                    ContextInterest.all(),
                    records::add);
    private long position;

    /** Who wrote the events. */
    enum Sensor {
        SURICATA,
        NDPID;

        String packet(final int flow, final int number) {
            return packet(flow, number, START + number * 10_000L);
        }

        String packet(final int flow, final int number, final long micros) {
            final byte[] frame =
                    concat(
                            new byte[12],
                            TestPackets.bytes(0x08, 0x00),
                            ipv4(
                                    TestPackets.UDP,
                                    "192.0.2.10",
                                    "198.51.100.20",
                                    udp(1000 + flow, 53, new byte[number])));
            final String base64 = Base64.getEncoder().encodeToString(frame);
            if (this == NDPID) {
                return ("{\"packet_event_name\":\"packet-flow\",\"source\":\"eth0\",\"alias\":\"lab\","
                            + "\"flow_id\":%d,\"flow_packet_id\":%d,\"pkt_oversize\":false,"
                            + "\"pkt_l3_offset\":14,\"pkt_len\":%d,\"thread_ts_usec\":%d,"
                            + "\"pkt\":\"%s\"}")
                        .formatted(flow, number, frame.length, micros, base64);
            }
            return ("{\"timestamp\":\"2023-11-14T22:13:%02d.%06d+0000\",\"flow_id\":%d,"
                        + "\"event_type\":\"alert\",\"metadata\":{\"flowints\":{\"serveflow\":%d}},"
                        + "\"alert\":{\"signature_id\":3900012},\"packet\":\"%s\","
                        + "\"packet_info\":{\"linktype\":1}}")
                    .formatted(
                            20 + (micros - START) / 1_000_000,
                            (micros - START) % 1_000_000,
                            flow,
                            number,
                            base64);
        }

        String end(final int flow) {
            return this == NDPID
                    ? ("{\"flow_event_name\":\"end\",\"source\":\"eth0\",\"alias\":\"lab\","
                                    + "\"flow_id\":%d}")
                            .formatted(flow)
                    : ("{\"timestamp\":\"2023-11-14T22:14:20.0+0000\",\"flow_id\":%d,"
                                    + "\"event_type\":\"flow\",\"src_ip\":\"192.0.2.10\","
                                    + "\"src_port\":%d,\"dest_ip\":\"198.51.100.20\","
                                    + "\"dest_port\":53,\"proto\":\"UDP\",\"flow\":{\"start\":"
                                    + "\"2023-11-14T22:13:20.0+0000\"}}")
                            .formatted(flow, 1000 + flow);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountEachEventOnceThatComesTwice(final Sensor sensor) {
        for (int number = 1; number <= 5; number++) {
            lines(sensor.packet(1, number), sensor.packet(1, number));
        }

        assertThat(packetsOf(1)).containsExactly(5);
        assertThat(skipped()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountEachEventOnceWhenAllComeAgain(final Sensor sensor) {
        for (int round = 0; round < 3; round++) {
            for (int number = 1; number <= 70; number++) {
                lines(sensor.packet(1, number), sensor.packet(2, number));
            }
        }

        assertThat(packetsOf(1)).containsExactly(70);
        assertThat(packetsOf(2)).containsExactly(70);
        assertThat(skipped()).isEqualTo(280);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountEachEventOnceWhenTheyComeAgainInAnotherOrder(final Sensor sensor) {
        final List<String> again =
                new ArrayList<>(
                        IntStream.rangeClosed(1, 20).mapToObj(n -> sensor.packet(1, n)).toList());
        lines(again.toArray(String[]::new));
        Collections.shuffle(again, new Random(1));
        lines(again.toArray(String[]::new));

        assertThat(packetsOf(1)).containsExactly(20);
        assertThat(skipped()).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountAPacketThatComesLateAndEachDuplicateOfItOnce(final Sensor sensor) {
        lines(
                Stream.of(1, 3, 4, 2, 3, 2, 5, 1)
                        .map(n -> sensor.packet(1, n))
                        .toArray(String[]::new));

        assertThat(packetsOf(1)).containsExactly(5);
        assertThat(skipped()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellEventsThatComeAgainBehindTheEndOfTheirFlow(final Sensor sensor) {
        for (int round = 0; round < 2; round++) {
            lines(sensor.packet(1, 1), sensor.packet(1, 2), sensor.end(1));
        }

        assertThat(packetsOf(1)).containsExactly(2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadAFlowWhoseNumbersBeginAnew(final Sensor sensor) {
        lines(
                sensor.packet(1, 1),
                sensor.packet(1, 2),
                sensor.packet(1, 1, START + 5_000_000),
                sensor.packet(1, 1, START + 5_000_000),
                sensor.packet(1, 2, START + 5_100_000));

        assertThat(packetsOf(1).stream().mapToInt(Integer::intValue).sum()).isEqualTo(4);
        assertThat(skipped()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 128, 129, SeenNumbers.MAX_NUMBER})
    void shouldTellANumberFromItsNeighbours(final int number) {
        final SeenNumbers seen = new SeenNumbers();
        assertThat(seen.note(number, 5)).isEqualTo(SeenNumbers.Finding.ANOTHER);
        assertThat(seen.note(number, 5)).isEqualTo(SeenNumbers.Finding.DUPLICATE);
        assertThat(seen.note(number + 1, 5)).isEqualTo(SeenNumbers.Finding.ANOTHER);
        assertThat(seen.note(number, 6)).isEqualTo(SeenNumbers.Finding.ANEW);
    }

    @Test
    void shouldNotGuessWhereTheSensorDoesNotNumberPackets() {
        final String event =
                Sensor.SURICATA
                        .packet(1, 1)
                        .replace("\"metadata\":{\"flowints\":{\"serveflow\":1}},", "");
        lines(event, event);

        assertThat(packetsOf(1)).containsExactly(2);
    }

    @Test
    void shouldRememberABoundedNumberOfFlows() {
        for (int flow = 0; flow <= EveDecoder.MAX_NUMBERED_FLOWS; flow++) {
            lines(Sensor.SURICATA.packet(flow, 1, START));
        }
        lines(Sensor.SURICATA.packet(1, 1, START));
        assertThat(skipped()).isEqualTo(1);
        lines(Sensor.SURICATA.packet(0, 1, START));
        assertThat(skipped()).isEqualTo(1);
    }

    /** How many packets the context records of a flow have. */
    private List<Integer> packetsOf(final int flow) {
        stream.finish();
        assertThat(deadLetters).isEmpty();
        return records.stream()
                .filter(record -> record.stage() == FlowRecord.Stage.CONTEXT)
                .filter(record -> record.tuple().originatorPort() == 1000 + flow)
                .map(record -> record.packets().count())
                .toList();
    }

    private long skipped() {
        final Map<String, Long> reasons = ledger.byDetail(Ledger.Entry.SKIPPED);
        return reasons.getOrDefault("duplicate_event", 0L);
    }

    private void lines(final String... lines) {
        for (final String line : lines) {
            final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            stream.line(bytes, 0, bytes.length, position++);
        }
    }
}
