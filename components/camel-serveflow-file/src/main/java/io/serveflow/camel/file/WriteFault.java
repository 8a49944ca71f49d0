/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What a failure to write is, for a person, and what cures it. */
final class WriteFault {

    private WriteFault() {}

    /** The part of a sentence that follows the name of the folder. */
    static String of(final IOException failure, final Path folder) {
        final String reason = reason(failure);
        return "cannot be written to (" + reason + ")" + cure(failure, reason, folder);
    }

    /** A short word by which failures are distinguished in the log. */
    static String kind(final IOException failure) {
        return reason(failure);
    }

    private static String reason(final IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "Permission denied";
        }
        final String message =
                failure instanceof FileSystemException named && named.getReason() != null
                        ? named.getReason()
                        : failure.getMessage();
        return Optional.ofNullable(message)
                .filter(text -> !text.isBlank())
                .orElseGet(() -> failure.getClass().getSimpleName());
    }

    private static String cure(final IOException failure, final String reason, final Path folder) {
        final String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("no space") || lower.contains("quota")) {
            return "; make room on its disk, or bound what stays there with maxFiles or"
                    + " maxTotalBytes";
        }
        if (lower.contains("read-only")) {
            return "; mount it to be written to, or let the service write there (ReadWritePaths="
                    + folder
                    + ")";
        }
        if (lower.contains("permission denied")) {
            return "; give it to the user that runs this: chown " + user() + " " + folder;
        }
        if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
            return "; make the folder again: install -d -o " + user() + " -m 0750 " + folder;
        }
        return "; see that its disk is well";
    }

    /** The user that runs this. */
    static String user() {
        return System.getProperty("user.name");
    }
}
