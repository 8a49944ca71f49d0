/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.repair;

import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictStage;
import java.util.List;
import java.util.Optional;

/** Flows and verdicts for the tests of this package. */
final class RepairFlows {

    private RepairFlows() {}

    static FlowRecord context(final String uid) {
        final Packets.Builder packets = new Packets.Builder();
        for (int i = 0; i < 3; i++) {
            packets.add(1_234_567L * i, i % 2 == 0, 1_000 + i, new byte[] {69, (byte) i, 2}, 0, 3);
        }
        return new FlowRecord(
                        new FlowId("sensor-1", uid),
                        new FlowTuple(Transport.TCP, "10.0.0.5", 51514, "203.0.113.9", 443),
                        "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                        1_700_000_000_123_456L,
                        FlowRecord.Stage.CONTEXT,
                        FlowRecord.End.TIMEOUT,
                        packets.build(),
                        0)
                .saying(
                        Optional.of(
                                new Handshake(
                                        Handshake.Protocol.TLS,
                                        "www.example.org",
                                        false,
                                        "h2",
                                        Optional.empty())));
    }

    static Verdict provisional() {
        return new Verdict(
                new Verdict.BundleRef("b", "1.2.3", "service", "ab".repeat(32)),
                "fast",
                VerdictStage.PROVISIONAL,
                "web \u201ctls\u201d \ud83d\ude00",
                0.7123456789,
                0.2876543211,
                "uncertain",
                1,
                new Verdict.Latency(1, 2, 3),
                List.of());
    }

    static Verdict stood(final String reason) {
        return provisional().standing(reason).superseding(provisional());
    }

    static RepairLine line(final String uid) {
        return new RepairLine(context(uid), stood("slow_unavailable"));
    }
}
