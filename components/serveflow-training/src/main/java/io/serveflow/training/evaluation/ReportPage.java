/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.training.evaluation.page.Page;

/** An evaluation as a page. */
final class ReportPage {

    private ReportPage() {}

    static String of(final Measurements m) {
        return new Page(
                        m.bundle().name()
                                + " "
                                + m.bundle().version()
                                + " on "
                                + m.units(m.sample().size()),
                        HeadPart.of(m))
                .add(
                        "tiers",
                        m.hops().isEmpty() ? "The bundle" : "Tiers and cascade",
                        TierPart.of(m))
                .add("baselines", "Ways of answering without a model", BaselinePart.of(m))
                .add("classes", "Class by class", ClassPart.of(m))
                .add("confusion", "What is taken for what", ConfusionPart.of(m))
                .add("reliability", "Can the confidence be believed", ReliabilityPart.of(m))
                .add("cost", "Cost against F1", CostPart.of(m))
                .add("hosts", "Hosts", VotePart.of(m))
                .add("latency", "From first packet to verdict", LatencyPart.of(m))
                .add("escalation", "Which " + m.unit() + " should move on", EscalationPart.of(m))
                .add("occlusion", "What the bundle leans on", OcclusionPart.of(m))
                .add(
                        "drift",
                        "How far this traffic is from that of the bundle's making",
                        DriftPart.of(m))
                .file(
                        "Written by serveflow evaluate. The same numbers, with four decimals, are"
                                + " in its --json.");
    }
}
