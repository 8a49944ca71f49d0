/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Flows of captures, each with its first and its context record, in an order that mixes the
 * captures as a network mixes its traffic.
 *
 * @param first the first records
 * @param context the context records of the same flows, in the same order
 */
record Flows(List<FlowRecord> first, List<FlowRecord> context) {

    private static final String OBSERVER = "benchmark";
    private static final Pattern CAPTURES =
            Pattern.compile(".*\\.(pcap|pcapng|cap)(\\.gz)?", Pattern.CASE_INSENSITIVE);
    private static final long SEED = 1;

    /**
     * Draws flows from a capture, or from all captures in a folder and the folders in it. Where
     * they hold fewer, flows come again under another id.
     */
    static Flows draw(final Path captures, final int count) {
        return draw(captures, count, FlowAssembler.Options.defaults(OBSERVER).snap());
    }

    /**
     * Draws the same flows with other bytes.
     *
     * @param snap how many bytes of a packet are kept
     */
    static Flows draw(final Path captures, final int count, final int snap) {
        final Map<FlowId, Pair> pairs = new LinkedHashMap<>();
        try {
            for (final Path file : files(captures)) {
                read(file, snap, pairs);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + captures, e);
        }
        final List<Pair> found = new ArrayList<>(pairs.values());
        found.removeIf(pair -> pair.context().isEmpty());
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no flow in the captures of " + captures);
        }
        Collections.shuffle(found, new Random(SEED));
        final List<FlowRecord> first = new ArrayList<>(count);
        final List<FlowRecord> context = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            final Pair pair = found.get(i % found.size());
            final int copy = i / found.size();
            first.add(copy(pair.first(), copy));
            context.add(copy(pair.context().orElseThrow(), copy));
        }
        return new Flows(List.copyOf(first), List.copyOf(context));
    }

    /** Records as batches of a size; the last one may be smaller. */
    static List<FlowBatch> batches(final List<FlowRecord> records, final int size) {
        final List<FlowBatch> batches = new ArrayList<>();
        for (int from = 0; from < records.size(); from += size) {
            batches.add(FlowBatch.of(records.subList(from, Math.min(records.size(), from + size))));
        }
        return batches;
    }

    /** The record as that of another flow with the same packets; itself for copy 0. */
    static FlowRecord copy(final FlowRecord record, final int copy) {
        return copy == 0
                ? record
                : new FlowRecord(
                        new FlowId(record.id().observer(), record.id().uid() + '-' + copy),
                        record.tuple(),
                        record.communityId(),
                        record.startMicros(),
                        record.stage(),
                        record.end(),
                        record.packets(),
                        record.readNanos());
    }

    private static List<Path> files(final Path captures) throws IOException {
        if (Files.isRegularFile(captures)) {
            return List.of(captures);
        }
        try (Stream<Path> files = Files.walk(captures)) {
            return files.filter(file -> CAPTURES.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /** Damaged ends of captures are skipped: what was read before them can be measured with. */
    private static void read(final Path file, final int snap, final Map<FlowId, Pair> pairs)
            throws IOException {
        final FlowAssembler.Options options =
                FlowAssembler.Options.defaults(OBSERVER).withSnap(snap);
        try (FlowRecordSource source =
                SensorInput.open(
                        file,
                        SensorFormats.installed().only("pcap"),
                        options,
                        new Ledger(),
                        letter -> {})) {
            Optional<FlowRecord> record = source.next();
            while (record.isPresent()) {
                final FlowRecord flow = record.get();
                if (flow.stage() == FlowRecord.Stage.FIRST) {
                    pairs.put(flow.id(), new Pair(flow, Optional.empty()));
                } else {
                    pairs.computeIfPresent(
                            flow.id(), (id, pair) -> new Pair(pair.first(), Optional.of(flow)));
                }
                record = source.next();
            }
        }
    }

    private record Pair(FlowRecord first, Optional<FlowRecord> context) {}
}
