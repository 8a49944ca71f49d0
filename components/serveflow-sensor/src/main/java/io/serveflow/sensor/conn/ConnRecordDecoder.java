/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.LineFormat;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.summary.SummaryField;
import io.serveflow.sensor.summary.SummaryRow;

/** Reads single lines of {@code conn.log} in its JSON form. */
final class ConnRecordDecoder implements LineFormat.RecordDecoder {

    /** That of the Community IDs that a line does not state. */
    private static final int DEFAULT_SEED = 0;

    private final String observer;
    private final SummaryRow row = new SummaryRow(SummaryField::key, reason -> {});
    private final ConnJson json = new ConnJson();

    ConnRecordDecoder(final String observer) {
        this.observer = observer;
    }

    @Override
    public FlowRecord read(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        row.clear();
        json.read(bytes, start, end, row);
        if (ConnFormat.isInterim(row.text(SummaryField.PATH))) {
            throw new BadLineException(
                    BadLineException.BAD_FIELD,
                    "field '_path' is '"
                            + row.text(SummaryField.PATH)
                            + "': the connection goes on, and its final record comes in conn.log");
        }
        return row.record(observer, DEFAULT_SEED, System.nanoTime())
                .orElseThrow(
                        () ->
                                BadLineException.bad(
                                        SummaryField.PROTO.key(),
                                        row.text(SummaryField.PROTO),
                                        "tcp, udp, icmp or sctp"));
    }
}
