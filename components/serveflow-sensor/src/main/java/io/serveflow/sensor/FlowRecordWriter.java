/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes flow records as JSON lines, which {@link FlowRecordReader} reads back as equal records.
 * Not safe for use by more than one thread.
 */
public interface FlowRecordWriter extends Closeable, Flushable {

    /** Writes one line. */
    void write(FlowRecord record) throws IOException;

    /** A writer of the fields that sensors write; closes the stream when it is closed. */
    static FlowRecordWriter to(final OutputStream out) {
        return SensorFormats.installed().writer(out, false);
    }

    /** A writer that names the sensor in each line, for a log of several sensors' records. */
    static FlowRecordWriter withObserver(final OutputStream out) {
        return SensorFormats.installed().writer(out, true);
    }
}
