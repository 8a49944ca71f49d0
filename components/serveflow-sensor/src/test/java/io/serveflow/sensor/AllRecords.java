/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a source to its end, for tests. */
public final class AllRecords {

    private AllRecords() {}

    /** All records of a source, which stays at its end and is closed. */
    public static List<FlowRecord> of(final FlowRecordSource source) throws IOException {
        try (source) {
            final List<FlowRecord> records = new ArrayList<>();
            Optional<FlowRecord> next = source.next();
            while (next.isPresent()) {
                records.add(next.get());
                next = source.next();
            }
            assertThat(source.next()).as("a record behind the end").isEmpty();
            return records;
        }
    }
}
