/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

/** Documents could not be indexed; the message is one sentence with the reason and the cure. */
public sealed class IndexException extends RuntimeException permits IndexStoppedException {

    private static final long serialVersionUID = 1L;

    IndexException(final String message) {
        super(message);
    }

    IndexException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
