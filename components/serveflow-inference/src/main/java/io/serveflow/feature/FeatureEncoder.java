/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;

/**
 * Turns a flow record into one row of a model's input; the same code for training and serving.
 *
 * <p>Encoders are immutable and safe for use by many threads. A record with fewer packets than the
 * encoder reads, or with cut packets, is encoded with the encoder's value for "absent".
 */
public interface FeatureEncoder {

    /** Of which records of a flow it can make a row; never empty. */
    Set<FlowRecord.Stage> stages();

    /** Columns a flow. */
    int width();

    /**
     * How many bytes of a packet, from its IP header on, a row can depend on; 0 if on none. A
     * packet that is cut there gives the same row as a whole one, unless extension headers of IPv6
     * push its transport header beyond.
     */
    int reach();

    /** The names of the columns, in order; as many as {@link #width()}. */
    List<String> columns();

    /**
     * Writes {@link #width()} values at the buffer's position and moves it past them.
     *
     * @param flow a record of one of the {@link #stages()}
     * @throws java.nio.BufferOverflowException if there is no room for a row
     */
    void encode(FlowRecord flow, FloatBuffer row);
}
