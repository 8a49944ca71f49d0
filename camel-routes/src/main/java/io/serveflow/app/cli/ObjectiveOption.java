/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.training.score.Objective;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a cascade is to be chosen for; at most one of its options is given. */
final class ObjectiveOption {

    @Option(
            names = "--min-f1",
            paramLabel = "F1",
            description = "As few flows as possible wait for packets at a macro F1 of F1 or more.")
    private Optional<Double> minF1 = Optional.empty();

    @Option(
            names = "--max-escalation",
            paramLabel = "SHARE",
            description =
                    "The best macro F1 while at most a share of the flows waits for more packets.")
    private Optional<Double> maxEscalation = Optional.empty();

    @Option(
            names = "--target-latency",
            paramLabel = "MS",
            description =
                    "The best macro F1 while flows wait for packets no longer than MS milliseconds"
                            + " on average.")
    private Optional<Double> targetLatency = Optional.empty();

    /** The objective that was asked for, if one was. */
    Optional<Objective> objective() {
        return minF1.<Objective>map(Objective.LeastF1::new)
                .or(() -> maxEscalation.map(Objective.MostEscalated::new))
                .or(() -> targetLatency.map(Objective.TargetLatency::new));
    }
}
