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
import io.serveflow.sensor.json.SignatureKey;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LinePrefix;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Detects what a JSON line is by its keys: first it looks whether the key that decided on the line
 * before is at about the same position, and only then it goes through the keys of the line.
 */
final class LineSniffer {

    /** What a line can be. */
    enum Kind {
        /** A line of one of the formats. */
        FORMAT,
        /**
         * What a log shipper or a container engine made of a line: the line is in {@code message},
         * {@code log} or {@code event.original}.
         */
        SHIPPED,
        /** An object with one member, which is the line: zeek-kafka's form. */
        TAGGED,
        /** A line of another log of a sensor. */
        OTHER_LOG,
        /** An object that no sensor writes. */
        UNKNOWN
    }

    /**
     * What a line is.
     *
     * @param format that of the line; empty unless it is of {@link Kind#FORMAT}
     * @param title what the other log is called in a sentence; empty unless it is one
     */
    record Finding(Kind kind, Optional<LineFormat> format, String title) {

        private static Finding of(final Kind kind) {
            return new Finding(kind, Optional.empty(), "");
        }
    }

    /** What is found at a key of a line, for all formats; made once for all sniffers. */
    static final class Keys {

        private final Map<String, Finding> decisive = new HashMap<>();
        private final Map<String, Finding> weak = new HashMap<>();
        private final Map<String, Finding> otherLogs = new HashMap<>();

        Keys(final List<LineFormat> formats) {
            for (final LineFormat format : formats) {
                final Finding found = new Finding(Kind.FORMAT, Optional.of(format), "");
                format.signature().decisive().forEach(key -> decisive.put(key, found));
                format.signature().weak().forEach(key -> weak.put(key, found));
                format.otherLogs().ifPresent(this::put);
            }
        }

        private void put(final LineFormat.OtherLogs logs) {
            otherLogs.putIfAbsent(
                    logs.key(), new Finding(Kind.OTHER_LOG, Optional.empty(), logs.title()));
        }
    }

    private static final Finding SHIPPED = Finding.of(Kind.SHIPPED);
    private static final Finding TAGGED = Finding.of(Kind.TAGGED);
    private static final Finding UNKNOWN = Finding.of(Kind.UNKNOWN);

    /** The text that a log shipper was given. */
    private static final SignatureKey MESSAGE = new SignatureKey("message");

    /** The text that a container engine or Fluent Bit was given; as an object it is none. */
    private static final SignatureKey LOG_TEXT = new SignatureKey("log", "\"");

    private static final int SAME_BYTES = 6;
    private static final int NEAR = 16;
    private static final int SLACK = 128;

    private final JsonFactory json = SensorJson.factory();
    private final Keys known;
    private final List<LinePrefix> prefixes;
    private final byte[] beginning = new byte[SAME_BYTES];
    private Finding latest = UNKNOWN;

    /** The key that decided on {@link #latest}; null for a kind that no single key decides. */
    private SignatureKey latestKey;

    private int keyAt;

    /** The key in which the line before that came in an envelope had its text. */
    private SignatureKey payloadKey;

    LineSniffer(final SensorFormats formats) {
        known = formats.keys();
        prefixes = formats.prefixes();
    }

    /**
     * What the line is.
     *
     * @throws BadLineException if it is no JSON object
     */
    Finding find(final byte[] bytes, final int start, final int end) throws BadLineException {
        if (isLikeLatest(bytes, start, end)) {
            return latest;
        }
        final Finding found = findByKeys(bytes, start, end);
        remember(found, bytes, start, end);
        return found;
    }

    private boolean isLikeLatest(final byte[] bytes, final int start, final int end) {
        final SignatureKey key = latestKey;
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
            at = near(key, latest == SHIPPED ? end - start : SLACK, bytes, start, end);
        }
        if (at >= 0) {
            keyAt = at - start;
        }
        return at >= 0;
    }

    private int near(
            final SignatureKey key,
            final int slack,
            final byte[] bytes,
            final int start,
            final int end) {
        return key.after(
                bytes,
                start + Math.max(0, keyAt - slack - key.length()),
                (int) Math.min(end, (long) start + keyAt + slack));
    }

    private void remember(final Finding found, final byte[] bytes, final int start, final int end) {
        final SignatureKey key = key(found);
        final int at = key == null ? -1 : key.after(bytes, start, end);
        if (at < 0 || end - start < SAME_BYTES) {
            return;
        }
        if (found == SHIPPED && bytes[start + 2] == 't') {
            // Events of sensors begin with "timestamp" or "ts" too, and may have a message inside.
            return;
        }
        System.arraycopy(bytes, start, beginning, 0, SAME_BYTES);
        latest = found;
        latestKey = key;
        keyAt = at - start;
    }

    /** Null for a kind that no single key decides. */
    private SignatureKey key(final Finding found) {
        return switch (found.kind()) {
            case FORMAT -> found.format().orElseThrow().signature().common().orElse(null);
            case SHIPPED -> payloadKey;
            case TAGGED, OTHER_LOG, UNKNOWN -> null;
        };
    }

    private Finding findByKeys(final byte[] bytes, final int start, final int end)
            throws BadLineException {
        Finding other = null;
        Finding perhaps = null;
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
                final Finding decided = known.decisive.get(key);
                if (decided != null) {
                    return decided;
                }
                if (known.weak.containsKey(key)) {
                    perhaps = perhaps == null ? known.weak.get(key) : perhaps;
                    parser.skipChildren();
                    continue;
                }
                if (known.otherLogs.containsKey(key)) {
                    other = other == null ? known.otherLogs.get(key) : other;
                    parser.skipChildren();
                    continue;
                }
                switch (key) {
                    case "message", "log", "event.original", "log_processed" -> {
                        object = value == JsonToken.START_OBJECT;
                        shipper |= object && key.equals("log");
                        line |= LineEnvelope.isLine(parser, prefixes);
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
        if (other == null && (line || text && shipper)) {
            return SHIPPED;
        }
        if (perhaps != null) {
            return perhaps;
        }
        if (object && keys == 1) {
            return TAGGED;
        }
        return other == null ? UNKNOWN : other;
    }

    private void notePayload(final String key, final JsonToken value) {
        if (key.equals("message")) {
            payloadKey = MESSAGE;
        } else if (key.equals("log") && value == JsonToken.VALUE_STRING && payloadKey == null) {
            payloadKey = LOG_TEXT;
        }
    }

    /** Whether an {@code event} has the line in {@code original}; leaves the parser at its end. */
    private boolean hasOriginal(final JsonParser parser) throws IOException {
        boolean line = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final boolean original = parser.currentName().equals("original");
            final boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
            line |= original && (isObject || LineEnvelope.isLine(parser, prefixes));
            parser.skipChildren();
        }
        return line;
    }
}
