/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SensorMessageTest {

    private final Ledger ledger = new Ledger();

    @Test
    void shouldReadLinesThatAreLongerThanItsBufferFromAStreamOfSingleBytes() throws Exception {
        final String text = line(1, 20_000) + "\n" + line(2, 3) + "\n" + line(3, 40_000);
        final InputStream slow =
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
                    @Override
                    public synchronized int read(
                            final byte[] to, final int from, final int length) {
                        return super.read(to, from, Math.min(1, length));
                    }
                };
        final SensorMessage message = message(10);

        message.read(slow);

        assertThat(message.records())
                .extracting(record -> record.id().uid())
                .containsExactly("C1", "C2", "C3");
    }

    @Test
    void shouldNameALineThatIsTooLong() {
        final String text = line(1, 3) + "\n" + line(2, SensorStream.MAX_LINE_BYTES);

        for (final Reading reading : Reading.values()) {
            assertThatThrownBy(() -> reading.read(message(10), text.getBytes()))
                    .isInstanceOf(BadLineException.class)
                    .hasMessageStartingWith("line 2: the line is longer than the 1048576 bytes")
                    .asInstanceOf(InstanceOfAssertFactories.type(BadLineException.class))
                    .extracting(BadLineException::reason)
                    .isEqualTo("line_too_long");
        }
    }

    @Test
    void shouldRefuseGzipThatIsCutOff() throws Exception {
        final byte[] packed = Gzip.packed(line(1, 3) + "\n" + line(2, 3) + "\n");

        for (final Reading reading : Reading.values()) {
            for (final int length : new int[] {4, packed.length / 2, packed.length - 1}) {
                assertThatThrownBy(
                                () -> {
                                    final SensorMessage message = message(10);
                                    reading.read(message, Arrays.copyOf(packed, length));
                                    message.records();
                                })
                        .as(length + " bytes")
                        .isInstanceOf(BadLineException.class)
                        .hasMessageContaining("(bad_gzip)");
            }
        }
    }

    @Test
    void shouldRefuseACaptureThatIsCutOff() {
        final byte[] header = {
            (byte) 0xd4,
            (byte) 0xc3,
            (byte) 0xb2,
            (byte) 0xa1,
            2,
            0,
            4,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            4,
            0,
            1,
            0,
            0,
            0
        };

        for (final Reading reading : Reading.values()) {
            assertThatThrownBy(() -> reading.read(message(10), Arrays.copyOf(header, 30)))
                    .isInstanceOf(BadLineException.class)
                    .hasMessageContaining("(truncated_capture)");
            assertThatThrownBy(() -> reading.read(message(10), Arrays.copyOf(header, 7)))
                    .isInstanceOf(BadLineException.class)
                    .hasMessageContaining("(bad_capture)");
        }
    }

    @Test
    void shouldCountLinesWithoutLineEndsAsLinesOfOneMessage() {
        assertThatThrownBy(
                        () -> {
                            final SensorMessage message = message(10);
                            message.read(line(1, 3).getBytes());
                            message.read(line(2, 3).getBytes());
                            message.read("{".getBytes());
                        })
                .isInstanceOf(BadLineException.class)
                .hasMessageStartingWith("line 3: ");
    }

    @Test
    void shouldGiveNothingForAnEmptyMessage() throws Exception {
        final SensorMessage message = message(10);
        message.read(new byte[0]);
        message.read(new ByteArrayInputStream("\n \r\n\n".getBytes()));

        assertThat(message.records()).isEmpty();
        assertThat(ledger.total(Ledger.Entry.EVENTS)).isZero();
    }

    @Test
    void shouldHoldABoundedNumberOfRecords() {
        final String text = line(1, 3) + "\n" + line(2, 3) + "\n" + line(3, 3);

        assertThatThrownBy(() -> message(2).read(text.getBytes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than the 2 records");
    }

    @Test
    void shouldAllocateLittleForASingleLine() throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();

        for (final String log : List.of(zeekLine(), eveLine())) {
            final byte[] line = log.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 100; i++) {
                assertThat(recordsIn(line)).isPositive();
            }
            final long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 100; i++) {
                recordsIn(line);
            }

            assertThat((threads.getThreadAllocatedBytes(thread) - before) / 100)
                    .as("bytes a message of " + line.length)
                    .isLessThan(16_000);
        }
    }

    private int recordsIn(final byte[] line) throws Exception {
        final SensorMessage message = message(10);
        message.read(line);
        return message.records().size();
    }

    private static String zeekLine() throws Exception {
        try (Stream<String> lines = Files.lines(ProjectFiles.records("mixed"))) {
            return lines.filter(line -> line.contains("\"stage\":\"first\""))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String eveLine() throws Exception {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(ProjectFiles.eve("http"))),
                                StandardCharsets.UTF_8))) {
            return lines.readLine();
        }
    }

    private SensorMessage message(final int maxRecords) {
        return new SensorMessage(FlowAssembler.Options.defaults("sensor"), maxRecords, ledger);
    }

    private static String line(final int number, final int packetBytes) {
        return "{\"ts\":1.5,\"uid\":\"C"
                + number
                + "\",\"id.orig_h\":\"192.0.2.1\",\"id.orig_p\":1,\"id.resp_h\":\"192.0.2.2\","
                + "\"id.resp_p\":2,\"proto\":\"tcp\",\"conn_state\":\"SF\",\"extra\":\""
                + "x".repeat(packetBytes)
                + "\"}";
    }

    private enum Reading {
        ARRAY {
            @Override
            void read(final SensorMessage message, final byte[] bytes) throws Exception {
                message.read(bytes);
            }
        },
        STREAM {
            @Override
            void read(final SensorMessage message, final byte[] bytes) throws Exception {
                message.read(new ByteArrayInputStream(bytes));
            }
        };

        abstract void read(SensorMessage message, byte[] bytes) throws Exception;
    }
}
