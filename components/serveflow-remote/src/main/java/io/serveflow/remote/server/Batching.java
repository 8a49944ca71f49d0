/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import java.time.Duration;

/**
 * How requests are scored together.
 *
 * @param rows most rows that are scored at once
 * @param delay how long the oldest request waits for others to be scored with
 * @param waiting most rows that wait, fewer where they are more than {@link #MOST_BYTES}; a request
 *     beyond them is refused as RESOURCE_EXHAUSTED
 */
public record Batching(int rows, Duration delay, int waiting) {

    /** Most bytes of features that wait. */
    public static final int MOST_BYTES = 256 << 20;

    static final int MOST_ROWS = 65_536;
    private static final int MOST_WAITING = 10_000_000;
    private static final long LONGEST_MILLIS = 1_000;

    public Batching {
        if (rows < 1 || rows > MOST_ROWS) {
            throw new IllegalArgumentException("rows must be 1 to " + MOST_ROWS + ", was " + rows);
        }
        if (delay.isNegative() || delay.toMillis() > LONGEST_MILLIS) {
            throw new IllegalArgumentException(
                    "delay must be 0 to " + LONGEST_MILLIS + " ms, was " + delay.toMillis());
        }
        if (waiting < rows || waiting > MOST_WAITING) {
            throw new IllegalArgumentException(
                    "waiting must be " + rows + " to " + MOST_WAITING + " rows, was " + waiting);
        }
    }

    /** 512 rows, a millisecond, 65,536 rows that wait. */
    public static Batching defaults() {
        return new Batching(512, Duration.ofMillis(1), 65_536);
    }
}
