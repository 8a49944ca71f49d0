/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install;

import java.io.IOException;

/** Something cannot be installed or taken away; the message is one sentence with the cure. */
public final class InstallException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence that says what would let it
     */
    public InstallException(final String message) {
        super(message);
    }

    /**
     * @param message one sentence that says what would let it
     * @param cause what it was learned from
     */
    public InstallException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
