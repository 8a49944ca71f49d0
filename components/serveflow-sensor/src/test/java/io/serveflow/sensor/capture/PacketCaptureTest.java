/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.CaptureBuilder;
import io.serveflow.sensor.CaptureStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacketCaptureTest {

    private static final int RAW_IP = 101;
    private static final long SECOND = 1_000_000;
    private static final long START = 1_700_000_000 * SECOND;

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<FlowRecord> records = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    void shouldShowTheTimeOfAPacketBeforeItIsTaken() throws IOException {
        try (CaptureStream capture = open(twoFlows())) {
            assertThat(capture.next()).isTrue();
            assertThat(capture.timeMicros()).isEqualTo(START);
            assertThat(records).isEmpty();
            capture.take();
            assertThat(records).hasSize(1);

            assertThat(capture.next()).isTrue();
            assertThat(capture.timeMicros()).isEqualTo(START + 20 * SECOND);
            assertThat(records).hasSize(1);
        }
    }

    @Test
    void shouldCompleteContextsBetweenPackets() throws IOException {
        try (CaptureStream capture = open(twoFlows())) {
            capture.next();
            capture.take();
            capture.next();
            capture.elapse(10 * SECOND + 1);

            assertThat(records)
                    .extracting(FlowRecord::stage)
                    .containsExactly(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT);
            assertThat(records.get(1).end()).isEqualTo(FlowRecord.End.TIMEOUT);
        }
    }

    @Test
    void shouldCompleteEveryContextAtTheEnd() throws IOException {
        try (CaptureStream capture = open(twoFlows())) {
            while (capture.next()) {
                capture.take();
            }
            capture.finish();

            assertThat(capture.packets()).isEqualTo(2);
        }
        assertThat(records).hasSize(4);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("pcap", 4L));
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldEndWithADeadLetterWhereTheCaptureIsCutOff() throws IOException {
        final byte[] whole = twoFlows();
        try (CaptureStream capture = open(Arrays.copyOf(whole, whole.length - 1))) {
            assertThat(capture.next()).isTrue();
            assertThat(capture.next()).isFalse();
        }
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("truncated_capture");
    }

    private static byte[] twoFlows() {
        return CaptureBuilder.pcap(
                        ByteOrder.LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, RAW_IP)
                .packet(START, datagram(1))
                .packet(START + 20 * SECOND, datagram(2))
                .bytes();
    }

    private static byte[] datagram(final int client) {
        return ipv4(17, "10.0.0.5", "203.0.113.9", udp(client, 53, new byte[4]));
    }

    private CaptureStream open(final byte[] capture) throws IOException {
        final Path file = folder.resolve("capture");
        Files.write(file, capture);
        return new PacketCapture(
                file,
                FlowAssembler.Options.defaults("sensor"),
                ledger,
                deadLetters::add,
                records::add);
    }
}
