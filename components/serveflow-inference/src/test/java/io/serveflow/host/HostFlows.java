/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.host;

import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.VerdictStage;
import java.util.List;

/** Flows of hosts and the verdicts on them. */
final class HostFlows {

    static final BundleRef BUNDLE = new BundleRef("tiny", "1.0.0", "device", "ab".repeat(32));

    private HostFlows() {}

    /** A flow of a host to a port of a server. */
    static FlowRecord flow(final String host, final int port, final long micros) {
        return flow(
                new FlowTuple(Transport.TCP, host, 50_000 + port % 1000, "203.0.113.9", port),
                micros);
    }

    static FlowRecord flow(final FlowTuple tuple, final long micros) {
        return new FlowRecord(
                new FlowId("sensor", "C" + micros + tuple),
                tuple,
                "",
                micros,
                FlowRecord.Stage.CONTEXT,
                FlowRecord.End.DEPTH,
                new Packets.Builder().add(0, true, 40, new byte[40], 0, 40).build(),
                0);
    }

    /** A verdict that stands; its label is the first of those named. */
    static Verdict verdict(final LabelProbability... top) {
        return verdict(top[0].label(), VerdictStage.FINAL, top);
    }

    static Verdict verdict(
            final String label, final VerdictStage stage, final LabelProbability... top) {
        return new Verdict(
                BUNDLE,
                "fast",
                stage,
                label,
                top[0].probability(),
                0.5,
                "certain",
                1,
                new Verdict.Latency(0, 0, 0),
                List.of(top));
    }

    static LabelProbability p(final String label, final double probability) {
        return new LabelProbability(label, (float) probability);
    }
}
