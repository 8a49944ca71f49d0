/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.serveflow.testing.kafka.SensorLines;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fuzz target of the records by which processes hand flows to each other: any value with any
 * headers is refused with a reason and a sentence, or is a flow that is written and read as the
 * same. The lines of an input are the version, the time of reading, the value and the verdicts.
 */
class FlowMessageFuzzTest {

    private static final Clock NOW =
            Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

    static Stream<Named<byte[]>> seeds() {
        return Stream.of(
                Named.of(
                        "a first record",
                        bytes(
                                "1\n1699999999000000\n"
                                        + FlowMessageTest.VALUE.strip()
                                        + '\n'
                                        + FlowMessageTest.HEADER)),
                Named.of(
                        "a first record of two tasks",
                        bytes(
                                "1\n-1\n"
                                        + SensorLines.first("C1").strip()
                                        + '\n'
                                        + FlowMessageTest.HEADER
                                        + '\n'
                                        + FlowMessageTest.HEADER.replace("service", "device"))),
                Named.of(
                        "a context with a hello", bytes("1\n0\n" + FlowMessageTest.SAYING.strip())),
                Named.of("a context", bytes("1\n0\n" + SensorLines.context("C1").strip())));
    }

    @MethodSource("seeds")
    @FuzzTest
    void kafkaFlow(final byte[] input) throws BadMessageException {
        final FlowMessage message;
        try {
            message = new FlowMessageReader(NOW, () -> 0).read(consumed(lines(input)));
        } catch (final BadMessageException e) {
            assertThat(e.reason()).matches("[a-z_]+");
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        final ProducerRecord<byte[], byte[]> written =
                new FlowMessageWriter("t", NOW.millis() * 1_000, 0).write(message);
        final FlowMessage again =
                new FlowMessageReader(NOW, () -> 0)
                        .read(consumed(written.value(), written.headers()));

        assertThat(again.record().readAt(0)).isEqualTo(message.record().readAt(0));
        assertThat(again.verdicts()).isEqualTo(message.verdicts());
    }

    private static List<byte[]> lines(final byte[] input) {
        final List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= input.length; i++) {
            if (i == input.length || input[i] == '\n') {
                lines.add(Arrays.copyOfRange(input, start, i));
                start = i + 1;
            }
        }
        return lines;
    }

    private static ConsumerRecord<byte[], byte[]> consumed(final List<byte[]> lines) {
        final Headers headers = new RecordHeaders();
        headers.add(FlowMessage.VERSION, lines.get(0));
        if (lines.size() > 1) {
            headers.add(FlowMessage.READ, lines.get(1));
        }
        lines.stream().skip(3).forEach(verdict -> headers.add(FlowMessage.VERDICT, verdict));
        return consumed(lines.size() > 2 ? lines.get(2) : new byte[0], headers);
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            final byte[] value, final Headers headers) {
        return new ConsumerRecord<>(
                "t",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                value.length,
                null,
                value,
                headers,
                Optional.empty());
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
