/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file of verdicts, such as {@code serveflow-20261130T101530Z-0001.ndjson}: never
 * given twice, and in the order of time.
 *
 * @param prefix what the names of all files of one writer begin with
 * @param stamp when the file was begun, in UTC
 * @param number distinguishes files of one second, from 1 on
 */
record FileName(String prefix, String stamp, int number) implements Comparable<FileName> {

    /** What an agent that ships logs is to look for, behind the prefix. */
    static final String GLOB = "-*.ndjson";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Pattern REST =
            Pattern.compile("-([0-9]{8}T[0-9]{6}Z)-([0-9]{4,9})\\.ndjson");
    private static final Comparator<FileName> OLDEST_FIRST =
            Comparator.comparing(FileName::stamp).thenComparingInt(FileName::number);

    /** The first name of a moment. */
    static FileName at(final String prefix, final Instant begun) {
        return new FileName(prefix, STAMP.format(begun), 1);
    }

    /** The name that a text is; empty if it is none of that prefix. */
    static Optional<FileName> parse(final String prefix, final String text) {
        if (!text.startsWith(prefix)) {
            return Optional.empty();
        }
        final Matcher rest = REST.matcher(text.substring(prefix.length()));
        return rest.matches()
                ? Optional.of(new FileName(prefix, rest.group(1), Integer.parseInt(rest.group(2))))
                : Optional.empty();
    }

    /** The name of that moment that follows this one, also where the clock went back. */
    FileName next(final Instant begun) {
        final FileName first = at(prefix, begun);
        return first.stamp.compareTo(stamp) > 0 ? first : new FileName(prefix, stamp, number + 1);
    }

    /** The name as a file has it. */
    String text() {
        return String.format(Locale.ROOT, "%s-%s-%04d.ndjson", prefix, stamp, number);
    }

    @Override
    public int compareTo(final FileName other) {
        return OLDEST_FIRST.compare(this, other);
    }
}
