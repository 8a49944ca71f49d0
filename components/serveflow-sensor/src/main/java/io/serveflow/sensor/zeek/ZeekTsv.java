/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.tsv.ZeekTsvForm;

/** Reads the TSV form of Zeek's {@code serveflow} log. */
final class ZeekTsv {

    private ZeekTsvForm form = new ZeekTsvForm();

    /** What each column holds; null is a column that means nothing here. */
    private ZeekField[] columns = {};

    /** Whether a header has named the columns. */
    boolean hasColumns() {
        return form.hasColumns();
    }

    /** Forgets what headers said, as another file begins. */
    void forget() {
        form = new ZeekTsvForm();
        columns = new ZeekField[0];
    }

    /** Takes a line that begins with {@code #}. */
    void header(final byte[] bytes, final int start, final int end) throws BadLineException {
        if (form.header(bytes, start, end)) {
            columns = form.names().stream().map(ZeekField.byKey()::get).toArray(ZeekField[]::new);
        }
    }

    /** Reads a row below a header. */
    void read(final byte[] bytes, final int start, final int end, final ZeekRow row)
            throws BadLineException {
        form.requireWidth(bytes, start, end);
        int from = start;
        for (final ZeekField column : columns) {
            final int to = form.cellEnd(bytes, from, end);
            if (column != null) {
                readCell(column, bytes, from, to, row);
            }
            from = to + 1;
        }
    }

    private void readCell(
            final ZeekField field,
            final byte[] bytes,
            final int from,
            final int to,
            final ZeekRow row)
            throws BadLineException {
        if (form.isUnset(bytes, from, to)) {
            return;
        }
        if (field.ofHandshake() && (from == to || form.isEmpty(bytes, from, to))) {
            if (field.vector()) {
                row.begin(field);
            }
            return;
        }
        if (!field.vector()) {
            final int length = form.unescape(bytes, from, to);
            row.set(field, form.cell(), 0, length);
            return;
        }
        row.begin(field);
        int elementFrom = from;
        while (elementFrom <= to) {
            final int elementTo = form.elementEnd(bytes, elementFrom, to);
            // Both an empty vector and a vector of one empty text are written so; a record has no
            // empty vectors.
            final int length =
                    form.isEmpty(bytes, elementFrom, elementTo)
                            ? 0
                            : form.unescape(bytes, elementFrom, elementTo);
            row.add(field, form.cell(), 0, length);
            elementFrom = elementTo + 1;
        }
    }
}
