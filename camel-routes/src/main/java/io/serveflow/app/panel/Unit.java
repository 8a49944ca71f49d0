/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.util.Locale;

/** What a value is, by which it is written. */
public enum Unit {
    /** A whole number of things. */
    COUNT,
    /** A share, 0 to 1. */
    SHARE,
    /** Milliseconds. */
    MILLIS,
    /** Microseconds. */
    MICROS,
    /** A time. */
    TIME,
    /** A name. */
    NAME,
    /** A port. */
    PORT,
    /** An address. */
    ADDRESS,
    /** The sensor's id of a flow. */
    FLOW;

    /** The name as it stands in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
