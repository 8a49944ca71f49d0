/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.io.IOException;

/** Some of the lines are in the file, whole, and the others are not. */
final class PartlyWrittenException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int bytes;

    /**
     * @param bytes how many of the bytes are in the file, which end with a line
     */
    PartlyWrittenException(final int bytes, final IOException cause) {
        super(cause.getMessage(), cause);
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }
}
