/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.traffic;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.FlowRecordWriter;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The lines that Zeek would write to its {@code serveflow} log for the flows of captures, in the
 * order in which it would write them if all captures had begun at the same moment.
 *
 * <p>One round of them is kept. {@link #feed} repeats it as often as flows are asked for; in each
 * round flows have other ids and come later. Nothing else differs: the captures are of real
 * traffic, and so is the mixture.
 */
public final class Traffic {

    private static final String OBSERVER = "benchmark";
    private static final long BEGIN_SECONDS = 1_700_000_000;
    private static final int SECONDS_AT = "{\"ts\":".length();
    static final int SECONDS_DIGITS = 10;
    private static final String PLACEHOLDER = "C00000000000000000";

    private final byte[] bytes;
    private final Line[] firsts;
    private final Line[] contexts;

    /** By flow: what its context line says of {@link Line#after()}. */
    private final int[] after;

    private final int mostOpen;
    private final long spanSeconds;
    private final long contextsLater;

    private Traffic(
            final byte[] bytes,
            final Line[] firsts,
            final Line[] contexts,
            final int mostOpen,
            final long spanSeconds,
            final long contextsLater) {
        this.bytes = bytes;
        this.firsts = firsts;
        this.contexts = contexts;
        this.after = new int[firsts.length];
        for (final Line context : contexts) {
            after[context.flow()] = context.after();
        }
        this.mostOpen = mostOpen;
        this.spanSeconds = spanSeconds;
        this.contextsLater = contextsLater;
    }

    /**
     * The same lines, but each context only after so many more flows have begun, as where more
     * flows are open at a time.
     */
    public Traffic withContextsLater(final long flows) {
        return new Traffic(bytes, firsts, contexts, mostOpen, spanSeconds, flows);
    }

    /**
     * Reads captures.
     *
     * @param captures a capture, or a folder whose files are captures
     * @param packets most packets in a context record
     */
    public static Traffic read(final Path captures, final int packets) throws IOException {
        final List<Seen> seen = new ArrayList<>();
        for (final Path capture : files(captures)) {
            seen.addAll(records(capture, packets));
        }
        if (seen.isEmpty()) {
            throw new IOException(captures + " has no flows; name a folder with captures");
        }
        seen.sort(Comparator.comparingLong(Seen::atMicros));
        return of(seen);
    }

    private static Traffic of(final List<Seen> seen) throws IOException {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        final Line[] lines = new Line[seen.size()];
        final Map<Seen.Flow, Integer> numbers = new HashMap<>();
        int open = 0;
        int mostOpen = 0;
        try (FlowRecordWriter writer = FlowRecordWriter.to(text)) {
            for (final Seen record : seen) {
                writer.write(renamed(record));
            }
        }
        final byte[] bytes = text.toByteArray();
        int end = -1;
        for (int i = 0; i < lines.length; i++) {
            final int start = end + 1;
            end = endOfLine(bytes, start);
            final Seen record = seen.get(i);
            final boolean first = record.record().stage() == FlowRecord.Stage.FIRST;
            final int number = numbers.computeIfAbsent(record.flow(), flow -> numbers.size());
            open += first ? 1 : -1;
            mostOpen = Math.max(mostOpen, open);
            lines[i] =
                    new Line(
                            start,
                            end,
                            start + SECONDS_AT,
                            uidAt(bytes, start),
                            BEGIN_SECONDS + TimeUnit.MICROSECONDS.toSeconds(record.startMicros()),
                            number,
                            first,
                            numbers.size() - 1);
        }
        final long last = seen.get(seen.size() - 1).atMicros();
        return new Traffic(
                bytes,
                Arrays.stream(lines).filter(Line::first).toArray(Line[]::new),
                Arrays.stream(lines).filter(line -> !line.first()).toArray(Line[]::new),
                mostOpen,
                TimeUnit.MICROSECONDS.toSeconds(last) + 1,
                0);
    }

    private static int endOfLine(final byte[] bytes, final int from) {
        int at = from;
        while (bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private static int uidAt(final byte[] bytes, final int from) {
        final byte[] sought = PLACEHOLDER.getBytes(StandardCharsets.US_ASCII);
        int at = from;
        while (!Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
            at++;
        }
        return at;
    }

    private static FlowRecord renamed(final Seen seen) {
        final FlowRecord record = seen.record();
        return new FlowRecord(
                new FlowId(OBSERVER, PLACEHOLDER),
                record.tuple(),
                record.communityId(),
                TimeUnit.SECONDS.toMicros(BEGIN_SECONDS) + seen.startMicros(),
                record.stage(),
                record.end(),
                record.packets(),
                record.readNanos());
    }

    private static List<Seen> records(final Path capture, final int packets) throws IOException {
        final FlowAssembler.Options options =
                FlowAssembler.Options.defaults(OBSERVER).withDepth(packets);
        final List<FlowRecord> records = new ArrayList<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        capture, SensorFormats.installed(), options, new Ledger(), letter -> {})) {
            Optional<FlowRecord> next = source.next();
            while (next.isPresent()) {
                if (next.get().stage() != FlowRecord.Stage.SUMMARY) {
                    records.add(next.get());
                }
                next = source.next();
            }
        }
        final long begin = records.stream().mapToLong(FlowRecord::startMicros).min().orElse(0);
        return records.stream()
                .map(
                        record ->
                                new Seen(
                                        new Seen.Flow(capture, record.id()),
                                        record,
                                        record.startMicros() - begin,
                                        writtenMicros(record, options) - begin))
                .toList();
    }

    /** When Zeek would have written a record, by the time of the packets. */
    private static long writtenMicros(
            final FlowRecord record, final FlowAssembler.Options options) {
        if (record.stage() == FlowRecord.Stage.FIRST) {
            return record.startMicros();
        }
        return record.startMicros()
                + (record.end() == FlowRecord.End.TIMEOUT
                        ? options.waitMicros()
                        : record.packets().offsetMicros(record.packets().count() - 1));
    }

    private static List<Path> files(final Path captures) throws IOException {
        if (Files.isRegularFile(captures)) {
            return List.of(captures);
        }
        try (Stream<Path> files = Files.walk(captures)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** How many different flows there are. */
    public int flows() {
        return firsts.length;
    }

    /**
     * The latest flow that has begun when the context line of a flow is written, as long as flows
     * begin with number 0.
     */
    public long contextAfter(final long number) {
        final long round = number / flows();
        return round * flows() + contextsLater + after[(int) (number - round * flows())];
    }

    /** The most flows at a time whose context line is still to come. */
    public long mostOpen() {
        return mostOpen + contextsLater;
    }

    /**
     * Lines of flows that nobody had, by one of several threads.
     *
     * @param first number of the first flow
     * @param count how many flows, over all threads
     * @param part which thread's share, from 0 on; all lines of a flow are in one
     * @param parts how many threads there are
     */
    public Feed feed(final long first, final long count, final int part, final int parts) {
        return new Feed(this, first, count, part, parts);
    }

    byte[] bytes() {
        return bytes;
    }

    /** The lines with which flows begin, that of flow i at i. */
    Line[] firsts() {
        return firsts;
    }

    Line[] contexts() {
        return contexts;
    }

    int longest() {
        return Stream.of(firsts, contexts)
                .flatMap(Arrays::stream)
                .mapToInt(line -> line.end() - line.start())
                .max()
                .orElse(0);
    }

    long spanSeconds() {
        return spanSeconds;
    }

    /** How many more flows begin before a context than in the captures. */
    long contextsLater() {
        return contextsLater;
    }

    /**
     * A line of a round.
     *
     * @param flow number of its flow in the round
     * @param first whether its flow begins with it
     * @param after the latest flow that has begun when it is written
     */
    record Line(
            int start,
            int end,
            int secondsAt,
            int uidAt,
            long seconds,
            int flow,
            boolean first,
            int after) {}

    /**
     * A record of a capture, by a clock that is 0 at the beginning of it.
     *
     * @param atMicros when it is written
     */
    private record Seen(Flow flow, FlowRecord record, long startMicros, long atMicros) {

        private record Flow(Path capture, FlowId id) {}
    }
}
