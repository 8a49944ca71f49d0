/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A format of files of packets, detected by their first bytes. */
public non-sealed interface CaptureFormat extends SensorFormat {

    /** The most bytes of its beginning that are needed to tell a file. */
    int MAX_MAGIC_BYTES = 16;

    /**
     * Whether a file that begins so has the format.
     *
     * @param beginning its first {@value #MAX_MAGIC_BYTES} bytes, unpacked; fewer where it has no
     *     more
     */
    boolean isBeginning(byte[] beginning);

    /**
     * Opens a capture.
     *
     * @param out takes the records before a call of the stream returns
     * @throws IOException if the file cannot be read or is no capture; one sentence that names it
     */
    CaptureStream open(
            Path file,
            FlowAssembler.Options options,
            Ledger ledger,
            DeadLetterSink deadLetters,
            Consumer<FlowRecord> out)
            throws IOException;

    /**
     * Opens a capture in a stream, which is closed with what this returns.
     *
     * @param name what messages call it
     * @param out takes the records before a call of the stream returns
     * @throws IOException if it cannot be read or is no capture
     */
    CaptureStream open(
            String name,
            InputStream in,
            FlowAssembler.Options options,
            Ledger ledger,
            DeadLetterSink deadLetters,
            Consumer<FlowRecord> out)
            throws IOException;
}
