/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.FlowRecordReader;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads what {@link FlowMessageWriter} wrote, maybe in another process; for one thread. */
final class FlowMessageReader {

    private static final String BAD_HEADER = "bad_header";

    /** For records of a sensor that names none, which no process of ours writes. */
    private static final String UNNAMED = "serveflow";

    /** Beyond it a clock is wrong, and differences of nanoseconds have no room. */
    private static final long LONGEST_MICROS = TimeUnit.DAYS.toMicros(365);

    private final FlowRecordReader records = new FlowRecordReader(UNNAMED);
    private final VerdictJson verdicts = new VerdictJson();
    private final Clock clock;
    private final LongSupplier nanoClock;

    FlowMessageReader() {
        this(Clock.systemUTC(), System::nanoTime);
    }

    FlowMessageReader(final Clock clock, final LongSupplier nanoClock) {
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /**
     * Reads a record that has a value.
     *
     * @throws BadMessageException if it is no flow record
     */
    FlowMessage read(final ConsumerRecord<byte[], byte[]> from) throws BadMessageException {
        requireVersion(from);
        final FlowRecord record = record(from.value()).readAt(readNanos(from));
        final List<Verdict> given = new ArrayList<>(1);
        final Set<String> tasks = new HashSet<>();
        for (final Header header : from.headers().headers(FlowMessage.VERDICT)) {
            final Verdict verdict = verdict(header);
            if (!tasks.add(verdict.bundle().task())) {
                throw bad("there are two verdicts of task " + verdict.bundle().task());
            }
            given.add(verdict);
        }
        if (given.isEmpty() == (record.stage() == FlowRecord.Stage.FIRST)) {
            throw bad(
                    given.isEmpty()
                            ? "a first record has the verdict of a tier, this one has none"
                            : "only first records have verdicts, this one is " + record.stage());
        }
        return new FlowMessage(record, given);
    }

    private static void requireVersion(final ConsumerRecord<byte[], byte[]> from)
            throws BadMessageException {
        final long version = number(from, FlowMessage.VERSION);
        if (version != FlowMessage.CURRENT) {
            throw bad(
                    "header "
                            + FlowMessage.VERSION
                            + " is "
                            + version
                            + ", and this process reads version "
                            + FlowMessage.CURRENT
                            + "; run the same version everywhere");
        }
    }

    private FlowRecord record(final byte[] value) throws BadMessageException {
        final int end = value.length > 0 && value[value.length - 1] == '\n' ? 1 : 0;
        try {
            return records.read(value, 0, value.length - end);
        } catch (final IllegalArgumentException e) {
            throw new BadMessageException(
                    e.getCause() instanceof BadLineException line
                            ? line.reason()
                            : BadLineException.UNKNOWN_FORMAT,
                    e.getMessage());
        }
    }

    /** When the first process read it, by the clock of this one; now, if that is still to come. */
    private long readNanos(final ConsumerRecord<byte[], byte[]> from) throws BadMessageException {
        final Instant now = clock.instant();
        final long nowMicros =
                TimeUnit.SECONDS.toMicros(now.getEpochSecond())
                        + TimeUnit.NANOSECONDS.toMicros(now.getNano());
        final long age = nowMicros - number(from, FlowMessage.READ);
        return nanoClock.getAsLong()
                - TimeUnit.MICROSECONDS.toNanos(Math.max(0, Math.min(age, LONGEST_MICROS)));
    }

    private Verdict verdict(final Header header) throws BadMessageException {
        if (header.value() == null) {
            throw bad("header " + FlowMessage.VERDICT + " is empty");
        }
        try {
            return verdicts.read(header.value());
        } catch (final IllegalArgumentException e) {
            throw bad("header " + FlowMessage.VERDICT + ": " + e.getMessage());
        }
    }

    private static long number(final ConsumerRecord<byte[], byte[]> from, final String name)
            throws BadMessageException {
        final Header header = from.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            throw bad("header " + name + " is missing");
        }
        final String text = new String(header.value(), StandardCharsets.UTF_8);
        try {
            return Long.parseLong(text);
        } catch (final NumberFormatException e) {
            throw bad("header " + name + " is no whole number: '" + text + "'");
        }
    }

    private static BadMessageException bad(final String sentence) {
        return new BadMessageException(BAD_HEADER, sentence);
    }
}
