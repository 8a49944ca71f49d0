/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.handshake.HandshakeRow;
import io.serveflow.sensor.json.ZeekObject;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import java.io.IOException;

/**
 * Reads a line of Zeek's {@code serveflow} log in its JSON form; fields that it knows nothing of
 * are skipped.
 *
 * <p>{@link PlainZeekLine} reads what Zeek itself writes. What it does not take is read again from
 * the beginning with a JSON parser, which also says what is wrong with a bad line.
 */
final class ZeekJson {

    private final PlainZeekLine plain = new PlainZeekLine();
    private final ZeekObject<ZeekField, ZeekRow> object =
            new ZeekObject<>(ZeekField.byKey(), ZeekField.byIdKey(), ZeekJson::read);
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
        object.read(bytes, start, end, row);
    }

    private static void read(final JsonParser parser, final ZeekField field, final ZeekRow row)
            throws IOException, BadLineException {
        if (field.ofHandshake() && isUnknown(parser)) {
            return;
        }
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

    /** Whether it is empty, or what Zeek's TSV has for unset and empty, which shippers keep. */
    private static boolean isUnknown(final JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING
                && HandshakeRow.isUnset(parser.getText());
    }

    private static void require(
            final JsonParser parser, final ZeekField field, final boolean accepted)
            throws IOException, BadLineException {
        if (!accepted) {
            throw BadLineException.bad(field.key(), parser.getText(), field.expected());
        }
    }
}
