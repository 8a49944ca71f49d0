/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time in which a capture is replayed. */
interface ReplayClock {

    /** The time, like {@link System#nanoTime()}. */
    long nanos();

    /**
     * Waits.
     *
     * @param stopped ends the wait when it is counted down
     */
    void pause(long nanos, CountDownLatch stopped) throws InterruptedException;

    /** The time that really passes. */
    static ReplayClock system() {
        return new ReplayClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pause(final long nanos, final CountDownLatch stopped)
                    throws InterruptedException {
                stopped.await(nanos, TimeUnit.NANOSECONDS);
            }
        };
    }
}
