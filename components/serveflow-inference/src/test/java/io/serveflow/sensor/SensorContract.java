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
import java.util.stream.Stream;

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
                    "unknown_format",
                    "line_too_long",
                    "torn_line",
                    "bad_gzip");

    /**
     * The buffers that a reader opens with, and the largest that a length in a file can ask for.
     */
    private static final long FIXED_BYTES = 24L << 20;

    /** What reading makes of a byte at most, all in all: a dead letter of each line of one byte. */
    private static final long BYTES_A_BYTE = 8L << 10;

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
    void holdsFor(final String format, final byte[] bytes) {
        check(SensorFormats.installed().only(format), bytes);
    }

    /** Reads the bytes as a file whose format, or that of each line, is detected by its content. */
    void holdsFor(final byte[] bytes) {
        check(SensorFormats.installed(), bytes);
    }

    private void check(final SensorFormats formats, final byte[] bytes) {
        write(bytes);
        final FuzzedLog log = FuzzedLog.of(file);
        final long before = MEMORY.getCurrentThreadAllocatedBytes();
        final Reading reading = read(formats);
        final long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
        if (allocated > allowed(log)) {
            assertAllocatesNoMoreThanAllowed(formats, log);
        }
        if (reading.refusal.isPresent()) {
            assertRefused(reading);
            return;
        }
        reading.records.forEach(RecordContract::holdsFor);
        assertThat(reading.total(Ledger.Entry.FLOWS)).isEqualTo(reading.firsts().size());
        if (log.isCapture() && !formats.isOnlyLines()) {
            assertAccountOfCapture(reading);
        } else if (reading.isOfSomething()) {
            assertAccountOfLog(formats, reading, log);
            assertSameAsFollowed(formats, reading, log);
            assertUnwantedContextsAreSkipped(formats, reading, log);
        }
    }

    /** Reads once more, as the first time may have loaded classes. */
    private void assertAllocatesNoMoreThanAllowed(
            final SensorFormats formats, final FuzzedLog log) {
        final long before = MEMORY.getCurrentThreadAllocatedBytes();
        read(formats);
        final long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes allocated to read %d", log.length())
                .isLessThan(allowed(log));
    }

    private static long allowed(final FuzzedLog log) {
        return FIXED_BYTES + BYTES_A_BYTE * log.length();
    }

    private Reading read(final SensorFormats formats) {
        final Reading reading = new Reading();
        try (FlowRecordSource source =
                SensorInput.open(file, formats, OPTIONS, reading.ledger, reading.letters::add)) {
            reading.readAll(source);
        } catch (final IOException e) {
            reading.refusal = Optional.of(e);
        }
        return reading;
    }

    /** A file that is refused gave nothing, and the refusal is a sentence that names it. */
    private void assertRefused(final Reading reading) {
        assertThat(reading.records).isEmpty();
        assertThat(reading.letters).isEmpty();
        assertThat(reading.ledger.total(Ledger.Entry.EVENTS)).isZero();
        assertThat(reading.refusal.get()).hasMessageContaining(file.toString() + " ");
    }

    /** Each flow of a sensor that writes packets has both records, the first one first. */
    private static void assertFirstBeforeContext(final Reading reading) {
        final List<FlowId> open = new ArrayList<>();
        for (final FlowRecord record : reading.records) {
            switch (record.stage()) {
                case FIRST -> open.add(record.id());
                case CONTEXT ->
                        assertThat(open.remove(record.id()))
                                .as("a first record before the context record of %s", record.id())
                                .isTrue();
                case SUMMARY -> assertThat(record.packets().count()).isZero();
            }
        }
        assertThat(open).as("flows without a context record").isEmpty();
    }

    private void assertAccountOfCapture(final Reading reading) {
        assertLetters(reading, LETTERS_OF_CAPTURES);
        assertThat(reading.total(Ledger.Entry.EVENTS)).isEqualTo(reading.records.size());
        assertFirstBeforeContext(reading);
        reading.records.forEach(RecordContract::holdsForAssembled);
        assertSameAsReplayed(reading);
    }

    /** The packets one by one give what the file gives; each is of a flow or skipped. */
    private void assertSameAsReplayed(final Reading reading) {
        final Reading replayed = new Reading();
        final long packets = replay(replayed);
        assertThat(replayed.withoutReadTime()).isEqualTo(reading.withoutReadTime());
        assertThat(replayed.letters).isEqualTo(reading.letters);
        assertThat(replayed.skipped()).isEqualTo(reading.skipped());
        final long used = packets - reading.total(Ledger.Entry.SKIPPED);
        assertThat(used).isGreaterThanOrEqualTo(reading.packetsKept());
        assertThat(used > 0).isEqualTo(!reading.records.isEmpty());
    }

    private long replay(final Reading reading) {
        try (CaptureStream capture =
                SensorInput.openCapture(
                        file,
                        SensorFormats.installed(),
                        OPTIONS,
                        reading.ledger,
                        reading.letters::add,
                        reading.records::add)) {
            while (capture.next()) {
                capture.take();
            }
            capture.finish();
            return capture.packets();
        } catch (final IOException e) {
            throw new AssertionError("a file that was opened is opened again", e);
        }
    }

    /** Every line has an end, only one unless it is made of torn ones, and the ledger agrees. */
    private void assertAccountOfLog(
            final SensorFormats formats, final Reading reading, final FuzzedLog log) {
        assertLetters(reading, LETTERS_OF_LOGS);
        assertThat(reading.total(Ledger.Entry.EVENTS))
                .isEqualTo(reading.records.size() + reading.letters.size());
        final Set<Long> deadLettered =
                reading.letters.stream()
                        .filter(Reading::isOfALine)
                        .map(DeadLetter::offset)
                        .collect(Collectors.toSet());
        assertThat(log.offsets()).containsAll(deadLettered);
        if (log.hasLinesInLines()) {
            return;
        }
        assertThat(reading.letters.stream().filter(Reading::isOfALine))
                .hasSize(deadLettered.size());
        final long headers =
                log.headers().stream().filter(at -> !deadLettered.contains(at)).count();
        final long used =
                log.offsets().size()
                        - deadLettered.size()
                        - headers
                        - reading.total(Ledger.Entry.SKIPPED);
        assertThat(used).isGreaterThanOrEqualTo(reading.summaries());
        assertThat(used > 0).isEqualTo(!reading.records.isEmpty());
        switch (formats.only().map(SensorFormat::id).orElse("")) {
            case "zeek", "conn" -> assertThat(reading.records).hasSize((int) used);
            case "eve", "ndpid" -> {
                // What is no summary is a packet, of which a flow keeps some.
                final long packets = used - reading.summaries();
                assertThat(packets).isGreaterThanOrEqualTo(reading.packetsKept());
                assertThat(packets > 0).isEqualTo(!reading.firsts().isEmpty());
                assertFirstBeforeContext(reading);
            }
            default -> {
                // Lines of any format: some are records, of others many make one.
            }
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
    private void assertSameAsFollowed(
            final SensorFormats formats, final Reading reading, final FuzzedLog log) {
        final Reading followed = follow(formats, log, ContextInterest.all(), 0);
        assertThat(followed.withoutReadTime()).isEqualTo(reading.withoutReadTime());
        assertThat(followed.letters)
                .isEqualTo(reading.letters.stream().filter(Reading::isOfALine).toList());
        assertThat(followed.skipped()).isEqualTo(reading.skipped());
    }

    /**
     * Contexts that nobody wants are counted, and change nothing about the first records; nor does
     * time that passes between the lines.
     */
    private void assertUnwantedContextsAreSkipped(
            final SensorFormats formats, final Reading reading, final FuzzedLog log) {
        final Reading partly = follow(formats, log, uid -> false, OPTIONS.waitMicros() + 1);
        assertThat(partly.total(Ledger.Entry.EVENTS))
                .isEqualTo(
                        partly.records.size()
                                + partly.letters.size()
                                + partly.total(Ledger.Entry.SUPERSEDED));
        assertThat(partly.firsts()).isEqualTo(reading.firsts());
    }

    private Reading follow(
            final SensorFormats formats,
            final FuzzedLog log,
            final ContextInterest interest,
            final long microsBetween) {
        final Reading reading = new Reading();
        final SensorStream stream =
                new SensorStream(
                        file.toString(),
                        formats,
                        OPTIONS,
                        reading.ledger,
                        reading.letters::add,
                        interest,
                        reading.records::add);
        log.writeTo(stream, microsBetween);
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
            return of(FlowRecord.Stage.FIRST).map(RecordContract::withoutReadTime).toList();
        }

        long summaries() {
            return of(FlowRecord.Stage.SUMMARY).count();
        }

        long packetsKept() {
            return of(FlowRecord.Stage.CONTEXT).mapToLong(record -> record.packets().count()).sum();
        }

        Stream<FlowRecord> of(final FlowRecord.Stage stage) {
            return records.stream().filter(record -> record.stage() == stage);
        }

        /** Whether there was anything in the file but headers. */
        boolean isOfSomething() {
            return total(Ledger.Entry.EVENTS) + total(Ledger.Entry.SKIPPED) > 0;
        }

        static boolean isOfALine(final DeadLetter letter) {
            return !letter.reason().equals("bad_gzip");
        }
    }
}
