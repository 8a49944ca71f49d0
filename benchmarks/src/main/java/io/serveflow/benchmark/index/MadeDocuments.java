/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.index;

import io.serveflow.batch.FlowBatch;
import io.serveflow.benchmark.rate.Loop;
import io.serveflow.benchmark.sink.VerdictSink;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.verdict.VerdictDocument;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The documents of all verdicts on some flows, with their ids. */
record MadeDocuments(List<Made> warmUp, List<Made> measured) {

    /** A document. */
    record Made(String id, byte[] json) {}

    /** Makes the documents that the routes would make of the same lines. */
    static MadeDocuments of(
            final Traffic traffic, final Path bundle, final long warmUp, final long flows)
            throws Exception {
        final List<Made> first = made(traffic, bundle, 0, warmUp);
        return new MadeDocuments(first, made(traffic, bundle, warmUp, flows));
    }

    private static List<Made> made(
            final Traffic traffic, final Path bundle, final long first, final long flows)
            throws Exception {
        final List<Made> made = new ArrayList<>();
        final VerdictSink sink =
                new VerdictSink(Optional.empty(), (batch, nanos) -> add(batch, made));
        Loop.decide(traffic, bundle, sink, first, flows);
        return made;
    }

    private static void add(final FlowBatch batch, final List<Made> made) {
        final Instant created = Instant.now();
        for (int i = 0; i < batch.size(); i++) {
            made.add(
                    new Made(
                            VerdictDocument.id(batch.record(i), batch.verdict(i)),
                            VerdictDocument.json(batch.record(i), batch.verdict(i), created)));
        }
    }
}
