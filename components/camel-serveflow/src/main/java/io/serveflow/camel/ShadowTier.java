/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.candidate.CandidateListener;
import io.serveflow.candidate.CandidateScores;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.model.Bundle;
import io.serveflow.model.Bundles;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tier of a candidate in the shadow of the one in use: it scores the same flows on a thread of
 * its own, and what it says is compared and given to nobody. Where it falls behind, flows are left
 * out and counted.
 */
final class ShadowTier implements Bundles.Member, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShadowTier.class);

    private final String name;
    private final Executor executor;
    private final Ledger ledger;
    private final CandidateListener listener;

    /** What a candidate escalates and gives is counted by nobody. */
    private final Ledger own = new Ledger();

    /** Also of a bundle that may never come into use, and of older ones until they are closed. */
    private volatile Map<Bundle, Compared> byBundle = Map.of();

    private volatile Optional<Bundles.Use> use = Optional.empty();

    /** The tier of a candidate with how it does. */
    private record Compared(CascadeTier tier, CandidateScores scores) {}

    /** Called with what was found on flows that a tier has answered. */
    interface Found {

        /** Finds nothing out. */
        Found IGNORED = (with, flows, agreed, time) -> {};

        /**
         * Flows have been compared.
         *
         * @param with the bundle that they were compared with
         * @param flows how many flows both have answered
         * @param agreed how many of them have the same label from both
         * @param time the processor time that the bundle took for these flows, if that is known and
         *     it has answered all of them
         */
        void compared(BundleRef with, int flows, int agreed, OptionalLong time);
    }

    /**
     * @param name of the tier
     * @param executor runs comparisons one after the other, and rejects what it has no room for
     */
    ShadowTier(
            final String name,
            final Executor executor,
            final Ledger ledger,
            final CandidateListener listener) {
        this.name = name;
        this.executor = executor;
        this.ledger = ledger;
        this.listener = listener;
    }

    /** Begins with the use that this is a member of. */
    void begin(final Bundles.Use begun) {
        use = Optional.of(begun);
    }

    @Override
    public synchronized void prepare(final Bundle bundle) {
        final CandidateScores scores = new CandidateScores();
        final CascadeTier tier =
                new CascadeTier(bundle, name, System::nanoTime, own, (flow, verdict) -> {});
        final Map<Bundle, Compared> more = new HashMap<>(byBundle);
        more.put(bundle, new Compared(tier, scores));
        byBundle = Map.copyOf(more);
        listener.opened(bundle.ref(), name, scores);
    }

    @Override
    public synchronized void forget(final Bundle bundle) {
        final Map<Bundle, Compared> less = new HashMap<>(byBundle);
        final Compared ended = less.remove(bundle);
        byBundle = Map.copyOf(less);
        if (ended != null) {
            ended.tier().close();
            listener.closed(bundle.ref(), name);
        }
    }

    /**
     * Compares the verdicts that a tier has just given, later, with those of the newest bundle.
     *
     * @param answered the flows with their verdicts, of that tier and of others
     * @param bundle that of the tier
     */
    void offer(final FlowBatch answered, final BundleRef bundle) {
        offer(answered, bundle, Found.IGNORED);
    }

    /**
     * The same for somebody who counts.
     *
     * @param found called once it is done, by another thread; not called for what is left out
     */
    void offer(final FlowBatch answered, final BundleRef bundle, final Found found) {
        final Optional<Bundles.Use> begun = use;
        if (begun.isEmpty() || answered.isEmpty()) {
            return;
        }
        final Bundles.Lease lease;
        try {
            lease = begun.get().lease();
        } catch (final IllegalStateException e) {
            LOG.debug("Tier {} of the shadow has stopped", name, e);
            return;
        }
        try {
            executor.execute(() -> compare(lease, answered, bundle, found));
        } catch (final RejectedExecutionException e) {
            lease.close();
            skip(bundle, Reason.SHADOW_BEHIND, answered.size());
        }
    }

    private void compare(
            final Bundles.Lease lease,
            final FlowBatch answered,
            final BundleRef bundle,
            final Found found) {
        try (lease) {
            final Compared candidate = byBundle.get(lease.bundle());
            final FlowBatch own =
                    answered.where(
                            i ->
                                    answered.hasVerdict(i)
                                            && answered.verdict(i).tier().equals(name)
                                            && answered.verdict(i).bundle().equals(bundle));
            if (candidate != null && !own.isEmpty()) {
                compare(candidate, own, bundle, found);
            }
        }
    }

    private void compare(
            final Compared candidate,
            final FlowBatch used,
            final BundleRef bundle,
            final Found found) {
        final FlowBatch flows = used.withoutVerdicts();
        final ProcessorTime time = new ProcessorTime();
        final long began = System.nanoTime();
        try {
            candidate
                    .tier()
                    .decide(
                            flows,
                            decision -> {
                                final OptionalLong spent = time.spent();
                                candidate.scores().addCost(used.size(), System.nanoTime() - began);
                                add(candidate, used, decision, bundle, spent, found);
                            });
        } catch (final RuntimeException e) {
            LOG.debug("Tier {} of the shadow has no answer", name, e);
            skip(bundle, Reason.SHADOW_FAILED, used.size());
        }
    }

    private void add(
            final Compared candidate,
            final FlowBatch used,
            final CascadeTier.Decision decision,
            final BundleRef bundle,
            final OptionalLong spent,
            final Found found) {
        int agreed = 0;
        int both = 0;
        for (int i = 0; i < used.size(); i++) {
            if (decision.failed().get(i) || decision.tooShort().get(i)) {
                continue;
            }
            final Verdict verdict = decision.batch().verdict(i);
            final boolean agrees = verdict.label().equals(used.verdict(i).label());
            candidate.scores().add(agrees, verdict.confidence());
            both++;
            agreed += agrees ? 1 : 0;
        }
        final String detail = bundle.task() + "/" + name;
        ledger.add(Ledger.Entry.SHADOW_FLOWS, detail, both);
        ledger.add(Ledger.Entry.SHADOW_DISAGREED, detail, both - agreed);
        if (both < used.size()) {
            skip(bundle, Reason.SHADOW_FAILED, used.size() - both);
        }
        found.compared(
                candidate.tier().bundle(),
                both,
                agreed,
                both == used.size() ? spent : OptionalLong.empty());
    }

    private void skip(final BundleRef bundle, final Reason reason, final int flows) {
        ledger.add(Ledger.Entry.SHADOW_SKIPPED, bundle.task() + "/" + reason.code(), flows);
    }

    @Override
    public void close() {
        use.ifPresent(Bundles.Use::close);
        use = Optional.empty();
    }
}
