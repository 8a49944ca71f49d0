/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

/**
 * Why a bundle is refused: one sentence with the bundle, the file in it, what is wrong and the fix.
 */
public final class BundleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BundleException(final String message) {
        super(message);
    }

    public BundleException(final String message, final Throwable cause) {
        super(message, cause);
    }

    /** This refusal, with the location of the bundle before it. */
    BundleException in(final String location) {
        return new BundleException("bundle " + location + ": " + getMessage(), this);
    }
}
