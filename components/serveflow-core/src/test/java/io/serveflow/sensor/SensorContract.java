/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterFile;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What holds whatever bytes are read as a sensor's file: no failure but those that are documented,
 * an end for every event, records that can be used, bounded memory, and the same answer from a
 * followed log as from a file.
 */
final class SensorContract {

    /** The observer of all records. */
    static final String OBSERVER = "fuzzed";

    private static final FlowAssembler.Options OPTIONS =
            FlowAssembler.Options.defaults(OBSERVER).withDepth(5).withMaxFlows(8);

    private static final Set<String> LETTERS_OF_CAPTURES =
            Set.of(
                    "truncated_capture",
                    "corrupt_capture",
                    "unknown_link_type",
                    "undefined_interface");

    private static final Set<String> LETTERS_OF_LOGS =
            Set.of(
                    "bad_json",
                    "bad_tsv",
                    "missing_field",
                    "bad_field",
                    "line_too_long",
                    "torn_line",
                    "bad_gzip");

    /**
     * The buffers that a reader opens with, and the largest that a length in a file can ask for.
     */
    private static final long FIXED_BYTES = 64L << 20;

    /** What reading makes of a byte at most, all in all: a dead letter of each line of one byte. */
    private static final long BYTES_A_BYTE = 32L << 10;

    private static final com.sun.management.ThreadMXBean MEMORY =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Path file;

    /**
     * @param folder where the bytes are written to be read
     */
    SensorContract(final Path folder) {
        this.file = folder.resolve("fuzzed");
    }

    /** Reads the bytes as a file of the format, and as a followed log where it has lines. */
    void holdsFor(final SensorFormat format, final byte[] bytes) {
        check(Optional.of(format), bytes);
    }

    /** Reads the bytes as a file whose format is told by its content. */
    void holdsFor(final byte[] bytes) {
        check(Optional.empty(), bytes);
    }

    private void check(final Optional<SensorFormat> format, final byte[] bytes) {
        write(bytes);
        final FuzzedLog unpacked = FuzzedLog.of(file);
        final long before = MEMORY.getCurrentThreadAllocatedBytes();
        final Reading reading = read(format);
        final long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes allocated to read %d", unpacked.length())
                .isLessThan(FIXED_BYTES + BYTES_A_BYTE * unpacked.length());
        if (reading.refusal.isPresent()) {
            assertRefused(reading);
            return;
        }
        for (final FlowRecord record : reading.records) {
            RecordContract.holdsFor(record, reading.format);
        }
        assertFirstBeforeContext(reading);
        if (reading.format == SensorFormat.PCAP) {
            assertAccountOfCapture(reading);
        } else {
            assertAccountOfLog(reading, unpacked);
            assertSameAsFollowed(reading, unpacked);
            assertUnwantedContextsArePassedOver(reading, unpacked);
        }
    }

    private Reading read(final Optional<SensorFormat> format) {
        final Reading reading = new Reading();
        try (FlowRecordSource source =
                SensorInput.open(file, format, OPTIONS, reading.ledger, reading.letters::add)) {
            reading.format = formatOf(source);
            reading.readAll(source);
        } catch (final IOException e) {
            reading.refusal = Optional.of(e);
        }
        return reading;
    }

    private static SensorFormat formatOf(final FlowRecordSource source) {
        if (source instanceof PcapSource) {
            return SensorFormat.PCAP;
        }
        return source instanceof EveSource ? SensorFormat.EVE : SensorFormat.ZEEK;
    }

    /** A file that is refused gave nothing, and the refusal is a sentence that names it. */
    private void assertRefused(final Reading reading) {
        assertThat(reading.records).isEmpty();
        assertThat(reading.letters).isEmpty();
        assertThat(reading.ledger.total(Ledger.Entry.EVENTS)).isZero();
        assertThat(reading.refusal.get()).hasMessageContaining(file.toString() + " ");
    }

    private static void assertFirstBeforeContext(final Reading reading) {
        if (reading.format == SensorFormat.ZEEK) {
            return; // its records are those of the log, in the log's order
        }
        final List<String> open = new ArrayList<>();
        for (final FlowRecord record : reading.records) {
            if (record.stage() == FlowRecord.Stage.FIRST) {
                open.add(record.id().uid());
            } else {
                assertThat(open.remove(record.id().uid()))
                        .as("a first record before the context record of %s", record.id())
                        .isTrue();
            }
        }
        assertThat(open).as("flows without a context record").isEmpty();
    }

    private void assertAccountOfCapture(final Reading reading) {
        assertLetters(reading, LETTERS_OF_CAPTURES);
        assertThat(reading.total(Ledger.Entry.EVENTS)).isEqualTo(reading.records.size());
        assertThat(reading.total(Ledger.Entry.FLOWS)).isEqualTo(reading.firsts().size());
    }

