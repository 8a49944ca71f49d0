/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

/**
 * Verdicts were given back because writing stopped before they were durable; their sources give
 * them again where they can.
 */
public final class FileStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FileStoppedException(final String message) {
        super(message);
    }
}
