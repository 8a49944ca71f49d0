/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.training.data.DataKind;
import java.util.List;

/** A family of models that tiers can be of, and the tiers that it proposes. */
public interface TierFamily {

    /** The name at the command line. */
    String name();

    /** The trainer of a tier of which no more is stated than its rounds and features. */
    TierTrainer trainer(int rounds, FeatureSpec features);

    /** The tiers that are trained where none are stated, the fastest first. */
    List<TierPlan> defaults(DataKind kind);

    /** What a cascade of this family is crafted from. */
    List<TierPlan> candidates();

    /**
     * A tier as it is stated in one word: {@code NAME=ENCODER:PACKETS:ROUNDS}, such as {@code
     * fast=header+payload:1:20}.
     *
     * @throws IllegalArgumentException if it is not of that form; one sentence that says so
     */
    default TierPlan plan(final String stated) {
        return TierPlan.parse(stated, this);
    }
}
