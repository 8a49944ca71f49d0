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
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * All tiers of a bundle one after the other, for flows of which all is known: offline
 * classification and evaluation. What runs live is the same tiers with routes between them.
 */
public final class Cascade {

    private final List<CascadeTier> tiers;

    /**
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param listener called with each final verdict
     */
    public Cascade(
            final Bundle bundle,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this(bundle, new SharedRows(), nanoClock, ledger, listener);
    }

    /**
     * A cascade that shares rows of features with others, which are asked about the same batches.
     *
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param listener called with each final verdict
     */
    public Cascade(
            final Bundle bundle,
            final SharedRows shared,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this.tiers =
                bundle.manifest().tiers().stream()
                        .map(TierSpec::name)
                        .map(
                                tier ->
                                        new CascadeTier(
                                                bundle, tier, shared, nanoClock, ledger, listener))
                        .toList();
    }

    /** Whether flows get a verdict on records of a stage: whether the first tier answers them. */
    public boolean reads(final FlowRecord.Stage stage) {
        return tiers.get(0).spec().answers(stage);
    }

    /** Whether a flow gets a verdict on a record: whether the first tier answers it. */
    public boolean reads(final FlowRecord record) {
        return tiers.get(0).spec().answers(record);
    }

    /**
     * Asks tier after tier until every flow of the batch has a verdict that stands. Where a record
     * holds less than a tier reads, the verdict of the tier before stands.
     *
     * @param flows flows with all that the tiers are to read
     * @return the same records with those verdicts, whatever verdicts they had before
     * @throws IllegalArgumentException if the first tier does not answer one of the records
     */
    public FlowBatch decide(final FlowBatch flows) {
        final String task = tiers.get(0).bundle().task();
        final Verdict[] verdicts = new Verdict[flows.size()];
        int[] rows = IntStream.range(0, verdicts.length).toArray();
        FlowBatch open = flows.withoutVerdicts();
        for (final CascadeTier tier : tiers) {
            open = answered(tier, open);
            for (int i = 0; i < rows.length; i++) {
                verdicts[rows[i]] = open.verdict(i);
            }
            rows = Arrays.stream(rows).filter(row -> !verdicts[row].isFinal()).toArray();
            if (rows.length == 0) {
                break;
            }
            open = open.uncertain();
        }
        return flows.withVerdicts(task, verdicts);
    }

    private static FlowBatch answered(final CascadeTier tier, final FlowBatch flows) {
        final CascadeTier.Decision decision =
                tier.spec().answers(flows.stage()) ? tier.await(flows) : tier.unasked(flows);
        if (decision.failure().isPresent()) {
            throw decision.failure().get();
        }
        return decision.isComplete()
                ? decision.batch()
                : tier.letStand(decision).orElseThrow(() -> tier.why(decision));
    }
}
