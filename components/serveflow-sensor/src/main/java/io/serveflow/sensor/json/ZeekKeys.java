/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.json;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The names under which the fields of Zeek's connection id are read: {@code id.orig_h} as Zeek
 * writes it, {@code id_orig_h} as it does with {@code Log::default_scope_sep} set to {@code _} and
 * as shippers do that take the dots out of keys, and {@code orig_h} in an object {@code id} as
 * shippers write it that make objects of dotted keys.
 */
public final class ZeekKeys {

    /** The object of the connection id. */
    public static final String ID = "id";

    private static final String PREFIX = ID + ".";

    private ZeekKeys() {}

    /** Fields by their names, those of the connection id under both that are one key. */
    public static <F> Map<String, F> withAliases(
            final Collection<F> fields, final Function<F, String> key) {
        final Map<String, F> byKey = new HashMap<>();
        for (final F field : fields) {
            byKey.put(key.apply(field), field);
            byKey.put(key.apply(field).replace('.', '_'), field);
        }
        return Map.copyOf(byKey);
    }

    /** The fields of the connection id by their names inside it. */
    public static <F> Map<String, F> ofId(
            final Collection<F> fields, final Function<F, String> key) {
        final Map<String, F> byKey = new HashMap<>();
        for (final F field : fields) {
            if (key.apply(field).startsWith(PREFIX)) {
                byKey.put(key.apply(field).substring(PREFIX.length()), field);
            }
        }
        return Map.copyOf(byKey);
    }
}