    /** Every line has one end, and the ledger says the same. */
    private void assertAccountOfLog(final Reading reading, final FuzzedLog log) {
        assertLetters(reading, LETTERS_OF_LOGS);
        assertThat(reading.total(Ledger.Entry.EVENTS))
                .isEqualTo(reading.records.size() + reading.letters.size());
        assertThat(reading.total(Ledger.Entry.FLOWS)).isEqualTo(reading.firsts().size());

        final Set<Long> buried =
                reading.letters.stream()
                        .filter(letter -> !letter.reason().equals("bad_gzip"))
                        .map(DeadLetter::offset)
                        .collect(Collectors.toSet());
        assertThat(log.offsets()).containsAll(buried);
        final long headers =
                reading.format == SensorFormat.ZEEK
                        ? log.headers().stream().filter(header -> !buried.contains(header)).count()
                        : 0;
        final long used = log.offsets().size() - buried.size() - headers;
        if (reading.format == SensorFormat.ZEEK) {
            assertThat(reading.records).hasSize((int) used);
        } else {
            // Each line is a packet of a flow or passed over.
            final long packets = used - reading.total(Ledger.Entry.SKIPPED);
            assertThat(packets).isGreaterThanOrEqualTo(reading.packetsKept());
            assertThat(packets > 0).isEqualTo(!reading.records.isEmpty());
        }
    }

    private void assertLetters(final Reading reading, final Set<String> reasons) {
        for (final DeadLetter letter : reading.letters) {
            assertThat(letter.source()).isEqualTo(file.toString());
            assertThat(letter.offset()).isNotNegative();
            assertThat(reasons).contains(letter.reason());
            assertThat(letter.detail()).isNotBlank();
            assertThat(letter.detail().length()).isLessThan(1_000);
            assertThat(letter.payload().length())
                    .isLessThanOrEqualTo(DeadLetterFile.MAX_PAYLOAD_BYTES);
        }
    }

    /** The lines one by one give what the file gives. */
    private void assertSameAsFollowed(final Reading reading, final FuzzedLog log) {
        final Reading followed = follow(reading.format, log, ContextInterest.all());
        assertThat(followed.withoutReadTime()).isEqualTo(reading.withoutReadTime());
        assertThat(followed.letters)
                .isEqualTo(
                        reading.letters.stream()
                                .filter(letter -> !letter.reason().equals("bad_gzip"))
                                .toList());
        assertThat(followed.skipped()).isEqualTo(reading.skipped());
    }

    /** Contexts that nobody wants are counted, and change nothing about the first records. */
    private void assertUnwantedContextsArePassedOver(final Reading reading, final FuzzedLog log) {
        final Reading partly = follow(reading.format, log, uid -> false);
        assertThat(partly.total(Ledger.Entry.EVENTS))
                .isEqualTo(
                        partly.records.size()
                                + partly.letters.size()
                                + partly.total(Ledger.Entry.SUPERSEDED));
        assertThat(partly.firsts()).isEqualTo(reading.firsts());
    }

    private Reading follow(
            final SensorFormat format, final FuzzedLog log, final ContextInterest interest) {
        final Reading reading = new Reading();
        reading.format = format;
        final SensorStream stream =
                new SensorStream(
                        file.toString(),
                        Optional.of(format),
                        OPTIONS,
                        reading.ledger,
                        reading.letters::add,
                        interest,
                        reading.records::add);
        log.writeTo(stream);
        stream.finish();
        assertThat(stream.oldestHeld()).as("lines still held at the end").isEmpty();
        return reading;
    }

    private void write(final byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (final IOException e) {
            throw new UncheckedIOException("the folder for tests cannot be written", e);
        }
    }

    /** What reading came to. */
    private static final class Reading {

        private final Ledger ledger = new Ledger();
        private final List<FlowRecord> records = new ArrayList<>();
        private final List<DeadLetter> letters = new ArrayList<>();
        private Optional<IOException> refusal = Optional.empty();
        private SensorFormat format = SensorFormat.PCAP;

        /** Once open, nothing but a failing disk may throw. */
        void readAll(final FlowRecordSource source) {
            try {
                Optional<FlowRecord> next = source.next();
                while (next.isPresent()) {
                    records.add(next.get());
                    next = source.next();
                }
                assertThat(source.next()).as("a record behind the end").isEmpty();
            } catch (final IOException e) {
                throw new AssertionError("a file that was opened is read to its end", e);
            }
        }

        long total(final Ledger.Entry entry) {
            return ledger.total(entry);
        }

        Map<String, Long> skipped() {
            return ledger.byDetail(Ledger.Entry.SKIPPED);
        }

        List<FlowRecord> withoutReadTime() {
            return records.stream().map(RecordContract::withoutReadTime).toList();
        }

        List<FlowRecord> firsts() {
            return withoutReadTime().stream()
                    .filter(record -> record.stage() == FlowRecord.Stage.FIRST)
                    .toList();
        }

        long packetsKept() {
            return records.stream()
                    .filter(record -> record.stage() == FlowRecord.Stage.CONTEXT)
                    .mapToLong(record -> record.packets().count())
                    .sum();
        }
    }
}
