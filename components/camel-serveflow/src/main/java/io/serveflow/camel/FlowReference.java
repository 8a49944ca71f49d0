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
 * when it began, and which sensor it is. Records are lines of conn.log in JSON, EVE events, both in
 * the envelope of a forwarder, and the documents that an ingest pipeline made of them.
 *
 * @param uid the sensor's id; empty if it has none
 * @param communityId empty if it has none
 * @param startMicros when the flow began, by the sensor's clock; empty if it does not say
 * @param startStated whether that is said of the flow, and not of the record alone
 * @param endMicros when it was over; empty if it does not say
 * @param transported whether it is of TCP or UDP, or does not say
 * @param observer the name of the sensor; empty if it does not say
 */
record FlowReference(
        String uid,
        String communityId,
        OptionalLong startMicros,
        boolean startStated,
        OptionalLong endMicros,
        boolean transported,
        String observer) {

    private static final JsonFactory JSON = new JsonFactory();

    /** Deeper, and with more values, no record that is meant here is. */
    private static final int MAX_DEPTH = 8;

    /** A number with more digits behind or before its point is no time. */
    private static final int MAX_SCALE = 30;

    private static final String[] UIDS = {"/uid", "/log/id/uid", "/zeek/uid", "/flow_id"};
    private static final String[] COMMUNITY_IDS = {"/community_id", "/network/community_id"};

    /** The last is the time of the document, which is that of the flow where no other is stated. */
    private static final String[] STARTS = {
        "/ts", "/flow/start", "/event/start", "/connection/start", "/@timestamp"
    };

    private static final String[] ENDS = {"/flow/end", "/event/end"};

    /** Of Zeek, in seconds. */
    private static final String[] DURATIONS = {"/duration"};

    /** Not {@code host}, which in Zeek's http.log is the server that a client asked for. */
    private static final String[] OBSERVERS = {
        "/observer", "/observer/name", "/agent/name", "/host/name"
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
        final String startedAt = pointer(values, envelope, STARTS);
        final OptionalLong start = micros(values.getOrDefault(startedAt, ""));
        return Optional.of(
                new FlowReference(
                        uid,
                        communityId,
                        start,
                        start.isPresent() && isOfFlow(startedAt, values),
                        end(start, values, envelope),
                        transport.isEmpty()
                                || WITH_VERDICTS.contains(transport.toLowerCase(Locale.ROOT)),
                        first(values, envelope, OBSERVERS)));
    }

    private static OptionalLong end(
            final OptionalLong start, final Map<String, String> values, final String envelope) {
        final OptionalLong end = micros(first(values, envelope, ENDS));
        final OptionalLong duration = micros(first(values, envelope, DURATIONS));
        return end.isPresent() || start.isEmpty() || duration.isEmpty()
                ? end
                : OptionalLong.of(start.getAsLong() + duration.getAsLong());
    }

    /**
     * Whether a time is that at which the flow began: {@code ts} in all logs of Zeek but conn.log
     * is that of what the line is about, and so is {@code event.start} in documents of ECS that do
     * not say when it ended.
     */
    private static boolean isOfFlow(final String pointer, final Map<String, String> values) {
        return switch (pointer) {
            case "/@timestamp" -> false;
            case "/ts" -> values.containsKey("/conn_state");
            case "/event/start" ->
                    values.containsKey("/event/end") || values.containsKey("/flow_id");
            default -> true;
        };
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
        return values.getOrDefault(pointer(values, envelope, pointers), "");
    }

    /** The first of these with a value; empty if none has one. */
    private static String pointer(
            final Map<String, String> values, final String envelope, final String[] pointers) {
        for (final String pointer : pointers) {
            final String value = values.get(envelope + pointer);
            if (value != null && !value.isEmpty() && !value.equals("null")) {
                return envelope + pointer;
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
