/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import java.util.Arrays;

/**
 * The times from a flow's first packet to its verdict, milliseconds ascending.
 *
 * @param millis one a flow, at least one
 */
record Latencies(double[] millis) {

    /** Within this a verdict is early enough to act on the flow, as in the paper. */
    static final double SOON_MILLIS = 16;

    Latencies {
        millis = millis.clone();
        Arrays.sort(millis);
    }

    static Latencies ofMicros(final double[] micros) {
        return new Latencies(Arrays.stream(micros).map(value -> value / 1e3).toArray());
    }

    /** The smallest time that a share of the flows does not exceed. */
    double quantile(final double share) {
        return millis[Math.max(0, (int) Math.ceil(share * millis.length) - 1)];
    }

    /** The share of the flows that are answered in less than {@value #SOON_MILLIS} ms. */
    double soon() {
        int n = 0;
        while (n < millis.length && millis[n] < SOON_MILLIS) {
            n++;
        }
        return (double) n / millis.length;
    }
}
