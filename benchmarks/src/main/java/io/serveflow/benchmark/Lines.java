/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The lines of sensor logs in memory, as ranges of one array, repeated until there are enough.
 *
 * @param distinct how many lines there are before they come again
 * @param size bytes of the lines, their line ends not counted
 */
record Lines(byte[] bytes, int[] starts, int[] ends, int distinct, long size) {

    private static final int MAX_BYTES = 1 << 30;

    /** How many lines there are, repetitions included. */
    int count() {
        return starts.length;
    }

    /** Lines that are repeated as a whole until they take up at least so many bytes. */
    static Lines of(final List<String> lines, final long leastBytes) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("there is no line to measure with");
        }
        final byte[] once = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        final long times = Math.max(1, (leastBytes + once.length - 1) / once.length);
        if (times * once.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the lines would take up %,d bytes; at most %,d are measured with"
                            .formatted(times * once.length, MAX_BYTES));
        }
        final byte[] bytes = new byte[(int) times * once.length];
        final int[] starts = new int[(int) times * lines.size()];
        final int[] ends = new int[starts.length];
        long size = 0;
        int line = 0;
        for (int copy = 0; copy < times; copy++) {
            int from = copy * once.length;
            System.arraycopy(once, 0, bytes, from, once.length);
            for (int i = 0; i < lines.size(); i++) {
                int to = from;
                while (bytes[to] != '\n') {
                    to++;
                }
                starts[line] = from;
                ends[line++] = to;
                size += to - from;
                from = to + 1;
            }
        }
        return new Lines(bytes, starts, ends, lines.size(), size);
    }

    /**
     * The lines of a log, or of all logs of a folder by name, gzip-compressed or not; headers left
     * out.
     */
    static List<String> read(final Path logs) {
        final List<String> lines = new ArrayList<>();
        try {
            for (final Path log : files(logs)) {
                text(log).lines().filter(line -> line.startsWith("{")).forEach(lines::add);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + logs, e);
        }
        return lines;
    }

    private static List<Path> files(final Path logs) throws IOException {
        if (Files.isRegularFile(logs)) {
            return List.of(logs);
        }
        try (Stream<Path> files = Files.list(logs)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String text(final Path log) throws IOException {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (InputStream in = Files.newInputStream(log);
                InputStream unpacked =
                        log.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
            unpacked.transferTo(text);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
