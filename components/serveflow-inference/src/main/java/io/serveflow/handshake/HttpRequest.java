/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

/**
 * The first request of HTTP/1.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3">RFC 9112, 3</a>
 */
final class HttpRequest {

    private static final int LONGEST_METHOD = 20;
    private static final int VERSION_BYTES = " HTTP/1.1".length();
    private static final String CONNECT = "connect";
    private static final String HOST = "host:";

    private HttpRequest() {}

    /** Whether the bytes begin with what may be a method: capitals and a space. */
    static boolean mayBegin(final byte[] bytes, final int from, final int to) {
        final int end = endOfMethod(bytes, from, to);
        return end > from && (end == to || bytes[end] == ' ');
    }

    private static int endOfMethod(final byte[] bytes, final int from, final int to) {
        int at = from;
        while (at < Math.min(to, from + LONGEST_METHOD)
                && (bytes[at] >= 'A' && bytes[at] <= 'Z' || bytes[at] == '-')) {
            at++;
        }
        return at;
    }

    /**
     * Whom the request is for, by its target or its field {@code Host}; empty if that is not known.
     *
     * @param to behind the last byte that is there, the first one being at index 0
     * @return null if it is no request of HTTP/1
     */
    static String host(final byte[] bytes, final int to) {
        final int method = endOfMethod(bytes, 0, to);
        final int lineEnd = endOfLine(bytes, 0, to);
        if (method == 0 || method >= to || bytes[method] != ' ') {
            return null;
        }
        final int target = method + 1;
        if (lineEnd == to) {
            return isTarget(bytes, target, to) ? HostNames.NONE : null;
        }
        final int end = bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        final int version = end - VERSION_BYTES;
        if (version < target || !begins(bytes, version, end, " http/1.")) {
            return null;
        }
        final String named = nameOf(bytes, method, target, version);
        return named.isEmpty() ? hostField(bytes, lineEnd + 1, to) : named;
    }

    /** Whether a target that is not there as a whole begins like one of HTTP. */
    private static boolean isTarget(final byte[] bytes, final int from, final int to) {
        return from < to && bytes[from] == '/'
                || begins(bytes, from, to, "http://")
                || begins(bytes, 0, to, CONNECT + " ");
    }

    /** The name in the target, which has one if it is a whole URI or that of a tunnel. */
    private static String nameOf(
            final byte[] bytes, final int methodEnd, final int from, final int to) {
        if (methodEnd == CONNECT.length() && begins(bytes, 0, to, CONNECT)) {
            return HostNames.withoutPort(bytes, from, to);
        }
        int at;
        if (begins(bytes, from, to, "http://")) {
            at = from + "http://".length();
        } else if (begins(bytes, from, to, "https://")) {
            at = from + "https://".length();
        } else {
            return HostNames.NONE;
        }
        int end = at;
        while (end < to && bytes[end] != '/' && bytes[end] != '?' && bytes[end] != '#') {
            if (bytes[end] == '@') {
                at = end + 1;
            }
            end++;
        }
        return HostNames.withoutPort(bytes, at, end);
    }

    private static String hostField(final byte[] bytes, final int from, final int to) {
        int at = from;
        while (at < to && bytes[at] != '\r' && bytes[at] != '\n') {
            final int end = endOfLine(bytes, at, to);
            if (end == to) {
                break;
            }
            if (begins(bytes, at, end, HOST)) {
                int first = at + HOST.length();
                int last = end;
                while (first < last && isSpace(bytes[first])) {
                    first++;
                }
                while (last > first && isSpace(bytes[last - 1])) {
                    last--;
                }
                return HostNames.withoutPort(bytes, first, last);
            }
            at = end + 1;
        }
        return HostNames.NONE;
    }

    private static boolean isSpace(final byte c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    /** Index of the line's last character, a line feed, or the end of what is there. */
    private static int endOfLine(final byte[] bytes, final int from, final int to) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Whether the bytes begin with a text in lower case, whatever their case is. */
    private static boolean begins(
            final byte[] bytes, final int from, final int to, final String text) {
        if (to - from < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            final byte c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
