/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.AllRecords;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Suricata wrote of the sample captures, against the captures themselves. */
@EnabledIf("present")
class RealEveLogsTest {

    private static final String SUFFIX = ".eve.json.gz";

    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("logs")
    void shouldMakeTheRecordsThatTheCaptureMakes(final Path log) throws IOException {
        final List<FlowRecord> eve = read(log);
        final List<FlowRecord> capture = read(captureOf(log));
        assertThat(deadLetters).isEmpty();
        assertThat(eve).isNotEmpty();
        assertThat(anonymous(eve)).isEqualTo(anonymous(capture));
    }

    static boolean present() {
        return Files.isDirectory(samples().resolve("eve"));
    }

    static Stream<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(samples().resolve("eve"))) {
            return files
                    .filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Path samples() {
        return ProjectFiles.samples();
    }

    private static Path captureOf(final Path log) throws IOException {
        final String name = log.getFileName().toString().replace(SUFFIX, ".pcap");
        try (Stream<Path> captures = Files.list(samples().resolve("captures"))) {
            return captures.filter(file -> file.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * Of packets: a capture has no summaries. Each has its own flow ids, and Suricata writes
     * packets of two threads as they come.
     */
    private static List<FlowRecord> anonymous(final List<FlowRecord> records) {
        return records.stream()
                .filter(record -> record.stage() != FlowRecord.Stage.SUMMARY)
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
                                        0))
                .sorted(
                        Comparator.comparingLong(FlowRecord::startMicros)
                                .thenComparing(FlowRecord::communityId)
                                .thenComparing(FlowRecord::stage))
                .toList();
    }

    private List<FlowRecord> read(final Path file) throws IOException {
        return AllRecords.of(
                SensorInput.open(
                        file,
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("lab"),
                        new Ledger(),
                        deadLetters::add));
    }
}
