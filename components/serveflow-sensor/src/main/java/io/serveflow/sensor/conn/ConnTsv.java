/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.summary.SummaryField;
import io.serveflow.sensor.summary.SummaryRow;
import io.serveflow.sensor.tsv.ZeekTsvForm;

/** Reads the TSV form of Zeek's {@code conn.log}. */
final class ConnTsv {

    private ZeekTsvForm form = new ZeekTsvForm();

    /** What each column holds; null is a column that is not read. */
    private SummaryField[] columns = {};

    /** Whether a header has named the columns. */
    boolean hasColumns() {
        return form.hasColumns();
    }

    /** Forgets what headers said, as another file begins. */
    void forget() {
        form = new ZeekTsvForm();
        columns = new SummaryField[0];
    }

    /** Takes a line that begins with {@code #}. */
    void header(final byte[] bytes, final int start, final int end) throws BadLineException {
        if (form.header(bytes, start, end)) {
            columns =
                    form.names().stream()
                            .map(SummaryField.byKey()::get)
                            .toArray(SummaryField[]::new);
        }
    }

    /** Reads a row below a header. */
    void read(final byte[] bytes, final int start, final int end, final SummaryRow row)
            throws BadLineException {
        form.requireWidth(bytes, start, end);
        int from = start;
        for (final SummaryField column : columns) {
            final int to = form.cellEnd(bytes, from, end);
            if (column != null
                    && !form.isUnset(bytes, from, to)
                    && !form.isEmpty(bytes, from, to)) {
                final int length = form.unescape(bytes, from, to);
                row.set(column, form.cell(), 0, length);
            }
            from = to + 1;
        }
    }
}
