/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import java.io.IOException;

/** Says which file of TLS cannot be used, by its option, and why; safe to show. */
public final class TlsFileException extends IOException {

    private static final long serialVersionUID = 1L;

    TlsFileException(final String message) {
        super(message);
    }

    public TlsFileException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
