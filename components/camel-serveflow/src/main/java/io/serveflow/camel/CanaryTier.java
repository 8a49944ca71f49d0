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
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tier of an endpoint in two bundles: the one in use, and a canary that answers its share of
 * the flows. What the canary has no answer for is answered by the one in use.
 */
final class CanaryTier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CanaryTier.class);

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
    Optional<LiveTier.Held> of(final Exchange exchange, final FlowBatch batch) {
        if (live.newest().filter(canary::isOn).isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < batch.size(); i++) {
            if (canary.takes(batch.record(i).id())) {
                return live.of(exchange);
            }
        }
        return Optional.empty();
    }

    /**
     * Has the canary answer its flows, and the tier in use the others; {@code done} is called once,
     * unless this throws.
     */
    void decide(
            final CascadeTier used,
            final CascadeTier candidate,
            final FlowBatch batch,
            final CascadeTier.Rows which,
            final Consumer<CascadeTier.Decision> done) {
        final FlowBatch flows = batch.of(used.bundle().task());
        final BitSet own = new BitSet(flows.size());
        final boolean on = canary.isOn(candidate.bundle());
        for (int i = 0; i < flows.size(); i++) {
            if (which == CascadeTier.Rows.ALL
                    || !flows.hasVerdict(i)
                    || !flows.verdict(i).isFinal()) {
                own.set(i, on && canary.takes(flows.record(i).id()));
            }
        }
        used.decide(
                flows,
                which,
                row -> !own.get(row),
                first -> new Asking(used, candidate, which, own, first, done).begin());
    }

    /** The flows of the canary in a batch, whose other flows are answered. */
    private final class Asking {

        private final CascadeTier used;
        private final CascadeTier candidate;
        private final CascadeTier.Rows which;
        private final BitSet own;
        private final CascadeTier.Decision first;
        private final Consumer<CascadeTier.Decision> done;

        private Asking(
                final CascadeTier used,
                final CascadeTier candidate,
                final CascadeTier.Rows which,
                final BitSet own,
                final CascadeTier.Decision first,
                final Consumer<CascadeTier.Decision> done) {
            this.used = used;
            this.candidate = candidate;
            this.which = which;
            this.own = own;
            this.first = first;
            this.done = done;
        }

        private void begin() {
            final ProcessorTime time = new ProcessorTime();
            ask(
                    candidate,
                    first.batch(),
                    own::get,
                    second -> answered(second, time.spent()),
                    why -> {
                        LOG.debug("Tier {} of the canary cannot be asked", name, why);
                        again(first.batch(), own, own);
                    });
        }

        private void answered(final CascadeTier.Decision second, final OptionalLong spent) {
            final BitSet left = (BitSet) second.failed().clone();
            left.or(second.tooShort());
            /* Of what it has answered in part, its time says nothing. */
            final OptionalLong cost = left.isEmpty() ? spent : OptionalLong.empty();
            reference.offer(
                    second.batch(),
                    candidate.bundle(),
                    (with, flows, agreed, time) -> {
                        final Canary.Trial trial = canary.trial(candidate.bundle(), with);
                        trial.compared(flows, flows - agreed);
                        trial.timed(flows, cost, time);
                    });
            again(second.batch(), left, second.failed());
        }

        /**
         * Asks the tier in use for what the canary has left.
         *
         * @param failed what of it its scorer has failed to answer
         */
        private void again(final FlowBatch batch, final BitSet left, final BitSet failed) {
            if (left.isEmpty()) {
                end(batch, left, left, failed, Optional.empty());
                return;
            }
            ask(
                    used,
                    batch,
                    left::get,
                    last ->
                            end(
                                    last.batch(),
                                    last.tooShort(),
                                    last.failed(),
                                    failed,
                                    last.failure()),
                    why -> end(batch, new BitSet(), left, failed, Optional.of(why)));
        }

        /** What both have failed to answer, such as while a device is away, is no one's fault. */
        private void end(
                final FlowBatch batch,
                final BitSet tooShort,
                final BitSet failed,
                final BitSet failedBefore,
                final Optional<RuntimeException> failure) {
            final BitSet alone = (BitSet) failedBefore.clone();
            alone.andNot(failed);
            canary.trial(candidate.bundle(), used.bundle())
                    .add(name, own.cardinality(), failedBefore.cardinality(), alone.cardinality());
            final BitSet allTooShort = (BitSet) first.tooShort().clone();
            allTooShort.or(tooShort);
            final BitSet allFailed = (BitSet) first.failed().clone();
            allFailed.or(failed);
            done.accept(
                    new CascadeTier.Decision(
                            batch, allTooShort, allFailed, first.failure().or(() -> failure)));
        }

        /**
         * Asks a tier, which may be closed already.
         *
         * @param refused called instead of {@code answered} where the tier cannot be asked
         */
        private void ask(
                final CascadeTier tier,
                final FlowBatch batch,
                final IntPredicate rows,
                final Consumer<CascadeTier.Decision> answered,
                final Consumer<RuntimeException> refused) {
            final AtomicBoolean begun = new AtomicBoolean();
            try {
                tier.decide(
                        batch,
                        which,
                        rows,
                        decision -> {
                            begun.set(true);
                            answered.accept(decision);
                        });
            } catch (final RuntimeException e) {
                /* What follows an answer is no fault of the tier. */
                if (begun.get()) {
                    throw e;
                }
                refused.accept(e);
            }
        }
    }

    @Override
    public void close() {
        reference.close();
        live.close();
    }
}
