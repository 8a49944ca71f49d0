/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
        /** What a log shipper made of a line: the line is in {@code message}. */
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
    private int keyAt;

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
        final TellingKey key = key(latest);
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
        System.arraycopy(bytes, start, beginning, 0, SAME_BYTES);
        latest = kind;
        keyAt = at - start;
    }

    /** Null for a kind that no single key tells. */
    private static TellingKey key(final Kind kind) {
        return switch (kind) {
            case SERVEFLOW -> TellingKey.STAGE;
            case CONN -> TellingKey.CONN_STATE;
            case EVE -> TellingKey.EVENT_TYPE;
            case NDPID -> TellingKey.PACKET_EVENT_NAME;
            case SHIPPED -> TellingKey.MESSAGE;
            case TAGGED, OTHER_LOG, UNKNOWN -> null;
        };
    }

    private Kind kindByKeys(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        boolean time = false;
        boolean message = false;
        boolean shipper = false;
        boolean object = false;
        int keys = 0;
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
                    case "stage", "pkt_dt", "pkt_orig", "pkt_len", "pkt_data" -> {
                        return Kind.SERVEFLOW;
                    }
                    case "packet_event_name",
                            "flow_event_name",
                            "daemon_event_name",
                            "error_event_name" -> {
                        return Kind.NDPID;
                    }
                    case "ts" -> time = true;
                    case "message" -> message = value == JsonToken.VALUE_STRING;
                    case "@timestamp", "@metadata", "metadata", "agent", "log", "pipeline" ->
                            shipper = true;
                    default -> object = value == JsonToken.START_OBJECT;
                }
                parser.skipChildren();
            }
            SensorJson.requireEnd(parser);
        } catch (final IOException e) {
            throw SensorJson.bad(e);
        }
        if (message && shipper && !time) {
            return Kind.SHIPPED;
        }
        if (object && keys == 1) {
            return Kind.TAGGED;
        }
        return time ? Kind.OTHER_LOG : Kind.UNKNOWN;
    }
}
