/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import io.serveflow.benchmark.sink.VerdictSink;
import io.serveflow.benchmark.traffic.Traffic;
import java.nio.file.Path;

/** The verdicts of flows without routes, for measurements that need them ready made. */
public final class Loop {

    private static final int BATCH = 256;

    private Loop() {}

    /** Gives flows their verdicts, on one thread. */
    public static void decide(
            final Traffic traffic,
            final Path bundle,
            final VerdictSink sink,
            final long first,
            final long flows)
            throws Exception {
        try (BareLoop loop =
                new BareLoop(traffic, bundle, BareLoop.Slow.FOR_THE_UNSURE, sink, BATCH, 1)) {
            loop.decide(first, flows);
        }
    }
}
