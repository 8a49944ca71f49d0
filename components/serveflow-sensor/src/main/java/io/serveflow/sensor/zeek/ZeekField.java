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
    /** Not in Zeek's own log: the sensor that saw the flow, where logs of several are joined. */
    OBSERVER("observer", Kind.TEXT),
    /** Nor this: the tunnel that the flow is in, as {@link FlowTunnel#text} has it. */
    TUNNEL("tunnel", Kind.TEXT);

    /** What a field holds, and as which JSON values. */
    enum Kind {
        TIME("a number of seconds or an ISO 8601 time", false),
        TEXT("text", false),
        COUNT("a whole number", false),
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

    /** Whether it holds one value a packet. */
    boolean vector() {
        return kind.vector;
    }

    /** What it must be, in words. */
    String expected() {
        return kind.words;
    }

    /** Whether a JSON value, or the element of a vector, may be such a token. */
    boolean accepts(final JsonToken token) {
        return switch (kind) {
            case TEXT, TEXTS -> token == JsonToken.VALUE_STRING;
            // Shippers make texts of numbers and truth values.
            case COUNT, COUNTS, TIME, INTERVALS -> WholeNumber.isNumberOrText(token);
            case FLAGS -> token.isBoolean() || token == JsonToken.VALUE_STRING;
        };
    }
}
