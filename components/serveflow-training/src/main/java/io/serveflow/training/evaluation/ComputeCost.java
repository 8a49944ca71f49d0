/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import io.serveflow.training.evaluation.Measurements.TierMeasurement;

/** Microseconds of computing that a flow takes, without any waiting for its packets. */
final class ComputeCost {

    private ComputeCost() {}

    /** A tier by itself. */
    static double of(final TierMeasurement tier) {
        return tier.cost().featureMicros() + tier.cost().inferenceMicros();
    }

    /** The cascade on average: a flow pays for every tier up to the one that decides it. */
    static double ofCascade(final Measurements m) {
        double reached = 1;
        double micros = 0;
        for (int i = 0; i < m.tiers().size(); i++) {
            micros += reached * of(m.tiers().get(i));
            reached -= m.cascade().decidedBy()[i];
        }
        return micros;
    }
}
