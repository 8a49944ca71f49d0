/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import java.nio.charset.StandardCharsets;

/**
 * A key that tells what a JSON line is, looked for among its bytes without parsing them.
 *
 * <p>Inside a JSON text every quote is escaped, so the name between quotes with a colon behind it
 * is a key of the object, or of one inside it.
 */
public final class TellingKey {

    /** A line of {@code conn.log}. */
    public static final TellingKey CONN_STATE = new TellingKey("conn_state");

    /** A line of the {@code serveflow} log. */
    public static final TellingKey STAGE = new TellingKey("stage");

    /** An event of Suricata. */
    public static final TellingKey EVENT_TYPE = new TellingKey("event_type");

    /** A packet that nDPId sends. */
    public static final TellingKey PACKET_EVENT_NAME = new TellingKey("packet_event_name");

    /** The text that a log shipper was given. */
    public static final TellingKey MESSAGE = new TellingKey("message");

    /** The text that a container engine or Fluent Bit was given; as an object it is none. */
    public static final TellingKey LOG_TEXT = new TellingKey("log", "\"");

    private final byte[] quoted;

    private TellingKey(final String key) {
        this(key, "");
    }

    private TellingKey(final String key, final String beginningOfValue) {
        this.quoted = ("\"" + key + "\":" + beginningOfValue).getBytes(StandardCharsets.US_ASCII);
    }

    /** How many bytes the key is long, with quotes and colon. */
    public int length() {
        return quoted.length;
    }

    /** Whether the key is in the line. */
    public boolean isIn(final byte[] bytes, final int start, final int end) {
        return after(bytes, start, end) >= 0;
    }

    /** The index behind the first place of the key and its colon, -1 if it is not there. */
    public int after(final byte[] bytes, final int start, final int end) {
        final byte first = quoted[1];
        for (int i = start; i <= end - quoted.length; i++) {
            if (bytes[i] == '"' && bytes[i + 1] == first && matches(bytes, i)) {
                return i + quoted.length;
            }
        }
        return -1;
    }

    private boolean matches(final byte[] bytes, final int at) {
        for (int i = 2; i < quoted.length; i++) {
            if (bytes[at + i] != quoted[i]) {
                return false;
            }
        }
        return true;
    }
}
