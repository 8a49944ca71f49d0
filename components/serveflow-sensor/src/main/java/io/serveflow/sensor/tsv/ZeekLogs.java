/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.tsv;

import java.util.List;
import java.util.regex.Pattern;

/** What all logs of Zeek's have in common, and what tells those that are of no use here. */
public final class ZeekLogs {

    /** A key that the lines of all logs have. */
    public static final String KEY = "ts";

    /** How the lines of all logs begin in JSON. */
    public static final List<String> BEGINNINGS = List.of("{\"ts\":");

    /** What a log that is of no use is called in a sentence. */
    public static final String OTHER_TITLE = "a Zeek log other than serveflow.log and conn.log";

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^A-Za-z0-9]+");

    private ZeekLogs() {}

    /** The words in the name of a log, as of its file, path or ingest pipeline. */
    public static String[] words(final String name) {
        return BETWEEN_WORDS.split(name);
    }
}
