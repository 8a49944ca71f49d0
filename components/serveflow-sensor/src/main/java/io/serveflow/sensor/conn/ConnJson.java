/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

import com.fasterxml.jackson.core.JsonParser;
import io.serveflow.sensor.json.ZeekObject;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.summary.SummaryField;
import io.serveflow.sensor.summary.SummaryRow;
import java.io.IOException;

/** Reads a line of Zeek's {@code conn.log} in its JSON form; other fields are skipped. */
final class ConnJson {

    private final ZeekObject<SummaryField, SummaryRow> object =
            new ZeekObject<>(SummaryField.byKey(), SummaryField.byIdKey(), ConnJson::read);

    void read(final byte[] bytes, final int start, final int end, final SummaryRow row)
            throws BadLineException {
        object.read(bytes, start, end, row);
    }

    private static void read(
            final JsonParser parser, final SummaryField field, final SummaryRow row)
            throws IOException, BadLineException {
        if (!field.accepts(parser.currentToken())) {
            throw BadLineException.bad(field.key(), parser.getText(), field.expected());
        }
        row.set(field, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }
}
