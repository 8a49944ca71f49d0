/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FrontDoor;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.SensorFormat;
import io.serveflow.sensor.ZeekLogName;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.summary.ConnField;
import io.serveflow.sensor.summary.SummaryRow;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Decodes Zeek's own {@code conn.log}, JSON or TSV, into one summary a line. A connection of a
 * protocol without flows, and a record of one that goes on, is skipped and counted as {@link
 * Ledger.Entry#SKIPPED}.
 */
public final class ConnDecoder implements LineDecoder {

    /** The detail under which flows of protocols that cannot be in a record are counted. */
    public static final String NOT_A_FLOW_PROTOCOL = "not_a_flow_protocol";

    private final String observer;
    private final int seed;
    private final Ledger ledger;
    private final LongSupplier nanoTime;
    private final Consumer<FlowRecord> out;
    private final SummaryRow row;
    private final ConnJson json = new ConnJson();
    private final ConnTsv tsv = new ConnTsv();

    /**
     * @param observer name of the sensor, where a line names none
     * @param seed seed of the Community ID, where a line states none
     */
    public ConnDecoder(
            final String observer,
            final int seed,
            final Ledger ledger,
            final LongSupplier nanoTime,
            final Consumer<FlowRecord> out) {
        this.observer = Objects.requireNonNull(observer, "observer");
        this.seed = seed;
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.out = Objects.requireNonNull(out, "out");
        this.row =
                new SummaryRow(
                        ConnField::key,
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
        if (ZeekLogName.isInterim(row.text(ConnField.PATH))) {
            ledger.add(Ledger.Entry.SKIPPED, FrontDoor.INTERIM_RECORD, 1);
            return;
        }
        final Optional<FlowRecord> record = row.record(observer, seed, nanoTime.getAsLong());
        if (record.isEmpty()) {
            ledger.add(Ledger.Entry.SKIPPED, NOT_A_FLOW_PROTOCOL, 1);
            return;
        }
        ledger.add(Ledger.Entry.EVENTS, SensorFormat.CONN.id(), 1);
        out.accept(record.get());
    }
}
