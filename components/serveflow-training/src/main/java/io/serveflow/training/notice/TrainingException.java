/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.notice;

/**
 * Training that cannot go on; the message is one sentence that names the file or option, the value
 * and the fix.
 */
public final class TrainingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TrainingException(final String message) {
        super(message);
    }

    public TrainingException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
