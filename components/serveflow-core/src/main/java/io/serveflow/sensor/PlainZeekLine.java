/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a line of Zeek's {@code serveflow} log straight from its bytes, if it is in the plain form
 * in which Zeek writes it.
 *
 * <p>What comes next in a line is mostly what came there in the line before, so that key is
 * compared first. Escapes, white space, nested values, keys that come twice and whatever may be
 * wrong are left to a JSON parser: a line that is read here gives the same record there. Not safe
 * for use by more than one thread.
 */
final class PlainZeekLine {

    /** What {@link #read} came to. */
    enum Outcome {
        /** The row has the values. */
        READ,
        /** A context line that nobody needs, read no further than to see that. */
        UNWANTED,
        /** The line is to be read in another way; the row has nothing of use. */
        NOT_PLAIN
    }

    private static final ZeekField[] FIELDS = ZeekField.values();
    private static final int MAX_KEYS = 64;
    private static final int MAX_KEY = 128;
    private static final byte[] FIRST = ascii("first");
    private static final byte[] CONTEXT = ascii("context");
    private static final byte[] DEPTH = ascii("depth");
    private static final byte[] TIMEOUT = ascii("timeout");
    private static final byte[] END = ascii("end");

    /** The texts that are made when the rest of the line was found to be plain. */
    private static final ZeekField[] LATE_TEXTS = {
        ZeekField.ORIGINATOR,
        ZeekField.RESPONDER,
        ZeekField.PROTO,
        ZeekField.COMMUNITY_ID,
        ZeekField.OBSERVER
    };

    private final PlainJson json = new PlainJson();
    private final Key[] order = new Key[MAX_KEYS];
    private final int[] textFrom = new int[FIELDS.length];
    private final int[] textTo = new int[FIELDS.length];

    /** The fields that the line had so far, a bit each. */
    private int seen;

    private boolean context;

    /** A key in the form of {@link ZeekField#plainKey()}; its field is null if it means nothing. */
    private record Key(byte[] text, ZeekField field) {}

    /** Reads a line into a row that is clear. */
    Outcome read(
            final byte[] bytes,
            final int start,
            final int end,
            final ContextInterest interest,
            final ZeekRow row) {
        json.on(bytes, start, end);
        seen = 0;
        context = false;
        if (!json.skip('{')) {
            return Outcome.NOT_PLAIN;
        }
        int position = 0;
        do {
            final Key key = position < MAX_KEYS ? key(bytes, position++) : null;
            if (key == null || !member(key.field(), bytes, row)) {
                return Outcome.NOT_PLAIN;
            }
            if (key.field() == ZeekField.STAGE && context && !row.wantedBy(interest)) {
                return Outcome.UNWANTED;
            }
        } while (json.skip(','));
        if (!json.skip('}') || !json.atEnd()) {
            return Outcome.NOT_PLAIN;
        }
        for (final ZeekField field : LATE_TEXTS) {
            if (has(field)) {
                row.setText(field, bytes, textFrom[field.ordinal()], textTo[field.ordinal()]);
            }
        }
        return Outcome.READ;
    }

    /** Passes over the key at a position of the line; null if it is not plain. */
    private Key key(final byte[] bytes, final int position) {
        final Key expected = order[position];
        if (expected != null && json.skip(expected.text())) {
            return expected;
        }
        if (!json.text()) {
            return null;
        }
        final int from = json.from() - 1;
        final int to = json.to() + 2;
        if (to - from > MAX_KEY || !json.skip(':')) {
            return null;
        }
        final byte[] text = Arrays.copyOfRange(bytes, from, to);
        ZeekField named = null;
        for (final ZeekField field : FIELDS) {
            if (Arrays.equals(text, field.plainKey())) {
                named = field;
            }
        }
        order[position] = new Key(text, named);
        return order[position];
    }

