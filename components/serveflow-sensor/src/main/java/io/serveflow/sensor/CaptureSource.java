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
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** The flow records of a capture, read as fast as they are asked for. */
final class CaptureSource implements FlowRecordSource {

    private final CaptureStream capture;
    private final Queue<FlowRecord> ready = new ArrayDeque<>();
    private boolean ended;

    /**
     * Opens a capture.
     *
     * @throws IOException if the file cannot be read or is no capture; one sentence that names it
     */
    CaptureSource(
            final CaptureFormat format,
            final Path file,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        this.capture = format.open(file, options, ledger, deadLetters, ready::add);
    }

    @Override
    public Optional<FlowRecord> next() throws IOException {
        while (ready.isEmpty() && !ended) {
            if (capture.next()) {
                capture.take();
            } else {
                ended = true;
                capture.finish();
            }
        }
        return Optional.ofNullable(ready.poll());
    }

    @Override
    public long read() {
        return capture.packets();
    }

    @Override
    public boolean isCapture() {
        return true;
    }

    @Override
    public String unit() {
        return "packets";
    }

    @Override
    public void close() throws IOException {
        capture.close();
    }
}
