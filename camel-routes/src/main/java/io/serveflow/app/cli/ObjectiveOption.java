/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.training.score.Objective;
import java.util.Locale;
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

    @Option(
            names = "--objective",
            paramLabel = "cost|macro-f1|accuracy",
            description = {
                "cost: as few flows as possible wait for packets, at a macro F1 and an accuracy"
                        + " close to those of the last tier; where nothing is asked for.",
                "macro-f1: the best macro F1, to which each label counts alike, whoever waits.",
                "accuracy: the most right answers, whoever waits."
            })
    private Optional<Goal> goal = Optional.empty();

    /** What can be asked for by a word. */
    private enum Goal {
        COST(Objective.DEFAULT),
        MACRO_F1(new Objective.BestF1()),
        ACCURACY(new Objective.BestAccuracy());

        private final Objective objective;

        Goal(final Objective objective) {
            this.objective = objective;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The objective that was asked for, if one was. */
    Optional<Objective> objective() {
        return goal.map(asked -> asked.objective)
                .or(() -> minF1.map(Objective.LeastF1::new))
                .or(() -> maxEscalation.map(Objective.MostEscalated::new))
                .or(() -> targetLatency.map(Objective.TargetLatency::new));
    }
}