    private boolean member(final ZeekField field, final byte[] bytes, final ZeekRow row) {
        if (field == null) {
            return json.skipScalar();
        }
        if (has(field)) {
            return false;
        }
        seen |= 1 << field.ordinal();
        return switch (field) {
            case TS -> time(row);
            case UID -> text(field) && uid(bytes, row);
            case ORIGINATOR, RESPONDER, PROTO, COMMUNITY_ID, OBSERVER -> text(field);
            case ORIGINATOR_PORT, RESPONDER_PORT -> port(field, row);
            case STAGE -> json.text() && stage(row);
            case REASON -> json.text() && reason(row);
            case PKT_DT -> intervals(row);
            case PKT_ORIG -> flags(row);
            case PKT_LEN -> lengths(row);
            case PKT_DATA -> data(row);
        };
    }

    private boolean has(final ZeekField field) {
        return (seen & 1 << field.ordinal()) != 0;
    }

    private boolean time(final ZeekRow row) {
        final long micros;
        if (json.next('"')) {
            micros = json.text() ? json.moment() : PlainJson.NOT_PLAIN;
        } else {
            micros = json.micros();
        }
        row.setTime(micros);
        return micros >= 0;
    }

    private boolean text(final ZeekField field) {
        if (!json.text()) {
            return false;
        }
        textFrom[field.ordinal()] = json.from();
        textTo[field.ordinal()] = json.to();
        final int length = json.to() - json.from();
        return length > 0 && length <= ZeekRow.MAX_TEXT;
    }

    private boolean uid(final byte[] bytes, final ZeekRow row) {
        row.setText(ZeekField.UID, bytes, json.from(), json.to());
        return true;
    }

    private boolean port(final ZeekField field, final ZeekRow row) {
        final int port = json.count();
        row.setPort(field, port);
        return port >= 0 && port <= ZeekRow.MAX_PORT;
    }

    private boolean stage(final ZeekRow row) {
        context = json.is(CONTEXT);
        row.setStage(context ? FlowRecord.Stage.CONTEXT : FlowRecord.Stage.FIRST);
        return context || json.is(FIRST);
    }

    private boolean reason(final ZeekRow row) {
        final boolean depth = json.is(DEPTH);
        final boolean timeout = json.is(TIMEOUT);
        row.setReason(
                depth
                        ? FlowRecord.End.DEPTH
                        : timeout ? FlowRecord.End.TIMEOUT : FlowRecord.End.END);
        return depth || timeout || json.is(END);
    }

    private boolean intervals(final ZeekRow row) {
        row.begin(ZeekField.PKT_DT);
        if (!json.skip('[')) {
            return false;
        }
        do {
            final long micros = json.microsOfAnyForm();
            if (micros < 0) {
                return false;
            }
            row.addInterval(micros);
        } while (json.skip(','));
        return json.skip(']');
    }

    private boolean flags(final ZeekRow row) {
        row.begin(ZeekField.PKT_ORIG);
        if (!json.skip('[')) {
            return false;
        }
        do {
            final int flag = json.flag();
            if (flag < 0) {
                return false;
            }
            row.addFlag(flag == 1);
        } while (json.skip(','));
        return json.skip(']');
    }

    private boolean lengths(final ZeekRow row) {
        row.begin(ZeekField.PKT_LEN);
        if (!json.skip('[')) {
            return false;
        }
        do {
            final int length = json.count();
            if (length < 0) {
                return false;
            }
            row.addLength(length);
        } while (json.skip(','));
        return json.skip(']');
    }

    private boolean data(final ZeekRow row) {
        row.begin(ZeekField.PKT_DATA);
        if (!json.skip('[')) {
            return false;
        }
        final byte[] to = row.dataRoom(json.maxBytes());
        do {
            final int length = json.base64(to, row.dataStart());
            if (length < 0) {
                return false;
            }
            row.addData(length);
        } while (json.skip(','));
        return json.skip(']');
    }

    private static byte[] ascii(final String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
