/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierSpec;
import io.serveflow.verdict.VerdictListener;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * All tiers of a bundle one after the other, for flows whose packets are all known: offline
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

    /**
     * Asks tier after tier until every flow of the batch has a verdict that stands.
     *
     * @param flows flows with all packets that the tiers are to read
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
