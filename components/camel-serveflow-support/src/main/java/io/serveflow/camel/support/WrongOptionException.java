/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

/**
 * An option with which an endpoint cannot work, as is known once it has looked at what the option
 * names: wrong use, which no second try cures.
 */
public final class WrongOptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one sentence that names the option, its value and what would be right
     */
    public WrongOptionException(final String message) {
        super(message);
    }

    /**
     * @param message one sentence that names the option, its value and what would be right
     * @param cause what it was learned from
     */
    public WrongOptionException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
