/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import java.nio.charset.StandardCharsets;

/**
 * A key by which the format of a JSON line is known, looked for among its bytes without parsing
 * them.
 *
 * <p>Inside a JSON text every quote is escaped, so the name between quotes with a colon behind it
 * is a key of the object, or of one inside it.
 */
public final class SignatureKey {

    private final String name;
    private final byte[] quoted;

    /** A key with any value. */
    public SignatureKey(final String key) {
        this(key, "");
    }

    /**
     * @param beginningOfValue how its value begins
     */
    public SignatureKey(final String key, final String beginningOfValue) {
        this.name = key;
        this.quoted = ("\"" + key + "\":" + beginningOfValue).getBytes(StandardCharsets.US_ASCII);
    }

    /** The key without quotes. */
    public String name() {
        return name;
    }

    /** How many bytes the key is long, with quotes and colon. */
    public int length() {
        return quoted.length;
    }

    /** Whether the key is in the line. */
    public boolean isIn(final byte[] bytes, final int start, final int end) {
        return after(bytes, start, end) >= 0;
    }

    /** The index behind the first occurrence of the key and its colon, -1 if it is not there. */
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
