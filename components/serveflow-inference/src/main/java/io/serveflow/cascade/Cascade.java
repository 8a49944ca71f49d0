/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierSpec;
import io.serveflow.verdict.VerdictListener;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * All tiers of a bundle one after the other, for flows of which all is known: offline
 * classification and evaluation. What runs live is the same tiers with routes between them.
 */
public final class Cascade {

    private final List<CascadeTier> tiers;

    /**
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param listener told of each final verdict
     */
    public Cascade(
            final Bundle bundle,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this.tiers =
                bundle.manifest().tiers().stream()
                        .map(TierSpec::name)
                        .map(tier -> new CascadeTier(bundle, tier, nanoClock, ledger, listener))
                        .toList();
    }

    /** Whether every tier can answer for records of a stage. */
    public boolean reads(final FlowRecord.Stage stage) {
        return tiers.stream().allMatch(tier -> tier.reads(stage));
    }

    /**
     * Asks tier after tier until every flow of the batch has a verdict that stands.
     *
     * @param flows flows with all that the tiers are to read
     * @throws IllegalArgumentException if a tier that is asked cannot answer for their stage
     */
    public void decide(final FlowBatch flows) {
        FlowBatch open = flows;
        for (final CascadeTier tier : tiers) {
            tier.decide(open, CascadeTier.Earlier.KEPT_BACK);
            open = open.uncertain();
            if (open.isEmpty()) {
                return;
            }
        }
    }
}
