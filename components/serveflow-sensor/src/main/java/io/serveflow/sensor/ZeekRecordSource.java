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
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Flow records read from the {@code serveflow} log that the Zeek package writes, JSON lines or TSV,
 * gzip'd or not: what {@link SensorInput} opens for {@link SensorFormat#ZEEK}.
 */
public final class ZeekRecordSource implements FlowRecordSource {

    private final LogSource log;

    /**
     * Opens a log.
     *
     * @param observer name of the sensor that wrote it
     */
    public ZeekRecordSource(
            final Path file,
            final String observer,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        this(file, observer, ledger, deadLetters, System::nanoTime);
    }

    ZeekRecordSource(
            final Path file,
            final String observer,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final LongSupplier nanoTime)
            throws IOException {
        this.log =
                new LogSource(
                        file,
                        Optional.of(SensorFormat.ZEEK),
                        FlowAssembler.Options.defaults(observer),
                        ledger,
                        deadLetters,
                        nanoTime);
    }

    @Override
    public Optional<FlowRecord> next() throws IOException {
        return log.next();
    }

    @Override
    public long read() {
        return log.read();
    }

    @Override
    public String unit() {
        return log.unit();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
