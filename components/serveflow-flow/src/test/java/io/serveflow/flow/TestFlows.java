/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictStage;
import java.util.List;

/** Flow records and verdicts for tests that do not care what is in them. */
public final class TestFlows {

    private static final Verdict.BundleRef BUNDLE =
            new Verdict.BundleRef("service", "1.2.3", "service", "ab".repeat(32));

    private TestFlows() {}

    /** The first record of the flow with this uid. */
    public static FlowRecord first(final String uid) {
        return record(uid, FlowRecord.Stage.FIRST, FlowRecord.End.DEPTH, 1);
    }

    /** The context record of the flow with this uid, with three packets. */
    public static FlowRecord context(final String uid) {
        return record(uid, FlowRecord.Stage.CONTEXT, FlowRecord.End.END, 3);
    }

    /** The first record of the flow with this uid that this address opened. */
    public static FlowRecord first(final String uid, final String originator) {
        return record(uid, originator, FlowRecord.Stage.FIRST, FlowRecord.End.DEPTH, 1);
    }

    /** The context record of the flow with this uid that this address opened. */
    public static FlowRecord context(final String uid, final String originator) {
        return record(uid, originator, FlowRecord.Stage.CONTEXT, FlowRecord.End.END, 3);
    }

    /** The summary of the flow with this uid, as Zeek writes it of a TLS flow. */
    public static FlowRecord summary(final String uid) {
        return summary(
                uid,
                new FlowSummary(
                        2_437_512,
                        1_834,
                        48_211,
                        24,
                        46,
                        2_806,
                        50_123,
                        "SF",
                        "ShADadFf",
                        "ssl",
                        "TLSv13",
                        "94c485bca29d5392be53f2b8cf7f4304",
                        "t13d1516h2_8daaf6152771_02713d6af862"));
    }

    /** The record of a flow with this uid that is over. */
    public static FlowRecord summary(final String uid, final FlowSummary summary) {
        return FlowRecord.summary(
                new FlowId("sensor", uid),
                new FlowTuple(Transport.TCP, "10.0.0.5", 51514, "203.0.113.9", 443),
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                1_700_000_000_123_456L,
                summary,
                0);
    }

    private static FlowRecord record(
            final String uid,
            final FlowRecord.Stage stage,
            final FlowRecord.End end,
            final int packets) {
        return record(uid, "10.0.0.5", stage, end, packets);
    }

    private static FlowRecord record(
            final String uid,
            final String originator,
            final FlowRecord.Stage stage,
            final FlowRecord.End end,
            final int packets) {
        final Packets.Builder builder = new Packets.Builder();
        for (int i = 0; i < packets; i++) {
            builder.add(1000L * i, i % 2 == 0, 40, new byte[40], 0, 40);
        }
        return new FlowRecord(
                new FlowId("sensor", uid),
                new FlowTuple(Transport.TCP, originator, 51514, "203.0.113.9", 443),
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                1_700_000_000_123_456L,
                stage,
                end,
                builder.build(),
                0);
    }

    /** A provisional verdict of the tier {@code fast} with this uncertainty. */
    public static Verdict provisional(final double uncertainty) {
        return verdict("fast", VerdictStage.PROVISIONAL, "web_tls", uncertainty);
    }

    /** A verdict of one packet. */
    public static Verdict verdict(
            final String tier,
            final VerdictStage stage,
            final String label,
            final double uncertainty) {
        return new Verdict(
                BUNDLE,
                tier,
                stage,
                label,
                1 - uncertainty,
                uncertainty,
                stage == VerdictStage.FINAL ? "certain" : "uncertain",
                1,
                new Verdict.Latency(0, 1500, 12),
                List.of(new Verdict.LabelProbability(label, (float) (1 - uncertainty))));
    }
}
