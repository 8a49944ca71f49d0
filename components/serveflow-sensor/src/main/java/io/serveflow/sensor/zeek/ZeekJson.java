/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.json.ZeekKeys;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import java.io.IOException;
import java.util.Map;

/**
 * Reads a line of Zeek's {@code serveflow} log in its JSON form; fields that it knows nothing of
 * are skipped.
 *
 * <p>{@link PlainZeekLine} reads what Zeek itself writes. What it does not take is read again from
 * the beginning with a JSON parser, which also says what is wrong with a bad line.
 */
final class ZeekJson {

    private final PlainZeekLine plain = new PlainZeekLine();
    private final JsonFactory json = SensorJson.factory();
    private final LineBeginnings beginnings;

    /**
     * @param beginnings how lines of all formats begin
     */
    ZeekJson(final LineBeginnings beginnings) {
        this.beginnings = beginnings;
    }

    /**
     * Reads a line into a row.
     *
     * @return whether the line is wanted; of one that is not, only the beginning may have been read
     */
    boolean read(
            final byte[] bytes,
            final int start,
            final int end,
            final ContextInterest interest,
            final ZeekRow row)
            throws BadLineException {
        return switch (readPlain(bytes, start, end, interest, row)) {
            case READ -> true;
            case UNWANTED -> false;
            case NOT_PLAIN -> {
                row.clear();
                parse(bytes, start, end, row);
                yield row.wantedBy(interest);
            }
        };
    }

    /** Reads a line into a row, which is clear, if it is plain. */
    PlainZeekLine.Outcome readPlain(
            final byte[] bytes,
            final int start,
            final int end,
            final ContextInterest interest,
            final ZeekRow row)
            throws BadLineException {
        final PlainZeekLine.Outcome outcome = plain.read(bytes, start, end, interest, row);
        if (outcome == PlainZeekLine.Outcome.UNWANTED) {
            requireNoOtherInside(bytes, start, end);
        }
        return outcome;
    }

    /** What is skipped was not read to its end, where another line may be glued to it. */
    private void requireNoOtherInside(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        if (beginnings.next(bytes, start + 1, end) != end) {
            throw new BadLineException(
                    BadLineException.BAD_JSON, "another line begins inside this one");
        }
    }

    /** Reads a line with a JSON parser. */
    void parse(final byte[] bytes, final int start, final int end, final ZeekRow row)
            throws BadLineException {
        try (JsonParser parser = json.createParser(bytes, start, end - start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw SensorJson.notAnObject();
            }
            readMembers(parser, ZeekField.byKey(), row);
            SensorJson.requireEnd(parser);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
    }

    private static void readMembers(
            final JsonParser parser, final Map<String, ZeekField> fields, final ZeekRow row)
            throws IOException, BadLineException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName();
            final ZeekField field = fields.get(name);
            final JsonToken value = parser.nextToken();
            if (field != null) {
                if (value != JsonToken.VALUE_NULL) {
                    read(parser, field, row);
                }
            } else if (value == JsonToken.START_OBJECT
                    && name.equals(ZeekKeys.ID)
                    && fields != ZeekField.byIdKey()) {
                readMembers(parser, ZeekField.byIdKey(), row);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void read(final JsonParser parser, final ZeekField field, final ZeekRow row)
            throws IOException, BadLineException {
        if (!field.vector()) {
            require(parser, field, field.accepts(parser.currentToken()));
            row.set(
                    field,
                    parser.getTextCharacters(),
                    parser.getTextOffset(),
                    parser.getTextLength());
            return;
        }
        require(parser, field, parser.currentToken() == JsonToken.START_ARRAY);
        row.begin(field);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser, field, field.accepts(parser.currentToken()));
            row.add(
                    field,
                    parser.getTextCharacters(),
                    parser.getTextOffset(),
                    parser.getTextLength());
        }
    }

    private static void require(
            final JsonParser parser, final ZeekField field, final boolean accepted)
            throws IOException, BadLineException {
        if (!accepted) {
            throw BadLineException.bad(field.key(), parser.getText(), field.expected());
        }
    }
}
