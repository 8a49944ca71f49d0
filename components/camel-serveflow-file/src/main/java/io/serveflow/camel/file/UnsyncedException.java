/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import java.io.IOException;

/** Lines could not be brought to the disk, so that nobody knows which of them are there. */
final class UnsyncedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long acknowledged;

    /**
     * @param acknowledged how many verdicts among them were acknowledged before
     */
    UnsyncedException(final long acknowledged, final IOException cause) {
        super(cause.getMessage(), cause);
        this.acknowledged = acknowledged;
    }

    long acknowledged() {
        return acknowledged;
    }
}
