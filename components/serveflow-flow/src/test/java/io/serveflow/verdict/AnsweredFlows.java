/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.Verdict.Latency;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Flows with verdicts for tests, the same ones for the same numbers. */
public final class AnsweredFlows {

    /** When their documents were made. */
    public static final Instant CREATED = Instant.parse("2026-11-22T12:00:00.123456Z");

    private static final long START_MICROS = 1_700_000_000_123_456L;

    private AnsweredFlows() {}

    /** Flow number {@code i} from an originator address as given. */
    public static FlowRecord flow(final int i, final String originator) {
        return new FlowRecord(
                new FlowId("sensor", "C" + i),
                new FlowTuple(Transport.TCP, originator, 40_000, "203.0.113.9", 443),
                "1:abc=",
                START_MICROS + i,
                FlowRecord.Stage.FIRST,
                FlowRecord.End.DEPTH,
                new Packets.Builder().add(0, true, 60, new byte[] {0x45}, 0, 1).build(),
                0);
    }

    /** Flow number {@code i} from an originator of its own. */
    public static FlowRecord flow(final int i) {
        return flow(i, "10.0." + (i >> 8 & 255) + "." + (i & 255));
    }

    /** The verdict that each has. */
    public static Verdict verdict() {
        return new Verdict(
                new BundleRef("service", "1.2.3", "service", "00ff"),
                "fastest",
                VerdictStage.FINAL,
                "web",
                0.75,
                0.25,
                "certain",
                1,
                new Latency(0, 1_500, 12),
                List.of(new LabelProbability("web", 0.75f), new LabelProbability("dns.x", 0.25f)));
    }

    /** Flows {@code from} (inclusive) to {@code to} (exclusive), each with a verdict. */
    public static FlowBatch batch(final int from, final int to) {
        return FlowBatch.of(IntStream.range(from, to).mapToObj(AnsweredFlows::flow).toList())
                .withVerdicts(i -> verdict());
    }

    /** The document of flow number {@code i}. */
    public static String document(final int i) {
        return new String(
                VerdictDocument.json(flow(i), verdict(), CREATED), StandardCharsets.UTF_8);
    }
}
