/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Feed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Gives out lines when they are due by a {@link Schedule}. */
final class Pace {

    /** Shortest sleep; what is due meanwhile is given out together. */
    private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final Schedule schedule;
    private final long beginNanos;
    private long given;
    private long worstLagNanos;

    /**
     * @param beginNanos the {@link System#nanoTime()} at which the schedule begins
     */
    Pace(final Schedule schedule, final long beginNanos) {
        this.schedule = schedule;
        this.beginNanos = beginNanos;
    }

    /** Takes lines that are due. */
    @FunctionalInterface
    interface Taker {
        void take(Chunk chunk) throws Exception;
    }

    /** Gives out all lines and returns when the last is given. */
    void run(final Feed feed, final Taker taker) throws Exception {
        final Chunk chunk = feed.chunk();
        while (feed.fill(chunk, schedule.begun(System.nanoTime() - beginNanos))) {
            if (chunk.lines() == 0) {
                sleep();
                continue;
            }
            taker.take(chunk);
            if (chunk.begins() > 0) {
                final long lag =
                        System.nanoTime() - beginNanos - schedule.nanos(given + chunk.begins() - 1);
                worstLagNanos = Math.max(worstLagNanos, lag);
                given += chunk.begins();
            }
        }
    }

    /** How late the latest flow of a chunk was given out, at worst. */
    long worstLagNanos() {
        return worstLagNanos;
    }

    private void sleep() {
        final long due = beginNanos + schedule.nanos(given) - System.nanoTime();
        LockSupport.parkNanos(Math.max(TICK_NANOS, due));
    }
}
