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
import java.util.Objects;
import java.util.Optional;
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
    private final String observer;
    private final Ledger ledger;
    private final LongSupplier nanoTime;
    private final ZeekRow row = new ZeekRow();
    private final ZeekJson json = new ZeekJson();
    private final ZeekTsv tsv = new ZeekTsv();

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
        this.observer = Objects.requireNonNull(observer, "observer");
        this.ledger = ledger;
        this.nanoTime = nanoTime;
        this.log = new SensorLog(file, SensorFormat.ZEEK.id(), ledger, deadLetters);
    }

    @Override
    public Optional<FlowRecord> next() throws IOException {
        while (log.next()) {
            try {
                if (log.first() == '#') {
                    tsv.header(log.bytes(), log.start(), log.end());
                } else {
                    final FlowRecord record = record();
                    log.countEvent();
                    if (record.stage() == FlowRecord.Stage.FIRST) {
                        ledger.add(Ledger.Entry.FLOWS, 1);
                    }
                    return Optional.of(record);
                }
            } catch (final BadLineException e) {
                log.reject(e);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    private FlowRecord record() throws BadLineException {
        row.clear();
        if (log.first() == '{' || !tsv.hasColumns()) {
            json.read(log.bytes(), log.start(), log.end(), row);
            return row.record(observer, nanoTime.getAsLong());
        }
        tsv.read(log.bytes(), log.start(), log.end(), row);
        final FlowRecord record = row.record(observer, nanoTime.getAsLong());
        // Unlike a JSON object, a row says only by its newline that it is complete.
        if (log.unterminated() && !row.lastPacketWhole()) {
            throw new BadLineException(
                    BadLineException.BAD_TSV, "the bytes of its last packet may be cut off");
        }
        return record;
    }
}
