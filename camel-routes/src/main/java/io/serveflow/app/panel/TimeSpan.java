/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.time.Duration;
import java.util.List;

/**
 * The time that the documents shown are from.
 *
 * @param from the first, milliseconds since the epoch
 * @param to the last
 */
record TimeSpan(long from, long to) {

    /** Most stretches of time, about; each is a bar. */
    private static final int MOST = 60;

    private static final List<Duration> INTERVALS =
            List.of(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(30),
                    Duration.ofHours(1),
                    Duration.ofHours(3),
                    Duration.ofHours(12),
                    Duration.ofDays(1),
                    Duration.ofDays(7),
                    Duration.ofDays(30));

    /** The shortest interval that does not take too many stretches. */
    Duration interval() {
        final long length = to - from;
        return INTERVALS.stream()
                .filter(interval -> length / interval.toMillis() < MOST)
                .findFirst()
                .orElseGet(() -> Duration.ofDays(30 * (1 + length / MOST / 2_592_000_000L)));
    }
}
