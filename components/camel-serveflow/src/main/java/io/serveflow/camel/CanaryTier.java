/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.CascadeTier;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.apache.camel.Exchange;

/**
 * The tier of an endpoint in two bundles: the one in use, and a canary that answers its share of
 * the flows. What the canary has no answer for is answered by the one in use.
 */
final class CanaryTier implements AutoCloseable {

    private final String name;
    private final Canary canary;
    private final LiveTier live;
    private final ShadowTier reference;

    /**
     * @param live the tier of the canary
     * @param reference that of the bundle in use, which is compared on the canary's flows
     */
    CanaryTier(
            final String name,
            final Canary canary,
            final LiveTier live,
            final ShadowTier reference) {
        this.name = name;
        this.canary = canary;
        this.live = live;
        this.reference = reference;
    }

    /** The canary's tier for an exchange; empty if it answers no flow of the batch. */
    Optional<CascadeTier> of(final Exchange exchange, final FlowBatch batch) {
        if (!canary.isOn()) {
            return Optional.empty();
        }
        for (int i = 0; i < batch.size(); i++) {
            if (canary.takes(batch.record(i).id())) {
                return live.of(exchange).map(LiveTier.Asked::tier);
            }
        }
        return Optional.empty();
    }

    /** Has the canary answer its flows, and the tier in use the others. */
    void decide(
            final CascadeTier used,
            final CascadeTier candidate,
            final FlowBatch batch,
            final CascadeTier.Rows which,
            final Consumer<CascadeTier.Decision> done) {
        final FlowBatch flows = batch.of(used.bundle().task());
        final BitSet own = new BitSet(flows.size());
        int others = 0;
        for (int i = 0; i < flows.size(); i++) {
            if (which == CascadeTier.Rows.ALL
                    || !flows.hasVerdict(i)
                    || !flows.verdict(i).isFinal()) {
                own.set(i, canary.takes(flows.record(i).id()));
                others += own.get(i) ? 0 : 1;
            }
        }
        final int left = others;
        final long began = System.nanoTime();
        used.decide(
                flows,
                which,
                row -> !own.get(row),
                first -> {
                    canary.addUsed(left, System.nanoTime() - began);
                    ask(used, candidate, first, own, which, done);
                });
    }

    private void ask(
            final CascadeTier used,
            final CascadeTier candidate,
            final CascadeTier.Decision first,
            final BitSet own,
            final CascadeTier.Rows which,
            final Consumer<CascadeTier.Decision> done) {
        final long began = System.nanoTime();
        try {
            candidate.decide(
                    first.batch(),
                    which,
                    own::get,
                    second -> {
                        final BitSet left = (BitSet) second.failed().clone();
                        left.or(second.tooShort());
                        canary.add(
                                name,
                                own.cardinality(),
                                second.failed().cardinality(),
                                System.nanoTime() - began);
                        reference.offer(second.batch(), candidate.bundle());
                        again(used, first, second.batch(), left, which, done);
                    });
        } catch (final RuntimeException e) {
            canary.add(name, own.cardinality(), own.cardinality(), System.nanoTime() - began);
            again(used, first, first.batch(), own, which, done);
        }
    }

    /** Asks the tier in use for what the canary has left. */
    private static void again(
            final CascadeTier used,
            final CascadeTier.Decision first,
            final FlowBatch batch,
            final BitSet left,
            final CascadeTier.Rows which,
            final Consumer<CascadeTier.Decision> done) {
        if (left.isEmpty()) {
            done.accept(both(first, batch, new BitSet(), new BitSet(), Optional.empty()));
            return;
        }
        final IntPredicate rows = left::get;
        used.decide(
                batch,
                which,
                rows,
                last ->
                        done.accept(
                                both(
                                        first,
                                        last.batch(),
                                        last.tooShort(),
                                        last.failed(),
                                        last.failure())));
    }

    private static CascadeTier.Decision both(
            final CascadeTier.Decision first,
            final FlowBatch batch,
            final BitSet tooShort,
            final BitSet failed,
            final Optional<RuntimeException> failure) {
        final BitSet allTooShort = (BitSet) first.tooShort().clone();
        allTooShort.or(tooShort);
        final BitSet allFailed = (BitSet) first.failed().clone();
        allFailed.or(failed);
        return new CascadeTier.Decision(
                batch, allTooShort, allFailed, first.failure().or(() -> failure));
    }

    @Override
    public void close() {
        reference.close();
        live.close();
    }
}
