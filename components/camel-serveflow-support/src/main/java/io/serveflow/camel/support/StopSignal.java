/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Says once and for good that something is to stop, and wakes everybody who waits until then.
 *
 * <p>For any threads. What a thread did before it raised the signal is seen by those who find it
 * raised.
 */
public final class StopSignal {

    private final CountDownLatch raised = new CountDownLatch(1);

    /** Raises the signal; later calls do nothing. */
    public void raise() {
        raised.countDown();
    }

    public boolean isRaised() {
        return raised.getCount() == 0;
    }

    /**
     * Waits for the signal.
     *
     * @param nanos for how long at most
     * @return whether it is raised
     */
    public boolean await(final long nanos) throws InterruptedException {
        return raised.await(nanos, TimeUnit.NANOSECONDS);
    }
}
