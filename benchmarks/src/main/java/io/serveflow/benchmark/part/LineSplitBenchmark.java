/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.FlowRecordWriter;
import io.serveflow.sensor.line.ByteSearch;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Finding the ends of a flow's two lines, its first and its context record, in a log in memory; the
 * baseline looks at byte after byte.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class LineSplitBenchmark extends PartBenchmark {

    /** The {@code serveflow} log of the flows. */
    @State(Scope.Benchmark)
    public static class Log {

        byte[] bytes = {};

        @Setup
        public void write(final Sample sample) throws IOException {
            final ByteArrayOutputStream log = new ByteArrayOutputStream();
            try (FlowRecordWriter lines = FlowRecordWriter.to(log)) {
                for (int i = 0; i < FLOWS; i++) {
                    final FlowRecord first = sample.flows.first().get(i);
                    lines.write(first);
                    lines.write(sample.flows.context().get(i));
                }
            }
            bytes = log.toByteArray();
        }
    }

    @Benchmark
    public void byteByByte(final Log log, final Blackhole sink) {
        final byte[] bytes = log.bytes;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                sink.consume(i);
            }
        }
    }

    @Benchmark
    public void bufferedReader(final Log log, final Blackhole sink) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new ByteArrayInputStream(log.bytes), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                sink.consume(line);
                line = lines.readLine();
            }
        }
    }

    @Benchmark
    public void search(final Log log, final Blackhole sink) {
        final byte[] bytes = log.bytes;
        int newline = ByteSearch.indexOf((byte) '\n', bytes, 0, bytes.length);
        while (newline >= 0) {
            sink.consume(newline);
            newline = ByteSearch.indexOf((byte) '\n', bytes, newline + 1, bytes.length);
        }
    }
}
