/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.crafting;

import io.serveflow.training.score.Evaluation;
import io.serveflow.training.tier.TierCost;
import io.serveflow.training.tier.TierPlan;
import java.util.List;

/**
 * A tier that could be part of a cascade, and what it comes to by itself.
 *
 * @param evaluation its calibrated answers out of fold
 * @param cost what one answer costs to compute
 * @param medianWaitMicros how long half of the flows wait for its packets at most
 */
public record Candidate(
        TierPlan plan, Evaluation evaluation, TierCost cost, long medianWaitMicros) {

    double macroF1() {
        return evaluation.macroF1();
    }

    /** Microseconds to compute one answer. */
    double computeMicros() {
        return cost.featureMicros() + cost.inferenceMicros();
    }

    public int packets() {
        return plan.features().packets();
    }

    /** Whether no other candidate answers as soon, costs as little and scores higher. */
    public boolean isOnFront(final List<Candidate> all) {
        return all.stream()
                .noneMatch(
                        other ->
                                other.macroF1() > macroF1()
                                        && other.packets() <= packets()
                                        && other.computeMicros() <= computeMicros());
    }

    /** The plan as an option of the command line, to train the same tier again. */
    String option(final String name) {
        return "--tier %s=%s:%d:%d"
                .formatted(name, plan.features().encoder(), packets(), plan.trainer().rounds());
    }
}
