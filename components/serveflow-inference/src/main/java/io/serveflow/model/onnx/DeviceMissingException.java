/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model.onnx;

/** A device was asked for that cannot be used here; the message says what is missing. */
public final class DeviceMissingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeviceMissingException(final String message) {
        super(message);
    }

    DeviceMissingException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
