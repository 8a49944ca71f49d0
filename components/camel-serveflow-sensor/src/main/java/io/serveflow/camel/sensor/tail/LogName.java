/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says which files of a glob are parts of one log: those in one folder whose names differ in a date
 * or time only, which is taken to be digits and what stands between them, six digits or more.
 */
final class LogName {

    private static final Pattern DATE = Pattern.compile("(?:\\d[-_:.T+]?){6,}");
    private static final Pattern DATED = Pattern.compile("[-_.]?\\*");
    private static final Pattern ROTATED = Pattern.compile("([-.]\\d+)?(\\.gz)?$");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w*)\\}");

    private LogName() {}

    /**
     * An option whose {@code {file}}, {@code {folder}} and {@code {path}} are replaced by what a
     * log is called: its file without the ending and without a date, the folder that it is in, and
     * the whole path. All parts of a log have one name.
     *
     * @param log the name of the log, as {@link #of} gives it
     */
    static String inPlaceholders(final String option, final String log) {
        final Path path = Path.of(log);
        final Path folder = path.getParent();
        return PLACEHOLDER
                .matcher(option)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        switch (found.group(1)) {
                                            case "file" -> withoutEnding(path);
                                            case "folder" ->
                                                    folder == null || folder.getFileName() == null
                                                            ? ""
                                                            : folder.getFileName().toString();
                                            default -> log;
                                        }));
    }

    private static String withoutEnding(final Path log) {
        final String name = log.getFileName().toString();
        final int dot = name.lastIndexOf('.');
        final String bare = dot > 0 ? name.substring(0, dot) : name;
        final String undated = DATED.matcher(bare).replaceAll("");
        return undated.isEmpty() ? bare : undated;
    }

    /**
     * Checks the placeholders of an option.
     *
     * @throws IllegalArgumentException naming one that is not known
     */
    static void requireKnownPlaceholders(final String option, final String value) {
        final Matcher found = PLACEHOLDER.matcher(value);
        while (found.find()) {
            if (!List.of("file", "folder", "path").contains(found.group(1))) {
                throw new IllegalArgumentException(
                        option
                                + " may hold {file}, {folder} and {path}, which stand for what a"
                                + " log is called; was "
                                + value);
            }
        }
    }

    /** The name of the log that a file which the sensor writes to is part of. */
    static String of(final Path live) {
        return live.resolveSibling(bare(live)).toString();
    }

    /** The name of its log without the folder, of a file that may have been rotated away. */
    static String bareOfRotated(final Path file) {
        return bare(Path.of(ROTATED.matcher(file.getFileName().toString()).replaceFirst("")));
    }

    /** The name of the log of a live file, without the folder. */
    static String bare(final Path live) {
        return DATE.matcher(live.getFileName().toString()).replaceAll("*");
    }
}
