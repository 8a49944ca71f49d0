/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

/** Verdicts could not be written; the message is one sentence with the reason and the cure. */
public final class FileWriteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FileWriteException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
