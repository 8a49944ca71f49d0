/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The values of an endpoint's address that stand in {@code RAW(...)} or {@code RAW{...}}, as they
 * were written: Camel 4.18 makes {@code %} of {@code %25} in them, such as in a password.
 */
public final class RawValues {

    private RawValues() {}

    /**
     * Puts the values back as they were written.
     *
     * @param uri the address that a component is given, in which Camel has encoded characters once
     * @param parameters what Camel has read from it
     */
    public static void restore(final String uri, final Map<String, Object> parameters) {
        int at = uri.indexOf('?') + 1;
        while (at > 0 && at < uri.length()) {
            final int equals = uri.indexOf('=', at);
            if (equals < 0) {
                return;
            }
            final String value = uri.substring(equals + 1);
            final String open = opening(value);
            final int end = open.isEmpty() ? end(value, "") : end(value, closing(open));
            if (!open.isEmpty() && parameters.get(uri.substring(at, equals)) instanceof String) {
                final String inner = value.substring(open.length(), end - closing(open).length());
                parameters.put(uri.substring(at, equals), decoded(inner));
            }
            at = equals + 1 + end + 1;
        }
    }

    private static String opening(final String value) {
        for (final String open : new String[] {"RAW(", "RAW{", "RAW%7B"}) {
            if (value.startsWith(open) && end(value, closing(open)) > open.length()) {
                return open;
            }
        }
        return "";
    }

    private static String closing(final String open) {
        return switch (open) {
            case "RAW(" -> ")";
            case "RAW{" -> "}";
            default -> "%7D";
        };
    }

    /** Where a value ends that ends with such a token, before the next option or at the end. */
    private static int end(final String value, final String token) {
        final int next = value.indexOf(token + "&");
        return next >= 0 ? next + token.length() : value.endsWith(token) ? value.length() : -1;
    }

    private static String decoded(final String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
