/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.summary;

import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.sensor.json.WholeNumber;
import io.serveflow.sensor.json.ZeekKeys;
import java.util.Arrays;
import java.util.Map;

/** The columns of Zeek's {@code conn.log} that are read, in the order in which it writes them. */
public enum SummaryField {
    TS("ts", Kind.TIME),
    UID("uid", Kind.TEXT),
    ORIGINATOR("id.orig_h", Kind.TEXT),
    ORIGINATOR_PORT("id.orig_p", Kind.COUNT),
    RESPONDER("id.resp_h", Kind.TEXT),
    RESPONDER_PORT("id.resp_p", Kind.COUNT),
    PROTO("proto", Kind.TEXT),
    SERVICE("service", Kind.TEXT),
    DURATION("duration", Kind.INTERVAL),
    ORIGINATOR_BYTES("orig_bytes", Kind.COUNT),
    RESPONDER_BYTES("resp_bytes", Kind.COUNT),
    STATE("conn_state", Kind.TEXT),
    HISTORY("history", Kind.TEXT),
    ORIGINATOR_PACKETS("orig_pkts", Kind.COUNT),
    ORIGINATOR_IP_BYTES("orig_ip_bytes", Kind.COUNT),
    RESPONDER_PACKETS("resp_pkts", Kind.COUNT),
    RESPONDER_IP_BYTES("resp_ip_bytes", Kind.COUNT),
    COMMUNITY_ID("community_id", Kind.TEXT),
    /** Which log it is, where Zeek writes all of them as one stream. */
    PATH("_path", Kind.TEXT),
    /** Not in Zeek's own log, as are those below: where logs of several sensors are joined. */
    OBSERVER("observer", Kind.TEXT),
    /** What TLS reported, where ssl.log or another sensor's record of it was joined. */
    TLS_VERSION("tls_version", Kind.TEXT),
    JA3("ja3", Kind.TEXT),
    JA4("ja4", Kind.TEXT);

    /** What a column holds, and as which JSON values. */
    enum Kind {
        TIME("a number of seconds or an ISO 8601 time"),
        INTERVAL("a number of seconds"),
        COUNT("a whole number"),
        TEXT("text");

        private final String words;

        Kind(final String words) {
            this.words = words;
        }
    }

    private static final Map<String, SummaryField> BY_KEY =
            ZeekKeys.withAliases(Arrays.asList(values()), SummaryField::key);
    private static final Map<String, SummaryField> BY_ID_KEY =
            ZeekKeys.ofId(Arrays.asList(values()), SummaryField::key);

    private final String key;
    private final Kind kind;

    SummaryField(final String key, final Kind kind) {
        this.key = key;
        this.kind = kind;
    }

    /** The columns by their names, see {@link ZeekKeys}. */
    public static Map<String, SummaryField> byKey() {
        return BY_KEY;
    }

    /** The columns of {@code id} by their names in it. */
    public static Map<String, SummaryField> byIdKey() {
        return BY_ID_KEY;
    }

    /** The name in the log. */
    public String key() {
        return key;
    }

    /** What it must be, in words. */
    public String expected() {
        return kind.words;
    }

    /** Whether its JSON value may be such a token. */
    public boolean accepts(final JsonToken token) {
        return switch (kind) {
            case TEXT -> token == JsonToken.VALUE_STRING;
            // Shippers make texts of numbers.
            case COUNT, INTERVAL, TIME -> WholeNumber.isNumberOrText(token);
        };
    }
}
