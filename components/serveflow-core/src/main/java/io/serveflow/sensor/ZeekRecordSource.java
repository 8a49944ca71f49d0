/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;

/**
 * Flow records read from the {@code serveflow} log that the Zeek package writes, JSON lines or TSV,
 * gzip'd or not.
 *
 * <p>Each line is counted as an event and becomes a record or a dead letter with its byte offset
 * and one of the reasons {@code bad_json}, {@code bad_tsv}, {@code missing_field}, {@code
 * bad_field}, {@code line_too_long}, {@code torn_line}. A last line without a newline is used if it
 * is whole beyond doubt. A record belongs to the observer given here, unless its field {@code
 * observer} names another, as it does where logs of several sensors are joined. Without {@code
 * community_id} it is computed.
 */
public final class ZeekRecordSource implements FlowRecordSource {

    private final SensorLog log;
    private final ZeekDecoder decoder;
    private final Queue<FlowRecord> ready = new ArrayDeque<>();

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
        this.decoder =
                new ZeekDecoder(observer, ledger, ContextInterest.all(), nanoTime, ready::add);
        this.log = new SensorLog(file, SensorFormat.ZEEK.id(), ledger, deadLetters);
    }

    @Override
    public Optional<FlowRecord> next() throws IOException {
        while (ready.isEmpty() && log.next()) {
            log.decode(decoder);
        }
        return Optional.ofNullable(ready.poll());
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
