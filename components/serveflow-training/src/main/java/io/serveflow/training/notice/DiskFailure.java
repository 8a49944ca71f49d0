/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.notice;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says why the disk refused to read or write something. */
public final class DiskFailure {

    private DiskFailure() {}

    /** Why the disk refused, in words; the JDK often says no more than which file. */
    public static String reason(final Exception cause) {
        if (!(cause instanceof FileSystemException refused)) {
            return cause.getMessage();
        }
        final String why;
        if (refused instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (refused.getReason() != null) {
            why = refused.getReason();
        } else if (refused instanceof AccessDeniedException) {
            why = "permission denied";
        } else if (refused instanceof FileAlreadyExistsException
                || refused instanceof NotDirectoryException) {
            why = "is a file and no folder";
        } else {
            why = refused.getClass().getSimpleName();
        }
        return refused.getFile() + ": " + why;
    }
}
