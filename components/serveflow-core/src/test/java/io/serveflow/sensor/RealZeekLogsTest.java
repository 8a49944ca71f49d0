/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.SharedTraffic;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logs that Zeek 8.0.9 wrote of 30 captures, once as JSON and once as TSV. */
@EnabledIf("io.serveflow.SharedTraffic#present")
class RealZeekLogsTest {

    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("captures")
    void shouldReadEveryLine(final Path capture) throws IOException {
        final Path log = capture.resolve("json/serveflow.log");
        final List<FlowRecord> records = read(log);
        assertThat(deadLetters).isEmpty();
        try (Stream<String> lines = Files.lines(log)) {
            assertThat(records).hasSize((int) lines.count()).isNotEmpty();
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
        final List<FlowRecord> records = new ArrayList<>();
        try (FlowRecordSource source =
                new LogSource(
                        log,
                        Optional.of(SensorFormat.ZEEK),
                        FlowAssembler.Options.defaults("zeek"),
                        new Ledger(),
                        deadLetters::add,
                        () -> 42)) {
            Optional<FlowRecord> record = source.next();
            while (record.isPresent()) {
                records.add(record.get());
                record = source.next();
            }
        }
        return records;
    }
}
