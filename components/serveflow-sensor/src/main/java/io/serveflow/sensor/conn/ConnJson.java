/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.json.ZeekKeys;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.summary.SummaryField;
import io.serveflow.sensor.summary.SummaryRow;
import java.io.IOException;
import java.util.Map;

/** Reads a line of Zeek's {@code conn.log} in its JSON form; other fields are skipped. */
final class ConnJson {

    private final JsonFactory json = SensorJson.factory();

    void read(final byte[] bytes, final int start, final int end, final SummaryRow row)
            throws BadLineException {
        try (JsonParser parser = json.createParser(bytes, start, end - start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw SensorJson.notAnObject();
            }
            readMembers(parser, SummaryField.byKey(), row);
            SensorJson.requireEnd(parser);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
    }

    private static void readMembers(
            final JsonParser parser, final Map<String, SummaryField> fields, final SummaryRow row)
            throws IOException, BadLineException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName();
            final SummaryField field = fields.get(name);
            final JsonToken value = parser.nextToken();
            if (field != null) {
                if (value != JsonToken.VALUE_NULL) {
                    read(parser, field, row);
                }
            } else if (value == JsonToken.START_OBJECT
                    && name.equals(ZeekKeys.ID)
                    && fields != SummaryField.byIdKey()) {
                readMembers(parser, SummaryField.byIdKey(), row);
            } else {
                parser.skipChildren();
            }
        }
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
