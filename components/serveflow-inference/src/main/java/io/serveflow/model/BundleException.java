/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.ledger.Reason;

/**
 * Why a bundle is refused: one sentence with the bundle, the file in it, what is wrong and the fix.
 */
public final class BundleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public BundleException(final String message) {
        this(Reason.BUNDLE_DAMAGED, message, null);
    }

    public BundleException(final String message, final Throwable cause) {
        this(Reason.BUNDLE_DAMAGED, message, cause);
    }

    BundleException(final Reason reason, final String message) {
        this(reason, message, null);
    }

    BundleException(final Reason reason, final String message, final Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What a refusal is counted under. */
    public Reason reason() {
        return reason;
    }

    /** This refusal, with the location of the bundle before it. */
    BundleException in(final String location) {
        return new BundleException(reason, "bundle " + location + ": " + getMessage(), this);
    }
}
