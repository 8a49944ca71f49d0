/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.sensor.json.WholeNumber;
import io.serveflow.sensor.json.ZeekKeys;
import java.util.Arrays;
import java.util.Map;

/** The fields of Zeek's {@code serveflow} log, in the order in which it writes them. */
enum ZeekField {
    TS("ts", Kind.TIME),
    UID("uid", Kind.TEXT),
    ORIGINATOR("id.orig_h", Kind.TEXT),
    ORIGINATOR_PORT("id.orig_p", Kind.COUNT),
    RESPONDER("id.resp_h", Kind.TEXT),
    RESPONDER_PORT("id.resp_p", Kind.COUNT),
    PROTO("proto", Kind.TEXT),
    COMMUNITY_ID("community_id", Kind.TEXT),
    STAGE("stage", Kind.TEXT),
    REASON("reason", Kind.TEXT),
    PKT_DT("pkt_dt", Kind.INTERVALS),
    PKT_ORIG("pkt_orig", Kind.FLAGS),
    PKT_LEN("pkt_len", Kind.COUNTS),
    PKT_DATA("pkt_data", Kind.TEXTS),
    APP_PROTO("app_proto", Kind.TEXT),
    SERVER_NAME("server_name", Kind.TEXT),
    HTTP_HOST("http_host", Kind.TEXT),
    DNS_QUERY("dns_query", Kind.TEXT),
    NEXT_PROTOCOL("next_protocol", Kind.TEXT),
    ECH("ech", Kind.FLAG),
    QUIC_VERSION("quic_version", Kind.COUNT),
    HELLO_LENGTH("hello_length", Kind.COUNT),
    HELLO_COMPLETE("hello_complete", Kind.FLAG),
    HELLO_VERSIONS("hello_versions", Kind.COUNTS),
    HELLO_CIPHERS("hello_ciphers", Kind.COUNTS),
    HELLO_EXTENSIONS("hello_extensions", Kind.COUNTS),
    HELLO_GROUPS("hello_groups", Kind.COUNTS),
    HELLO_PROTOCOLS("hello_protocols", Kind.TEXTS),
    HELLO_PARAMETERS("hello_parameters", Kind.COUNTS),
    /**
     * Not in Zeek's own log: whether the hello had values that mean nothing, which are left out.
     */
    HELLO_GREASE("hello_grease", Kind.FLAG),
    /** Nor this: the sensor that saw the flow, where logs of several are joined. */
    OBSERVER("observer", Kind.TEXT),
    /** Nor this: the tunnel that the flow is in, as {@link FlowTunnel#text} has it. */
    TUNNEL("tunnel", Kind.TEXT);

    /** What a field holds, and as which JSON values. */
    enum Kind {
        TIME("a number of seconds or an ISO 8601 time", false),
        TEXT("text", false),
        COUNT("a whole number", false),
        FLAG("true or false", false),
        INTERVALS("an array of numbers", true),
        FLAGS("an array of booleans", true),
        COUNTS("an array of whole numbers", true),
        TEXTS("an array of texts", true);

        private final String words;
        private final boolean vector;

        Kind(final String words, final boolean vector) {
            this.words = words;
            this.vector = vector;
        }

        /** What a field must be, in words. */
        String words() {
            return words;
        }
    }

    private static final Map<String, ZeekField> BY_KEY =
            ZeekKeys.withAliases(Arrays.asList(values()), ZeekField::key);
    private static final Map<String, ZeekField> BY_ID_KEY =
            ZeekKeys.ofId(Arrays.asList(values()), ZeekField::key);

    private final String key;
    private final Kind kind;

    ZeekField(final String key, final Kind kind) {
        this.key = key;
        this.kind = kind;
    }

    /** The fields by their names, see {@link ZeekKeys}. */
    static Map<String, ZeekField> byKey() {
        return BY_KEY;
    }

    /** The fields of {@code id} by their names in it. */
    static Map<String, ZeekField> byIdKey() {
        return BY_ID_KEY;
    }

    /** The name in the log. */
    String key() {
        return key;
    }

    /** Whether it holds several values. */
    boolean vector() {
        return kind.vector;
    }

    /** Whether it is of what the sensor says of how the flow begins, which may be unknown. */
    boolean ofHandshake() {
        return compareTo(APP_PROTO) >= 0 && compareTo(HELLO_GREASE) <= 0;
    }

    /** What it must be, in words. */
    String expected() {
        return kind.words();
    }

    /** Whether a JSON value, or the element of a vector, may be such a token. */
    boolean accepts(final JsonToken token) {
        return switch (kind) {
            case TEXT, TEXTS -> token == JsonToken.VALUE_STRING;
            // Shippers make texts of numbers and truth values.
            case COUNT, COUNTS, TIME, INTERVALS -> WholeNumber.isNumberOrText(token);
            case FLAG, FLAGS -> token.isBoolean() || token == JsonToken.VALUE_STRING;
        };
    }
}
