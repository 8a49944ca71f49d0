/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.envelope.LineEnvelope;
import io.serveflow.sensor.json.SensorJson;
import io.serveflow.sensor.json.TellingKey;
import io.serveflow.sensor.line.BadLineException;
import java.io.IOException;

/**
 * Tells what a JSON line is by its keys: first it looks whether the key that told the line before
 * is at about the same place, and only then it goes through the keys of the line.
 */
final class LineSniffer {

    /** What a line can be. */
    enum Kind {
        /** A record of the {@code serveflow} log. */
        SERVEFLOW,
        /** A line of {@code conn.log}. */
        CONN,
        /** An event of Suricata, of any type. */
        EVE,
        /** An event of nDPId, of any type. */
        NDPID,
        /**
         * What a log shipper or a container engine made of a line: the line is in {@code message},
         * {@code log} or {@code event.original}.
         */
        SHIPPED,
        /** An object with one member, which is the line: zeek-kafka's form. */
        TAGGED,
        /** A line of another log of Zeek's. */
        OTHER_LOG,
        /** An object that no sensor writes. */
        UNKNOWN
    }

    private static final int SAME_BYTES = 6;
    private static final int NEAR = 16;
    private static final int SLACK = 128;

    private final JsonFactory json = SensorJson.factory();
    private final byte[] beginning = new byte[SAME_BYTES];
    private Kind latest = Kind.UNKNOWN;

    /** The key that told {@link #latest}; null for a kind that no single key tells. */
    private TellingKey latestKey;

    private int keyAt;

    /** The key in which the line before that came in an envelope had its text. */
    private TellingKey payloadKey;

    /**
     * What the line is.
     *
     * @throws BadLineException if it is no JSON object
     */
    Kind kind(final byte[] bytes, final int start, final int end) throws BadLineException {
        if (isLikeLatest(bytes, start, end)) {
            return latest;
        }
        final Kind kind = kindByKeys(bytes, start, end);
        remember(kind, bytes, start, end);
        return kind;
    }

    private boolean isLikeLatest(final byte[] bytes, final int start, final int end) {
        final TellingKey key = latestKey;
        if (key == null || end - start < SAME_BYTES) {
            return false;
        }
        for (int i = 0; i < SAME_BYTES; i++) {
            if (bytes[start + i] != beginning[i]) {
                return false;
            }
        }
        // Mostly the key is where it was, but for the lengths of a few addresses and numbers.
        int at = near(key, NEAR, bytes, start, end);
        if (at < 0) {
            // What a shipper adds before the message varies more than what a sensor does.
            at = near(key, latest == Kind.SHIPPED ? end - start : SLACK, bytes, start, end);
        }
        if (at >= 0) {
            keyAt = at - start;
        }
        return at >= 0;
    }

    private int near(
            final TellingKey key,
            final int slack,
            final byte[] bytes,
            final int start,
            final int end) {
        return key.after(
                bytes,
                start + Math.max(0, keyAt - slack - key.length()),
                (int) Math.min(end, (long) start + keyAt + slack));
    }

    private void remember(final Kind kind, final byte[] bytes, final int start, final int end) {
        final TellingKey key = key(kind);
        final int at = key == null ? -1 : key.after(bytes, start, end);
        if (at < 0 || end - start < SAME_BYTES) {
            return;
        }
        if (kind == Kind.SHIPPED && bytes[start + 2] == 't') {
            // Events of sensors begin with "timestamp" or "ts" too, and may have a message inside.
            return;
        }
        System.arraycopy(bytes, start, beginning, 0, SAME_BYTES);
        latest = kind;
        latestKey = key;
        keyAt = at - start;
    }

    /** Null for a kind that no single key tells. */
    private TellingKey key(final Kind kind) {
        return switch (kind) {
            case SERVEFLOW -> TellingKey.STAGE;
            case CONN -> TellingKey.CONN_STATE;
            case EVE -> TellingKey.EVENT_TYPE;
            case NDPID -> TellingKey.PACKET_EVENT_NAME;
            case SHIPPED -> payloadKey;
            case TAGGED, OTHER_LOG, UNKNOWN -> null;
        };
    }

    private Kind kindByKeys(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        boolean time = false;
        boolean stage = false;
        boolean shipper = false;
        boolean object = false;
        int keys = 0;
        // A text may be anything; one that begins as a sensor's line does needs no shipper's word.
        boolean text = false;
        boolean line = false;
        payloadKey = null;
        try (JsonParser parser = json.createParser(bytes, start, end - start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw SensorJson.notAnObject();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                keys++;
                final String key = parser.currentName();
                final JsonToken value = parser.nextToken();
                switch (key) {
                    case "event_type" -> {
                        return Kind.EVE;
                    }
                    case "conn_state" -> {
                        return Kind.CONN;
                    }
                    case "pkt_dt", "pkt_orig", "pkt_len", "pkt_data" -> {
                        return Kind.SERVEFLOW;
                    }
                    case "packet_event_name",
                            "flow_event_name",
                            "daemon_event_name",
                            "error_event_name" -> {
                        return Kind.NDPID;
                    }
                    // A shipper may have a stage of its own beside the line.
                    case "stage" -> stage = true;
                    case "ts" -> time = true;
                    case "message", "log", "event.original", "log_processed" -> {
                        object = value == JsonToken.START_OBJECT;
                        shipper |= object && key.equals("log");
                        line |= LineEnvelope.isLine(parser);
                        text |= object || value == JsonToken.VALUE_STRING;
                        notePayload(key, value);
                    }
                    case "event" -> {
                        object = value == JsonToken.START_OBJECT;
                        line |= object && hasOriginal(parser);
                    }
                    case "@timestamp",
                            "@version",
                            "@metadata",
                            "metadata",
                            "agent",
                            "pipeline",
                            "source_type",
                            "stream",
                            "kubernetes",
                            "date" ->
                            shipper = true;
                    default -> object = value == JsonToken.START_OBJECT;
                }
                parser.skipChildren();
            }
            SensorJson.requireEnd(parser);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
        if (!time && (line || text && shipper)) {
            return Kind.SHIPPED;
        }
        if (stage) {
            return Kind.SERVEFLOW;
        }
        if (object && keys == 1) {
            return Kind.TAGGED;
        }
        return time ? Kind.OTHER_LOG : Kind.UNKNOWN;
    }

    private void notePayload(final String key, final JsonToken value) {
        if (key.equals("message")) {
            payloadKey = TellingKey.MESSAGE;
        } else if (key.equals("log") && value == JsonToken.VALUE_STRING && payloadKey == null) {
            payloadKey = TellingKey.LOG_TEXT;
        }
    }

    /** Whether an {@code event} has the line in {@code original}; leaves the parser at its end. */
    private static boolean hasOriginal(final JsonParser parser) throws IOException {
        boolean line = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final boolean original = parser.currentName().equals("original");
            final boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
            line |= original && (isObject || LineEnvelope.isLine(parser));
            parser.skipChildren();
        }
        return line;
    }
}
