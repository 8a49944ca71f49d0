/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.AllRecords;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The {@code conn.log}s that Zeek 8.0.9 wrote of 30 captures, once as JSON and once as TSV. */
@EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
class RealConnLogsTest {

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("captures")
    void shouldReadEveryLine(final Path capture) throws IOException {
        final Path log = capture.resolve("json/conn.log");
        final List<FlowRecord> records = read(log);
        assertThat(deadLetters).isEmpty();
        try (Stream<String> lines = Files.lines(log)) {
            assertThat(records.size() + ledger.total(Ledger.Entry.SKIPPED))
                    .isEqualTo(lines.count());
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void shouldReadTheSameRecordsFromTsvAsFromJson(final Path capture) throws IOException {
        final List<FlowRecord> json = read(capture.resolve("json/conn.log"));
        final List<FlowRecord> tsv = read(capture.resolve("tsv/conn.log"));
        assertThat(deadLetters).isEmpty();
        assertThat(anonymous(tsv)).containsExactlyInAnyOrderElementsOf(anonymous(json));
    }

    static Stream<Path> captures() throws IOException {
        try (Stream<Path> folders = Files.list(SharedTraffic.folder().resolve("zeek-logs"))) {
            return folders.sorted().toList().stream();
        }
    }

    /** Zeek gave its ids at random in each of its two runs. */
    private static List<String> anonymous(final List<FlowRecord> records) {
        return records.stream()
                .map(
                        record ->
                                record.startMicros()
                                        + " "
                                        + record.tuple()
                                        + " "
                                        + record.communityId()
                                        + " "
                                        + record.summary())
                .toList();
    }

    private List<FlowRecord> read(final Path log) throws IOException {
        return AllRecords.of(
                SensorInput.open(
                        log,
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("zeek"),
                        ledger,
                        deadLetters::add));
    }
}
