/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Says which files of a glob are parts of one log: those in one folder whose names differ in a date
 * or time only, which is taken to be digits and what stands between them, six digits or more.
 */
final class LogName {

    private static final Pattern DATE = Pattern.compile("(?:\\d[-_:.T+]?){6,}");
    private static final Pattern ROTATED = Pattern.compile("([-.]\\d+)?(\\.gz)?$");

    private LogName() {}

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
