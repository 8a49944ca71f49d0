/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the sensor files that were read to their end and whose verdicts at packet 1 are stored.
 */
public final class InputsDone {

    private final AtomicLong files = new AtomicLong();

    /** Counts one more file. */
    public void add() {
        files.incrementAndGet();
    }

    /** How many files there were. */
    public long count() {
        return files.get();
    }
}
