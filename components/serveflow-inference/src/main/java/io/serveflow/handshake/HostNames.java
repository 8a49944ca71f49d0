/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Names of hosts as clients write them, brought into one form. */
final class HostNames {

    /** None, or one that is none of a host. */
    static final String NONE = "";

    private static final int MOST = 255;

    private HostNames() {}

    /**
     * The name in lower case and without a final dot; {@link #NONE} if it has other characters than
     * letters, digits, {@code -}, {@code _} and {@code .}, an empty label or more than {@value
     * #MOST} characters.
     *
     * @param from index of its first character
     * @param to index behind its last one
     */
    static String of(final byte[] bytes, final int from, final int to) {
        final int end = to > from && bytes[to - 1] == '.' ? to - 1 : to;
        if (end <= from || end - from > MOST) {
            return NONE;
        }
        boolean upper = false;
        boolean labelBegins = true;
        for (int at = from; at < end; at++) {
            final byte c = bytes[at];
            if (c == '.') {
                if (labelBegins) {
                    return NONE;
                }
                labelBegins = true;
            } else if (isOfALabel(c)) {
                upper |= c >= 'A' && c <= 'Z';
                labelBegins = false;
            } else {
                return NONE;
            }
        }
        if (labelBegins) {
            return NONE;
        }
        return upper
                ? lowerCase(bytes, from, end)
                : new String(bytes, from, end - from, ISO_8859_1);
    }

    /** The same of a name with or without a port, as in {@code example.org:8080}. */
    static String withoutPort(final byte[] bytes, final int from, final int to) {
        int end = to;
        while (end > from && bytes[end - 1] >= '0' && bytes[end - 1] <= '9') {
            end--;
        }
        return end > from && bytes[end - 1] == ':' ? of(bytes, from, end - 1) : of(bytes, from, to);
    }

    private static boolean isOfALabel(final byte c) {
        return c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c >= 'A' && c <= 'Z'
                || c == '-'
                || c == '_';
    }

    private static String lowerCase(final byte[] bytes, final int from, final int end) {
        final byte[] lower = new byte[end - from];
        for (int at = from; at < end; at++) {
            final byte c = bytes[at];
            lower[at - from] = (byte) (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        return new String(lower, ISO_8859_1);
    }
}
