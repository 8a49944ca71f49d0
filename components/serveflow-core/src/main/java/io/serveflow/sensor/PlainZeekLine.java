/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowRecord;
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
    private static final PlainJson.Word[] FIELD_KEYS = fieldKeys();
    private static final int MAX_KEYS = 64;
    private static final PlainJson.Word FIRST = PlainJson.Word.of("\"first\"");
    private static final PlainJson.Word CONTEXT = PlainJson.Word.of("\"context\"");
    private static final PlainJson.Word DEPTH = PlainJson.Word.of("\"depth\"");
    private static final PlainJson.Word TIMEOUT = PlainJson.Word.of("\"timeout\"");
    private static final PlainJson.Word END = PlainJson.Word.of("\"end\"");

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

    /** A key with its quotes and colon, and its field, which is null if it means nothing. */
    private record Key(PlainJson.Word word, ZeekField field) {}

    /** Reads a line into a row that is clear. */
    Outcome read(
            final byte[] bytes,
            final int start,
            final int end,
            final ContextInterest interest,
            final ZeekRow row) {
        json.on(bytes, end);
        seen = 0;
        if (!json.is('{', start)) {
            return Outcome.NOT_PLAIN;
        }
        int at = start;
        for (int position = 0; position == 0 || json.is(',', at); position++) {
            final Key key = position < MAX_KEYS ? key(bytes, at + 1, position) : null;
            if (key == null) {
                return Outcome.NOT_PLAIN;
            }
            at = member(key.field(), bytes, at + 1 + key.word().length(), row);
            if (at < 0) {
                return Outcome.NOT_PLAIN;
            }
            if (key.field() == ZeekField.STAGE && !row.wantedBy(interest)) {
                return Outcome.UNWANTED;
            }
        }
        if (!json.is('}', at) || at + 1 != end) {
            return Outcome.NOT_PLAIN;
        }
        for (final ZeekField field : LATE_TEXTS) {
            if (has(field)) {
                row.setText(field, bytes, textFrom[field.ordinal()], textTo[field.ordinal()]);
            }
        }
        return Outcome.READ;
    }

    /** The key at an index and position of the line; null if it is not plain. */
    private Key key(final byte[] bytes, final int at, final int position) {
        final Key expected = order[position];
        return expected != null && json.is(expected.word(), at)
                ? expected
                : learnKey(bytes, at, position);
    }

    private Key learnKey(final byte[] bytes, final int at, final int position) {
        final int behind = json.text(at);
        if (behind < 0 || !json.is(':', behind) || behind + 1 - at > PlainJson.Word.MAX_LENGTH) {
            return null;
        }
        final PlainJson.Word word = PlainJson.Word.of(bytes, at, behind + 1);
        ZeekField named = null;
        for (int i = 0; i < FIELDS.length; i++) {
            if (word.equals(FIELD_KEYS[i])) {
                named = FIELDS[i];
            }
        }
        order[position] = new Key(word, named);
        return order[position];
    }

    /** Reads a value; returns the index behind it, or {@link PlainJson#NOT_PLAIN}. */
    private int member(
            final ZeekField field, final byte[] bytes, final int at, final ZeekRow row) {
        if (field == null) {
            return json.scalar(at);
        }
        if (has(field)) {
            return PlainJson.NOT_PLAIN;
        }
        seen |= 1 << field.ordinal();
        return switch (field) {
            case TS -> time(at, row);
            case UID -> uid(bytes, at, row);
            case ORIGINATOR, RESPONDER, PROTO, COMMUNITY_ID, OBSERVER -> text(field, at);
            case ORIGINATOR_PORT, RESPONDER_PORT -> port(field, at, row);
            case STAGE -> stage(at, row);
            case REASON -> reason(at, row);
            case PKT_DT -> intervals(at, row);
            case PKT_ORIG -> flags(at, row);
            case PKT_LEN -> lengths(at, row);
            case PKT_DATA -> data(at, row);
        };
    }

    private boolean has(final ZeekField field) {
        return (seen & 1 << field.ordinal()) != 0;
    }

    private int time(final int at, final ZeekRow row) {
        final int behind = json.is('"', at) ? json.moment(at) : json.seconds(at);
        row.setTime(json.value());
        return behind;
    }

    private int uid(final byte[] bytes, final int at, final ZeekRow row) {
        final int behind = text(ZeekField.UID, at);
        if (behind >= 0) {
            row.setText(ZeekField.UID, bytes, at + 1, behind - 1);
        }
        return behind;
    }

    private int text(final ZeekField field, final int at) {
        final int behind = json.text(at);
        textFrom[field.ordinal()] = at + 1;
        textTo[field.ordinal()] = behind - 1;
        final int length = behind - 1 - (at + 1);
        return length > 0 && length <= ZeekRow.MAX_TEXT ? behind : PlainJson.NOT_PLAIN;
    }

    private int port(final ZeekField field, final int at, final ZeekRow row) {
        final int behind = json.count(at);
        final int port = (int) json.value();
        row.setPort(field, port);
        return port <= ZeekRow.MAX_PORT ? behind : PlainJson.NOT_PLAIN;
    }

    private int stage(final int at, final ZeekRow row) {
        final boolean context = json.is(CONTEXT, at);
        row.setStage(context ? FlowRecord.Stage.CONTEXT : FlowRecord.Stage.FIRST);
        if (context) {
            return at + CONTEXT.length();
        }
        return json.is(FIRST, at) ? at + FIRST.length() : PlainJson.NOT_PLAIN;
    }

    private int reason(final int at, final ZeekRow row) {
        if (json.is(DEPTH, at)) {
            row.setReason(FlowRecord.End.DEPTH);
            return at + DEPTH.length();
        }
        if (json.is(TIMEOUT, at)) {
            row.setReason(FlowRecord.End.TIMEOUT);
            return at + TIMEOUT.length();
        }
        row.setReason(FlowRecord.End.END);
        return json.is(END, at) ? at + END.length() : PlainJson.NOT_PLAIN;
    }

    private int intervals(final int bracket, final ZeekRow row) {
        row.begin(ZeekField.PKT_DT);
        if (!json.is('[', bracket)) {
            return PlainJson.NOT_PLAIN;
        }
        int at = bracket;
        do {
            at = json.secondsInAnyForm(at + 1);
            if (at < 0) {
                return PlainJson.NOT_PLAIN;
            }
            row.addInterval(json.value());
        } while (json.is(',', at));
        return behindVector(at);
    }

    private int flags(final int bracket, final ZeekRow row) {
        row.begin(ZeekField.PKT_ORIG);
        if (!json.is('[', bracket)) {
            return PlainJson.NOT_PLAIN;
        }
        int at = bracket;
        do {
            at = json.flag(at + 1);
            if (at < 0) {
                return PlainJson.NOT_PLAIN;
            }
            row.addFlag(json.value() == 1);
        } while (json.is(',', at));
        return behindVector(at);
    }

    private int lengths(final int bracket, final ZeekRow row) {
        row.begin(ZeekField.PKT_LEN);
        if (!json.is('[', bracket)) {
            return PlainJson.NOT_PLAIN;
        }
        int at = bracket;
        do {
            at = json.count(at + 1);
            if (at < 0) {
                return PlainJson.NOT_PLAIN;
            }
            row.addLength((int) json.value());
        } while (json.is(',', at));
        return behindVector(at);
    }

    private int data(final int bracket, final ZeekRow row) {
        row.begin(ZeekField.PKT_DATA);
        if (!json.is('[', bracket)) {
            return PlainJson.NOT_PLAIN;
        }
        final byte[] to = row.dataRoom(json.mostBytes(bracket));
        int at = bracket;
        do {
            at = json.base64(at + 1, to, row.dataStart());
            if (at < 0) {
                return PlainJson.NOT_PLAIN;
            }
            row.addData((int) json.value());
        } while (json.is(',', at));
        return behindVector(at);
    }

    private int behindVector(final int at) {
        return json.is(']', at) ? at + 1 : PlainJson.NOT_PLAIN;
    }

    private static PlainJson.Word[] fieldKeys() {
        return Arrays.stream(FIELDS)
                .map(field -> PlainJson.Word.of("\"" + field.key() + "\":"))
                .toArray(PlainJson.Word[]::new);
    }
}
