/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * By what a record of a sensor names its flow: the id that the sensor has for it, its Community ID,
 * and when it began. Records are lines of conn.log in JSON, EVE events, both in the envelope of a
 * forwarder, and the documents that an ingest pipeline made of them.
 *
 * @param uid the sensor's id; empty if it has none
 * @param communityId empty if it has none
 * @param startMicros when the flow began, by the sensor's clock; empty if it does not say
 * @param transported whether it is of TCP or UDP, or does not say
 */
record FlowReference(
        String uid, String communityId, OptionalLong startMicros, boolean transported) {

    private static final JsonFactory JSON = new JsonFactory();

    /** Deeper, and with more values, no record that is meant here is. */
    private static final int MAX_DEPTH = 8;

    /** A number with more digits behind or before its point is no time. */
    private static final int MAX_SCALE = 30;

    private static final String[] UIDS = {"/uid", "/log/id/uid", "/zeek/uid", "/flow_id"};
    private static final String[] COMMUNITY_IDS = {"/community_id", "/network/community_id"};
    private static final String[] STARTS = {
        "/ts", "/flow/start", "/event/start", "/connection/start"
    };
    private static final String[] TRANSPORTS = {"/proto", "/network/transport"};
    private static final Set<String> WITH_VERDICTS = Set.of("tcp", "udp");
    private static final DateTimeFormatter EVE =
            DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS][.SSSSSS][.SSS][XXX][XX]");

    /**
     * Reads the reference of a record.
     *
     * @return empty if the text is no JSON object, or names no flow
     */
    static Optional<FlowReference> of(final String record) {
        final Map<String, String> values;
        try {
            values = values(record);
        } catch (final IOException e) {
            return Optional.empty();
        }
        final String envelope =
                values.keySet().stream().allMatch(FlowReference::isConn) ? "/conn" : "";
        final String uid = first(values, envelope, UIDS);
        final String communityId = first(values, envelope, COMMUNITY_IDS);
        if (uid.isEmpty() && communityId.isEmpty()) {
            return Optional.empty();
        }
        final String transport = first(values, envelope, TRANSPORTS);
        return Optional.of(
                new FlowReference(
                        uid,
                        communityId,
                        micros(first(values, envelope, STARTS)),
                        transport.isEmpty()
                                || WITH_VERDICTS.contains(transport.toLowerCase(Locale.ROOT))));
    }

    private static boolean isConn(final String pointer) {
        return pointer.startsWith("/conn/");
    }

    private static Map<String, String> values(final String record) throws IOException {
        final Map<String, String> values = new HashMap<>();
        try (JsonParser json = JSON.createParser(record)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            int depth = 1;
            while (depth > 0) {
                final JsonToken token = json.nextToken();
                if (token == null) {
                    throw new IOException("the object has no end");
                } else if (token.isStructStart()) {
                    if (depth == MAX_DEPTH) {
                        json.skipChildren();
                    } else {
                        depth++;
                    }
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token.isScalarValue()) {
                    values.putIfAbsent(
                            json.getParsingContext().pathAsPointer().toString(), json.getText());
                }
            }
            if (json.nextToken() != null) {
                throw new IOException("there is more than one object");
            }
        }
        return values;
    }

    private static String first(
            final Map<String, String> values, final String envelope, final String[] pointers) {
        for (final String pointer : pointers) {
            final String value = values.get(envelope + pointer);
            if (value != null && !value.isEmpty() && !value.equals("null")) {
                return value;
            }
        }
        return "";
    }

    /** Seconds since 1970, or a time of ISO 8601 with the zones that Zeek and Suricata write. */
    private static OptionalLong micros(final String text) {
        try {
            if (text.isEmpty()) {
                return OptionalLong.empty();
            }
            if (text.indexOf('T') < 0) {
                final BigDecimal seconds = new BigDecimal(text);
                return Math.abs((long) seconds.scale()) > MAX_SCALE
                        ? OptionalLong.empty()
                        : OptionalLong.of(seconds.movePointRight(6).longValue());
            }
            final Instant time =
                    text.endsWith("Z")
                            ? Instant.parse(text)
                            : OffsetDateTime.parse(text, EVE).toInstant();
            return OptionalLong.of(ChronoUnit.MICROS.between(Instant.EPOCH, time));
        } catch (final DateTimeException | NumberFormatException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
