/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.pcap;

import io.serveflow.camel.support.StopSignal;

/** The time in which a capture is replayed. */
interface ReplayClock {

    /** The time, like {@link System#nanoTime()}. */
    long nanos();

    /**
     * Waits.
     *
     * @param stop ends the wait when it is raised
     */
    void pause(long nanos, StopSignal stop) throws InterruptedException;

    /** The time that really passes. */
    static ReplayClock system() {
        return new ReplayClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pause(final long nanos, final StopSignal stop) throws InterruptedException {
                stop.await(nanos);
            }
        };
    }
}
