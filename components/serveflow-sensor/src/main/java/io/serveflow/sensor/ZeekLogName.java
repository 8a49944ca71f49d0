/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import java.util.regex.Pattern;

/**
 * What the name of a log of Zeek's says of its lines: the path of its filter, its file, the ingest
 * pipeline or the tag of its messages, each of which a site may change. It is only a hint; what a
 * line is, its keys say.
 */
public final class ZeekLogName {

    private static final Pattern WORDS = Pattern.compile("[^A-Za-z0-9]+");

    /** Both, with what zeekctl, JSON streaming and a filter per interface put around them. */
    private static final Pattern INTERIM =
            Pattern.compile("(?:zeek\\.|json_streaming_)?conn_(?:long|burst)(?:[-.:].*)?");

    private ZeekLogName() {}

    /** Whether a log of that name can be one of those that are read, also a rotated part of it. */
    public static boolean canBeRead(final String name) {
        final String[] words = WORDS.split(name);
        for (int i = 0; i < words.length; i++) {
            final boolean summary = i + 1 < words.length && words[i + 1].equals("summary");
            if (words[i].equals("serveflow") || words[i].equals("conn") && !summary) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether it is a log of connections that go on. The packages zeek-long-connections and
     * conn-burst write there, in {@code conn_long} and {@code conn_burst}, what {@code conn.log}
     * would say if the connection ended now: the same fields under the same uid, and nothing in the
     * line says that it did not end.
     *
     * @param name of a path, its last part counts
     */
    public static boolean isInterim(final String name) {
        // Asked for each line that was carried, nearly always of another name.
        return name.contains("conn_")
                && INTERIM.matcher(name.substring(name.lastIndexOf('/') + 1)).matches();
    }
}
