/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.index;

/**
 * How bulk requests are made.
 *
 * @param bytes about how large a request is
 * @param inFlight how many are under way
 */
public record BulkForm(int bytes, int inFlight) {

    private static final double MIB = 1 << 20;

    /** Its name in results. */
    public String id() {
        return "bulk %.1f MiB x %d".formatted(bytes / MIB, inFlight);
    }
}
