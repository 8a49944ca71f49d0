/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.sensor.SensorStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How fast lines of sensors become flow records, compared with what Jackson needs to make a tree of
 * the same ranges of bytes. One operation is a pass over all lines; the counters say bytes and
 * lines a second.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReadingBenchmark {

    private static final String OBSERVER = "benchmark";
    private static final int CHUNK_BYTES = 1 << 16;
    private static final long MEGABYTE = 1_000_000;
    private static final ObjectMapper TREES = new ObjectMapper();

    /**
     * What was read, and in how much time of the processor: where others use the machine too, that
     * says more than the clock.
     */
    @State(Scope.Thread)
    @AuxCounters
    public static class Read {
        public long bytes;
        public long lines;
        public long cpuNanos;

        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private long counted;

        @Setup(Level.Iteration)
        public void begin() {
            counted = threads.getCurrentThreadCpuTime();
        }

        void add(final Lines read) {
            final long now = threads.getCurrentThreadCpuTime();
            cpuNanos += now - counted;
            counted = now;
            bytes += read.size();
            lines += read.count();
        }
    }

    /** Lines of the {@code serveflow} log of Zeek in JSON. */
    @State(Scope.Benchmark)
    public static class Zeek {

        /** A log or a folder of logs; the samples unless it is named. */
        @Param("samples/records")
        public String zeek;

        /** The least that a pass reads. */
        @Param("64")
        public int megabytes;

        Lines lines;

        @Setup
        public void load() {
            lines = Lines.of(Lines.read(Path.of(zeek)), megabytes * MEGABYTE);
        }
    }

    /** The same lines in a form that Zeek does not write, a space behind each opening brace. */
    @State(Scope.Benchmark)
    public static class Spaced {

        Lines lines;

        @Setup
        public void load(final Zeek zeek) {
            final List<String> spaced =
                    Lines.read(Path.of(zeek.zeek)).stream()
                            .map(line -> "{ " + line.substring(1))
                            .toList();
            lines = Lines.of(spaced, zeek.megabytes * MEGABYTE);
        }
    }

    /** The same records as rows of Zeek's TSV form, header first. */
    @State(Scope.Benchmark)
    public static class Tsv {

        Lines lines;

        @Setup
        public void load(final Zeek zeek) {
            lines =
                    Lines.of(
                            ZeekTsvLines.of(Lines.read(Path.of(zeek.zeek))),
                            zeek.megabytes * MEGABYTE);
        }
    }

    /** The same lines in a file. */
    @State(Scope.Benchmark)
    public static class LogFile {

        Path file = Path.of("");

        @Setup
        public void write(final Zeek zeek) throws IOException {
            file = Files.createTempFile("serveflow", ".log");
            Files.write(file, zeek.lines.bytes());
        }

        @TearDown
        public void delete() throws IOException {
            Files.delete(file);
        }
    }

    /** The interest in the contexts of the flows that packet 1 did not decide. */
    @State(Scope.Benchmark)
    public static class Undecided {

        private static final int PERCENT = 100;

        /** Flows of a hundred that are decided at packet 1. */
        @Param("80")
        public int decided;

        final ContextInterest interest = uid -> Math.floorMod(uid.hashCode(), PERCENT) >= decided;
    }

    /** Lines of Suricata's EVE log. */
    @State(Scope.Benchmark)
    public static class Eve {

        /** A log or a folder of logs; the samples unless it is named. */
        @Param("samples/eve")
        public String eve;

        @Param("64")
        public int megabytes;

        Lines lines;

        @Setup
        public void load() {
            lines = Lines.of(Lines.read(Path.of(eve)), megabytes * MEGABYTE);
        }
    }

    @Benchmark
    public void zeekTree(final Zeek zeek, final Read read, final Blackhole sink)
            throws IOException {
        tree(zeek.lines, sink);
        read.add(zeek.lines);
    }

    @Benchmark
    public void zeekRecords(final Zeek zeek, final Read read, final Blackhole sink) {
        records(zeek.lines, "zeek", ContextInterest.all(), sink::consume);
        read.add(zeek.lines);
    }

    @Benchmark
    public void zeekRecordsUndecided(
            final Zeek zeek, final Undecided undecided, final Read read, final Blackhole sink) {
        records(zeek.lines, "zeek", undecided.interest, sink::consume);
        read.add(zeek.lines);
    }

    @Benchmark
    public void zeekRecordsOfFile(
            final Zeek zeek, final LogFile log, final Read read, final Blackhole sink)
            throws IOException {
        try (FlowRecordSource source =
                SensorInput.open(
                        log.file,
                        SensorFormats.installed().only("zeek"),
                        FlowAssembler.Options.defaults(OBSERVER),
                        new Ledger(),
                        letter -> fail())) {
            Optional<FlowRecord> record = source.next();
            while (record.isPresent()) {
                sink.consume(record.get());
                record = source.next();
            }
        }
        read.add(zeek.lines);
    }

    @Benchmark
    public void zeekRecordsByParser(final Spaced spaced, final Read read, final Blackhole sink) {
        records(spaced.lines, "zeek", ContextInterest.all(), sink::consume);
        read.add(spaced.lines);
    }

    @Benchmark
    public void zeekRecordsOfTsv(final Tsv tsv, final Read read, final Blackhole sink) {
        records(tsv.lines, "zeek", ContextInterest.all(), sink::consume);
        read.add(tsv.lines);
    }

    @Benchmark
    public void eveTree(final Eve eve, final Read read, final Blackhole sink) throws IOException {
        tree(eve.lines, sink);
        read.add(eve.lines);
    }

    @Benchmark
    public void eveRecords(final Eve eve, final Read read, final Blackhole sink) {
        records(eve.lines, "eve", ContextInterest.all(), sink::consume);
        read.add(eve.lines);
    }

    private static void tree(final Lines lines, final Blackhole sink) throws IOException {
        for (int i = 0; i < lines.count(); i++) {
            final int start = lines.starts()[i];
            final JsonNode tree = TREES.readTree(lines.bytes(), start, lines.ends()[i] - start);
            sink.consume(tree);
        }
    }

    /**
     * Reads each repetition of the lines as a log of its own, because time begins again there, and
     * looks at the clock once a chunk, as a source does that reads chunks.
     */
    private static void records(
            final Lines lines,
            final String format,
            final ContextInterest interest,
            final Consumer<FlowRecord> out) {
        int chunkEnd = 0;
        for (int from = 0; from < lines.count(); from += lines.distinct()) {
            final SensorStream stream =
                    new SensorStream(
                            OBSERVER,
                            SensorFormats.installed().only(format),
                            FlowAssembler.Options.defaults(OBSERVER),
                            new Ledger(),
                            letter -> fail(),
                            interest,
                            out);
            for (int i = from; i < from + lines.distinct(); i++) {
                if (lines.starts()[i] >= chunkEnd) {
                    stream.readAt(System.nanoTime());
                    chunkEnd = lines.starts()[i] + CHUNK_BYTES;
                }
                stream.line(lines.bytes(), lines.starts()[i], lines.ends()[i], lines.starts()[i]);
            }
            stream.finish();
        }
    }

    private static void fail() {
        throw new IllegalStateException("a line to be measured with became a dead letter");
    }
}
