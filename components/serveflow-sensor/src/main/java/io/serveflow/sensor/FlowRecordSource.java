/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A stream of flow records read from one input, in the order in which the sensor would write them:
 * a flow's first record before its context record.
 *
 * <p>Not safe for use by more than one thread. What cannot be read goes to the dead letters and the
 * rest goes on; only a failing disk or an input of another kind is an {@link IOException}.
 */
public interface FlowRecordSource extends Closeable {

    /** The next record, or empty at the end of the input. */
    Optional<FlowRecord> next() throws IOException;

    /** How many packets or lines were read so far; header lines do not count. */
    long read();

    /** Whether the input is a capture, of whose flows any number of packets can be had. */
    default boolean isCapture() {
        return false;
    }

    /** What {@link #read()} counts: {@code packets} or {@code lines}. */
    String unit();
}
