/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import io.serveflow.batch.FlowBatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * A step behind the slow tier that waits so long for each flow, as an endpoint elsewhere would that
 * takes so much longer, and counts the flows.
 */
final class SlowedTier implements Processor {

    private final AtomicLong flows = new AtomicLong();
    private volatile long nanosPerFlow;

    @Override
    public void process(final Exchange exchange) {
        final int size = exchange.getMessage().getBody(FlowBatch.class).size();
        final long until = System.nanoTime() + size * nanosPerFlow;
        long left = until - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
            left = until - System.nanoTime();
        }
        flows.addAndGet(size);
    }

    /** How many flows have been through. */
    long flows() {
        return flows.get();
    }

    /** Waits so long for each flow from now on. */
    void waits(final long nanos) {
        nanosPerFlow = nanos;
    }
}
