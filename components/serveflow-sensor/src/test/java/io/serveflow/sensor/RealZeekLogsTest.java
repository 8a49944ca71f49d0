/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logs that Zeek 8.0.9 wrote of 30 captures, once as JSON and once as TSV. */
@EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
class RealZeekLogsTest {

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("captures")
    void shouldReadEveryLine(final Path capture) throws IOException {
        final Path log = capture.resolve("json/serveflow.log");
        final List<FlowRecord> records = read(log);
        assertThat(deadLetters).isEmpty();
        try (Stream<String> lines = Files.lines(log)) {
            assertThat(records).isNotEmpty();
            assertThat(records.size() + ledger.total(Ledger.Entry.SKIPPED))
                    .isEqualTo(lines.count());
            assertThat(ledger.byDetail(Ledger.Entry.SKIPPED).keySet())
                    .isSubsetOf("other_transport");
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void shouldReadTheSameRecordsFromTsvAsFromJson(final Path capture) throws IOException {
        final List<FlowRecord> json = read(capture.resolve("json/serveflow.log"));
        final List<FlowRecord> tsv = read(capture.resolve("tsv/serveflow.log"));
        assertThat(deadLetters).isEmpty();
        assertThat(anonymous(tsv)).isEqualTo(anonymous(json));
    }

    /**
     * Zeek counts the padding of Ethernet frames; the reader takes it off. When a flow ends, and
     * which side began one whose beginning was not seen, are other matters, on which Zeek and the
     * assembler of captures differ, so only packets are compared that both have.
     */
    @Test
    void shouldMakeThePacketsThatTheCapturesMake() throws IOException {
        int compared = 0;
        final List<String> different = new ArrayList<>();
        for (final Path log : captures().toList()) {
            final Map<List<Object>, Packets> ofCapture = new HashMap<>();
            for (final FlowRecord record : contexts(captureOf(log))) {
                if (record.tunnel().isPresent()) {
                    // The script that wrote these logs was a sketch, and gave the tunnel's packet.
                    continue;
                }
                ofCapture.put(keyOf(record), record.packets());
            }
            for (final FlowRecord record : contexts(log.resolve("json/serveflow.log"))) {
                final Packets expected = ofCapture.get(keyOf(record));
                if (expected != null) {
                    final int common = Math.min(record.packets().count(), expected.count());
                    compared += common;
                    for (int i = 0; i < common; i++) {
                        if (!describe(record.packets(), i).equals(describe(expected, i))) {
                            different.add(
                                    log.getFileName()
                                            + ": "
                                            + describe(record.packets(), i)
                                            + " and "
                                            + describe(expected, i));
                        }
                    }
                }
            }
        }
        assertThat(different).isEmpty();
        assertThat(compared).isGreaterThan(6_800);
    }

    /** Length and bytes of a packet. */
    private static String describe(final Packets packets, final int i) {
        return packets.length(i)
                + ": "
                + HexFormat.of().formatHex(packets.bytes(), packets.start(i), packets.end(i));
    }

    /** A flow has its start and its hash in common for both. */
    private static List<Object> keyOf(final FlowRecord record) {
        return List.of(record.communityId(), record.startMicros());
    }

    private List<FlowRecord> contexts(final Path file) throws IOException {
        return AllRecords.of(
                        SensorInput.open(
                                file,
                                SensorFormats.installed(),
                                FlowAssembler.Options.defaults("lab").withHelloSnap(0),
                                new Ledger(),
                                deadLetters::add))
                .stream()
                .filter(record -> record.stage() == FlowRecord.Stage.CONTEXT)
                .toList();
    }

    private static Path captureOf(final Path log) throws IOException {
        final Path folder = SharedTraffic.folder().resolve("svc").resolve("pcap");
        try (Stream<Path> captures = Files.list(folder)) {
            return captures.filter(
                            file ->
                                    file.getFileName()
                                            .toString()
                                            .startsWith(log.getFileName() + "."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static Stream<Path> captures() throws IOException {
        try (Stream<Path> folders = Files.list(SharedTraffic.folder().resolve("zeek-logs"))) {
            return folders.sorted().toList().stream();
        }
    }

    /** Zeek gave its ids at random in each of its two runs. */
    private static List<FlowRecord> anonymous(final List<FlowRecord> records) {
        return records.stream()
                .map(
                        record ->
                                new FlowRecord(
                                        new FlowId(record.id().observer(), "C"),
                                        record.tuple(),
                                        record.communityId(),
                                        record.startMicros(),
                                        record.stage(),
                                        record.end(),
                                        record.packets(),
                                        record.readNanos()))
                .toList();
    }

    private List<FlowRecord> read(final Path log) throws IOException {
        return AllRecords.of(
                new LogSource(
                        log,
                        SensorFormats.installed().only("zeek"),
                        FlowAssembler.Options.defaults("zeek").withHelloSnap(0),
                        ledger,
                        deadLetters::add,
                        () -> 42));
    }
}
