/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.client;

/** Why a remote server scored no rows; safe to show. */
public final class RemoteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    RemoteException(final Kind kind, final String message, final Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    RemoteException(final Kind kind, final String message) {
        this(kind, message, null);
    }

    public Kind kind() {
        return kind;
    }

    /** What went wrong. */
    public enum Kind {
        /** No server is there, or the connection ended. */
        UNAVAILABLE,
        /** The answer did not come in time. */
        DEADLINE,
        /** As many requests are under way as there may be, here or at the server. */
        OVERLOADED,
        /** Every server failed so often of late that it is left alone for a while. */
        OPEN,
        /** The server could not score. */
        FAILED,
        /** The server has another model, or none of that name. */
        MODEL,
        /** The answer is not what was asked for. */
        ANSWER
    }
}
