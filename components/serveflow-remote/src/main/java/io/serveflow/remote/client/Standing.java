/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.client;

/** How a server stands when one is chosen; those that come first are asked first. */
public enum Standing {
    /** It was left alone for its time, and one request finds out. */
    TO_BE_TRIED("to be tried"),
    /** Nothing is known against it. */
    WELL("connected"),
    /** There is no connection, and none can be made. */
    WITHOUT_CONNECTION("no connection"),
    /** It failed too often of late, and is not asked. */
    LEFT_ALONE("left alone");

    private final String words;

    Standing(final String words) {
        this.words = words;
    }

    /** What people read. */
    public String words() {
        return words;
    }
}
