/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a server has done with the models of one name, one after the other, so that counts go on
 * where a model is replaced. Safe for use by many threads.
 */
final class ServedTotals {

    final LongAdder requests = new LongAdder();
    final LongAdder rows = new LongAdder();
    final LongAdder batches = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder givenUp = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder queueNanos = new LongAdder();
    final LongAdder computeNanos = new LongAdder();
    volatile long lastMillis;

    ServedCounts counts() {
        return new ServedCounts(
                requests.sum(),
                rows.sum(),
                batches.sum(),
                refused.sum(),
                givenUp.sum(),
                failures.sum(),
                queueNanos.sum(),
                computeNanos.sum(),
                lastMillis);
    }
}
