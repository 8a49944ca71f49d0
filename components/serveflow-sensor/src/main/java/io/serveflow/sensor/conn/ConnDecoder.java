/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.summary.SummaryField;
import io.serveflow.sensor.summary.SummaryRow;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Decodes Zeek's own {@code conn.log}, JSON or TSV, into one summary a line. A connection of a
 * protocol without flows, and a record of one that goes on, is skipped and counted as {@link
 * Ledger.Entry#SKIPPED}.
 */
final class ConnDecoder implements LineDecoder {

    private final String observer;
    private final int seed;
    private final Ledger ledger;
    private final LongSupplier nanoTime;
    private final Consumer<FlowRecord> out;
    private final SummaryRow row;
    private final ConnJson json = new ConnJson();
    private final ConnTsv tsv = new ConnTsv();

    ConnDecoder(final DecoderContext context) {
        this.observer = context.observer();
        this.seed = context.communityIdSeed();
        this.ledger = context.ledger();
        this.nanoTime = context.nanoTime();
        this.out = context.out();
        this.row =
                new SummaryRow(
                        SummaryField::key,
                        reason -> ledger.add(Ledger.Entry.UNKNOWN_VALUES, reason, 1));
    }

    @Override
    public boolean line(final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        if (bytes[start] == '#') {
            tsv.header(bytes, start, end);
        } else {
            read(bytes, start, end);
            give();
        }
        return false;
    }

    /** Unlike a JSON object, a row says only by its line end that its last cell is complete. */
    @Override
    public void unterminated(
            final byte[] bytes, final int start, final int end, final long position)
            throws BadLineException {
        if (bytes[start] == '#') {
            return;
        }
        if (read(bytes, start, end)) {
            throw new BadLineException(BadLineException.BAD_TSV, "its last column may be cut off");
        }
        give();
    }

    @Override
    public void anotherFile() {
        tsv.forget();
    }

    /** Reads a line into {@link #row}; returns whether it is a row of a TSV log. */
    private boolean read(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        row.clear();
        if (bytes[start] == '{' || !tsv.hasColumns()) {
            json.read(bytes, start, end, row);
            return false;
        }
        tsv.read(bytes, start, end, row);
        return true;
    }

    private void give() throws BadLineException {
        if (ConnFormat.isInterim(row.text(SummaryField.PATH))) {
            ledger.add(Ledger.Entry.SKIPPED, DecoderContext.INTERIM_RECORD, 1);
            return;
        }
        final Optional<FlowRecord> record = row.record(observer, seed, nanoTime.getAsLong());
        if (record.isEmpty()) {
            ledger.add(Ledger.Entry.SKIPPED, SummaryRow.NOT_A_FLOW_PROTOCOL, 1);
            return;
        }
        ledger.add(Ledger.Entry.EVENTS, ConnFormat.ID, 1);
        out.accept(record.get());
    }
}
