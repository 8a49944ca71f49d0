/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.handshake.HandshakeRow;
import io.serveflow.sensor.handshake.HelloPart;
import io.serveflow.sensor.json.PlainJson;
import io.serveflow.sensor.json.PlainJson.Word;
import java.util.Arrays;

/**
 * Reads a line of Zeek's {@code serveflow} log straight from its bytes, if it is in the plain form
 * in which Zeek writes it: the fields in the order of {@link ZeekField}, and between them only
 * texts, numbers and truth values that mean nothing here.
 *
 * <p>Escapes, white space, nested values, another order and whatever may be wrong are left to a
 * JSON parser: a line that is read here gives the same record there. Not safe for use by more than
 * one thread.
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

    private static final Word TS = next(ZeekField.TS);
    private static final Word UID = next(ZeekField.UID);
    private static final Word ORIGINATOR = next(ZeekField.ORIGINATOR);
    private static final Word ORIGINATOR_PORT = next(ZeekField.ORIGINATOR_PORT);
    private static final Word RESPONDER = next(ZeekField.RESPONDER);
    private static final Word RESPONDER_PORT = next(ZeekField.RESPONDER_PORT);
    private static final Word PROTO = next(ZeekField.PROTO);
    private static final Word COMMUNITY_ID = next(ZeekField.COMMUNITY_ID);
    private static final Word STAGE = next(ZeekField.STAGE);
    private static final Word REASON = next(ZeekField.REASON);
    private static final Word PKT_DT = next(ZeekField.PKT_DT);
    private static final Word PKT_ORIG = next(ZeekField.PKT_ORIG);
    private static final Word PKT_LEN = next(ZeekField.PKT_LEN);
    private static final Word PKT_DATA = next(ZeekField.PKT_DATA);
    private static final Key APP_PROTO = nextKey(ZeekField.APP_PROTO);
    private static final Key SERVER_NAME = nextKey(ZeekField.SERVER_NAME);
    private static final Key HTTP_HOST = nextKey(ZeekField.HTTP_HOST);
    private static final Key DNS_QUERY = nextKey(ZeekField.DNS_QUERY);
    private static final Key NEXT_PROTOCOL = nextKey(ZeekField.NEXT_PROTOCOL);
    private static final Key ECH = nextKey(ZeekField.ECH);
    private static final Key QUIC_VERSION = nextKey(ZeekField.QUIC_VERSION);
    private static final Key HELLO_LENGTH = nextKey(ZeekField.HELLO_LENGTH);
    private static final Key HELLO_COMPLETE = nextKey(ZeekField.HELLO_COMPLETE);
    private static final Key HELLO_VERSIONS = nextKey(ZeekField.HELLO_VERSIONS);
    private static final Key HELLO_CIPHERS = nextKey(ZeekField.HELLO_CIPHERS);
    private static final Key HELLO_EXTENSIONS = nextKey(ZeekField.HELLO_EXTENSIONS);
    private static final Key HELLO_GROUPS = nextKey(ZeekField.HELLO_GROUPS);
    private static final Key HELLO_PROTOCOLS = nextKey(ZeekField.HELLO_PROTOCOLS);
    private static final Key HELLO_PARAMETERS = nextKey(ZeekField.HELLO_PARAMETERS);
    private static final Key HELLO_GREASE = nextKey(ZeekField.HELLO_GREASE);
    private static final Word OBSERVER = next(ZeekField.OBSERVER);
    private static final Word[] KEYS =
            Arrays.stream(ZeekField.values()).map(f -> Word.of(key(f))).toArray(Word[]::new);

    private static final Word BEGINNING = Word.of("{" + key(ZeekField.TS));
    private static final Word EMPTY_VECTOR = Word.of("[]");
    private static final Word FIRST = Word.of("\"first\"");
    private static final Word CONTEXT = Word.of("\"context\"");
    private static final Word DEPTH = Word.of("\"depth\"");
    private static final Word TIMEOUT = Word.of("\"timeout\"");
    private static final Word END = Word.of("\"end\"");

    private final PlainJson json = new PlainJson();
    private int uid;
    private int uidEnd;
    private int originator;
    private int originatorEnd;
    private int responder;
    private int responderEnd;
    private int proto;
    private int protoEnd;
    private int communityId;
    private int communityIdEnd;

    /**
     * Reads a line into a row that is clear. What is not plain leads to {@link
     * PlainJson#NOT_PLAIN}, where no further step finds anything, so that only the last one is
     * asked about.
     */
    Outcome read(
            final byte[] line,
            final int start,
            final int end,
            final ContextInterest interest,
            final ZeekRow row) {
        final int stageEnd = identity(json.on(line, start, end), row);
        if (stageEnd == PlainJson.NOT_PLAIN) {
            return Outcome.NOT_PLAIN;
        }
        final byte[] bytes = json.bytes();
        row.setText(ZeekField.UID, bytes, uid + 1, uidEnd - 1);
        if (!row.wantedBy(interest)) {
            return Outcome.UNWANTED;
        }
        if (!packetsToEnd(stageEnd, row)) {
            return Outcome.NOT_PLAIN;
        }
        row.setAddress(ZeekField.ORIGINATOR, bytes, originator + 1, originatorEnd - 1);
        row.setAddress(ZeekField.RESPONDER, bytes, responder + 1, responderEnd - 1);
        row.setWord(ZeekField.PROTO, bytes, proto + 1, protoEnd - 1);
        row.setText(ZeekField.COMMUNITY_ID, bytes, communityId + 1, communityIdEnd - 1);
        return Outcome.READ;
    }

    /** A comma and a key, which may be longer than one word; the tail is empty else. */
    private record Key(Word head, Word tail, int length) {

        static Key of(final String text) {
            final int split = Math.min(text.length(), Word.MAX_LENGTH);
            return new Key(
                    Word.of(text.substring(0, split)),
                    Word.of(text.substring(split)),
                    text.length());
        }
    }

    /** Reads the fields up to the stage, of which it keeps where the texts are. */
    private int identity(final int beginning, final ZeekRow row) {
        int at = beginning(beginning);
        at = time(at, row);
        uid = next(UID, at);
        uidEnd = text(uid);
        originator = next(ORIGINATOR, uidEnd);
        originatorEnd = text(originator);
        at = port(ZeekField.ORIGINATOR_PORT, next(ORIGINATOR_PORT, originatorEnd), row);
        responder = next(RESPONDER, at);
        responderEnd = text(responder);
        at = port(ZeekField.RESPONDER_PORT, next(RESPONDER_PORT, responderEnd), row);
        proto = next(PROTO, at);
        protoEnd = text(proto);
        communityId = next(COMMUNITY_ID, protoEnd);
        communityIdEnd = text(communityId);
        return stage(next(STAGE, communityIdEnd), row);
    }

    /** Index of the value of the first member that is known. */
    private int beginning(final int brace) {
        if (json.is(BEGINNING, brace)) {
            return brace + BEGINNING.length();
        }
        return json.is('{', brace) ? valueBehindOthers(TS, brace) : PlainJson.NOT_PLAIN;
    }

    /** Whether what follows the stage is plain up to the end of the line. */
    private boolean packetsToEnd(final int stageEnd, final ZeekRow row) {
        int at = reason(next(REASON, stageEnd), row);
        at = intervals(next(PKT_DT, at), row);
        at = flags(next(PKT_ORIG, at), row);
        at = lengths(next(PKT_LEN, at), row);
        at = data(next(PKT_DATA, at), row);
        if (json.is(',', at)) {
            at = handshake(at, row);
            at = hello(at, row);
            at = rest(at, row);
        }
        return json.is('}', at) && json.isEnd(at + 1);
    }

    /** Index of the value of the next member, which is behind a comma and members unknown here. */
    private int next(final Word commaAndKey, final int at) {
        return json.is(commaAndKey, at)
                ? at + commaAndKey.length()
                : nextBehindOthers(commaAndKey, at);
    }

    private int nextBehindOthers(final Word commaAndKey, final int at) {
        return json.is(',', at) ? valueBehindOthers(commaAndKey, at) : PlainJson.NOT_PLAIN;
    }

    private int valueBehindOthers(final Word commaAndKey, final int separator) {
        int at = separator;
        do {
            at = unknownMember(at + 1);
            if (json.is(commaAndKey, at)) {
                return at + commaAndKey.length();
            }
        } while (json.is(',', at));
        return PlainJson.NOT_PLAIN;
    }

    private int unknownMember(final int at) {
        for (final Word key : KEYS) {
            if (json.is(key, at)) {
                return PlainJson.NOT_PLAIN;
            }
        }
        final int colon = json.text(at);
        return json.is(':', colon) ? json.scalar(colon + 1) : PlainJson.NOT_PLAIN;
    }

    /** Reads those that are there of the fields of how the flow begins, but those of the hello. */
    private int handshake(final int packetsEnd, final ZeekRow row) {
        int at = said(ZeekField.APP_PROTO, APP_PROTO, packetsEnd, row);
        at = said(ZeekField.SERVER_NAME, SERVER_NAME, at, row);
        at = said(ZeekField.HTTP_HOST, HTTP_HOST, at, row);
        at = said(ZeekField.DNS_QUERY, DNS_QUERY, at, row);
        at = said(ZeekField.NEXT_PROTOCOL, NEXT_PROTOCOL, at, row);
        return flag(ZeekField.ECH, ECH, at, row);
    }

    private int hello(final int handshakeEnd, final ZeekRow row) {
        int at =
                number(
                        ZeekField.QUIC_VERSION,
                        QUIC_VERSION,
                        HandshakeRow.MAX_VERSION,
                        handshakeEnd,
                        row);
        at = number(ZeekField.HELLO_LENGTH, HELLO_LENGTH, Integer.MAX_VALUE, at, row);
        at = flag(ZeekField.HELLO_COMPLETE, HELLO_COMPLETE, at, row);
        at = numbers(ZeekField.HELLO_VERSIONS, HELLO_VERSIONS, at, row);
        at = numbers(ZeekField.HELLO_CIPHERS, HELLO_CIPHERS, at, row);
        at = numbers(ZeekField.HELLO_EXTENSIONS, HELLO_EXTENSIONS, at, row);
        at = numbers(ZeekField.HELLO_GROUPS, HELLO_GROUPS, at, row);
        at = protocols(at, row);
        at = numbers(ZeekField.HELLO_PARAMETERS, HELLO_PARAMETERS, at, row);
        return flag(ZeekField.HELLO_GREASE, HELLO_GREASE, at, row);
    }

    private boolean is(final Key key, final int at) {
        return json.is(key.head(), at)
                && (key.length() <= Word.MAX_LENGTH || json.is(key.tail(), at + Word.MAX_LENGTH));
    }

    private int said(final ZeekField field, final Key key, final int at, final ZeekRow row) {
        if (!is(key, at)) {
            return at;
        }
        final int quote = at + key.length();
        final int behind = text(quote);
        // A hyphen alone is what is unknown; the parser knows which texts are.
        if (behind - quote <= 3 || json.is('(', quote + 1)) {
            return PlainJson.NOT_PLAIN;
        }
        row.say(field, json.bytes(), quote + 1, behind - 1);
        return behind;
    }

    private int flag(final ZeekField field, final Key key, final int at, final ZeekRow row) {
        if (!is(key, at)) {
            return at;
        }
        final int behind = json.flag(at + key.length());
        if (behind != PlainJson.NOT_PLAIN) {
            row.say(field, json.value() == 1);
        }
        return behind;
    }

    private int number(
            final ZeekField field, final Key key, final long max, final int at, final ZeekRow row) {
        if (!is(key, at)) {
            return at;
        }
        final int behind = json.wholeNumber(at + key.length());
        if (behind == PlainJson.NOT_PLAIN || json.value() > max) {
            return PlainJson.NOT_PLAIN;
        }
        row.say(field, json.value());
        return behind;
    }

    private int numbers(final ZeekField vector, final Key key, final int at, final ZeekRow row) {
        if (!is(key, at)) {
            return at;
        }
        final HelloPart part = ZeekRow.part(vector);
        row.begin(vector);
        final int bracket = at + key.length();
        if (json.is(EMPTY_VECTOR, bracket)) {
            return bracket + EMPTY_VECTOR.length();
        }
        int behind = json.is('[', bracket) ? bracket : PlainJson.NOT_PLAIN;
        do {
            behind = json.wholeNumber(behind + 1);
            if (behind == PlainJson.NOT_PLAIN || json.value() > part.max()) {
                return PlainJson.NOT_PLAIN;
            }
            row.say(part, json.value());
        } while (json.is(',', behind));
        return behindVector(behind);
    }

    private int protocols(final int at, final ZeekRow row) {
        if (!is(HELLO_PROTOCOLS, at)) {
            return at;
        }
        row.begin(ZeekField.HELLO_PROTOCOLS);
        final int bracket = at + HELLO_PROTOCOLS.length();
        if (json.is(EMPTY_VECTOR, bracket)) {
            return bracket + EMPTY_VECTOR.length();
        }
        int behind = json.is('[', bracket) ? bracket : PlainJson.NOT_PLAIN;
        do {
            final int quote = behind + 1;
            behind = text(quote);
            if (behind == PlainJson.NOT_PLAIN) {
                return PlainJson.NOT_PLAIN;
            }
            row.sayProtocol(json.bytes(), quote + 1, behind - 1);
        } while (json.is(',', behind));
        return behindVector(behind);
    }

    /** Reads what follows the fields of Zeek itself. */
    private int rest(final int packetsEnd, final ZeekRow row) {
        int at = packetsEnd;
        boolean observer = false;
        while (json.is(',', at)) {
            if (!observer && json.is(OBSERVER, at)) {
                observer = true;
                final int quote = at + OBSERVER.length();
                at = text(quote);
                if (at != PlainJson.NOT_PLAIN) {
                    row.setWord(ZeekField.OBSERVER, json.bytes(), quote + 1, at - 1);
                }
            } else {
                at = unknownMember(at + 1);
            }
        }
        return at;
    }

    private int time(final int at, final ZeekRow row) {
        final int behind = json.is('"', at) ? json.moment(at) : json.seconds(at);
        row.setTime(json.value());
        return behind;
    }

    /** Reads a text of a length that a row takes. */
    private int text(final int at) {
        final int behind = json.text(at);
        final int length = behind - at - 2;
        return length > 0 && length <= ZeekRow.MAX_TEXT ? behind : PlainJson.NOT_PLAIN;
    }

    private int port(final ZeekField field, final int at, final ZeekRow row) {
        final int behind = json.count(at);
        final int port = (int) json.value();
        row.setPort(field, port);
        return port <= ZeekRow.MAX_PORT ? behind : PlainJson.NOT_PLAIN;
    }

    private int stage(final int at, final ZeekRow row) {
        if (json.is(FIRST, at)) {
            row.setStage(FlowRecord.Stage.FIRST);
            return at + FIRST.length();
        }
        row.setStage(FlowRecord.Stage.CONTEXT);
        return json.is(CONTEXT, at) ? at + CONTEXT.length() : PlainJson.NOT_PLAIN;
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
        int at = json.is('[', bracket) ? bracket : PlainJson.NOT_PLAIN;
        do {
            at = json.secondsInAnyForm(at + 1);
            row.addInterval(json.value());
        } while (json.is(',', at));
        return behindVector(at);
    }

    private int flags(final int bracket, final ZeekRow row) {
        row.begin(ZeekField.PKT_ORIG);
        int at = json.is('[', bracket) ? bracket : PlainJson.NOT_PLAIN;
        do {
            at = json.flag(at + 1);
            row.addFlag(json.value() == 1);
        } while (json.is(',', at));
        return behindVector(at);
    }

    private int lengths(final int bracket, final ZeekRow row) {
        row.begin(ZeekField.PKT_LEN);
        int at = json.is('[', bracket) ? bracket : PlainJson.NOT_PLAIN;
        do {
            at = json.count(at + 1);
            row.addLength((int) json.value());
        } while (json.is(',', at));
        return behindVector(at);
    }

    private int data(final int bracket, final ZeekRow row) {
        row.begin(ZeekField.PKT_DATA);
        final byte[] to = row.dataRoom(json.mostBytes(bracket));
        int at = json.is('[', bracket) ? bracket : PlainJson.NOT_PLAIN;
        do {
            at = json.base64(at + 1, to, row.dataStart());
            row.addData((int) json.value());
        } while (json.is(',', at));
        return behindVector(at);
    }

    private int behindVector(final int at) {
        return json.is(']', at) ? at + 1 : PlainJson.NOT_PLAIN;
    }

    private static Word next(final ZeekField field) {
        return Word.of("," + key(field));
    }

    private static Key nextKey(final ZeekField field) {
        return Key.of("," + key(field));
    }

    private static String key(final ZeekField field) {
        return "\"" + field.key() + "\":";
    }
}
