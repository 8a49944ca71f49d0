/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The shipped bundle and the project's own sensor logs. */
final class Samples {

    private static final Path LOG = ProjectFiles.records("mixed");

    private Samples() {}

    /** The lines of one of the logs, such as that of http. */
    static String log(final String name) throws IOException {
        return Files.readString(ProjectFiles.records(name));
    }

    /** A line of the serveflow log that holds a first record. */
    static String firstLine() throws IOException {
        return new String(Files.readAllBytes(LOG), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("\"stage\":\"first\""))
                .findFirst()
                .orElseThrow();
    }

    /** All records of a stage in the log. */
    static List<FlowRecord> records(final FlowRecord.Stage stage) throws IOException {
        return records("mixed", stage);
    }

    /** All records of a stage in one of the logs. */
    static List<FlowRecord> records(final String name, final FlowRecord.Stage stage)
            throws IOException {
        final List<FlowRecord> records = new ArrayList<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        ProjectFiles.records(name),
                        SensorFormats.installed().only("zeek"),
                        FlowAssembler.Options.defaults("serveflow"),
                        new Ledger(),
                        letter -> {
                            throw new IllegalStateException(letter.detail());
                        })) {
            Optional<FlowRecord> next = source.next();
            while (next.isPresent()) {
                if (next.get().stage() == stage) {
                    records.add(next.get());
                }
                next = source.next();
            }
        }
        return records;
    }
}
