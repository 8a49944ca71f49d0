/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The project's own captures and sensor logs. */
public final class Samples {

    private Samples() {}

    /** The records of the NTP exchanges, in the order of the log. */
    public static List<FlowRecord> ntp() throws IOException {
        return records(
                SensorInput.open(
                        ProjectFiles.records("ntp"),
                        SensorFormats.installed().only("zeek"),
                        FlowAssembler.Options.defaults("samples"),
                        new Ledger(),
                        Samples::fail));
    }

    /** Some records of the NTP exchanges of one stage. */
    public static List<FlowRecord> ntp(final FlowRecord.Stage stage, final int count)
            throws IOException {
        return ntp().stream().filter(record -> record.stage() == stage).limit(count).toList();
    }

    /** What Suricata wrote of a sample capture. */
    public static String eve(final String name) throws IOException {
        return Gzip.text(ProjectFiles.eve(name));
    }

    /** The records that a file with that text has. */
    public static List<FlowRecord> ofEve(final String name) throws IOException {
        return records(
                SensorInput.open(
                        ProjectFiles.eve(name),
                        SensorFormats.installed().only("eve"),
                        FlowAssembler.Options.defaults("serveflow"),
                        new Ledger(),
                        Samples::fail));
    }

    /** What tells records apart, in an order of its own. */
    public static List<String> sorted(final Collection<FlowRecord> records) {
        return records.stream()
                .map(
                        record ->
                                record.id()
                                        + " "
                                        + record.stage()
                                        + " "
                                        + record.startMicros()
                                        + " "
                                        + record.packets().count()
                                        + " "
                                        + Arrays.hashCode(record.packets().bytes()))
                .sorted()
                .toList();
    }

    /** Twenty records, contexts and first records in turn. */
    public static List<FlowRecord> inTurn() throws IOException {
        final List<FlowRecord> contexts = ntp(FlowRecord.Stage.CONTEXT, 10);
        final List<FlowRecord> firsts = ntp(FlowRecord.Stage.FIRST, 10);
        return IntStream.range(0, 10)
                .boxed()
                .flatMap(i -> Stream.of(contexts.get(i), firsts.get(i)))
                .toList();
    }

    /** All records of a source, which is closed. */
    public static List<FlowRecord> records(final FlowRecordSource source) throws IOException {
        final List<FlowRecord> records = new ArrayList<>();
        try (source) {
            Optional<FlowRecord> next = source.next();
            while (next.isPresent()) {
                records.add(next.get());
                next = source.next();
            }
        }
        return records;
    }

    private static void fail(final DeadLetter letter) {
        throw new IllegalStateException(letter.detail());
    }
}
