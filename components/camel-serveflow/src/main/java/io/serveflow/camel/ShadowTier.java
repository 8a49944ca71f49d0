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
import java.util.Optional;
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

    private volatile Optional<Compared> compared = Optional.empty();
    private Optional<Bundles.Use> use = Optional.empty();

    /** The tier of a candidate with how it does. */
    private record Compared(CascadeTier tier, CandidateScores scores) {}

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
    public void prepare(final Bundle bundle) {
        final CandidateScores scores = new CandidateScores();
        final CascadeTier tier =
                new CascadeTier(bundle, name, System::nanoTime, own, (flow, verdict) -> {});
        compared = Optional.of(new Compared(tier, scores));
        listener.opened(bundle.ref(), name, scores);
    }

    @Override
    public void forget(final Bundle bundle) {
        final Optional<Compared> last = compared;
        if (last.isPresent() && last.get().tier().bundle().equals(bundle.ref())) {
            compared = Optional.empty();
            last.get().tier().close();
            listener.closed(bundle.ref(), name);
        }
    }

    /**
     * Compares the verdicts that a tier has just given, later.
     *
     * @param answered the flows with their verdicts, of that tier and of others
     * @param bundle that of the tier
     */
    void offer(final FlowBatch answered, final BundleRef bundle) {
        final Optional<Compared> now = compared;
        if (now.isEmpty() || answered.isEmpty()) {
            return;
        }
        try {
            executor.execute(() -> compare(now.get(), answered, bundle));
        } catch (final RejectedExecutionException e) {
            skip(bundle, Reason.SHADOW_BEHIND, answered.size());
        }
    }

    private void compare(
            final Compared candidate, final FlowBatch answered, final BundleRef bundle) {
        final FlowBatch own =
                answered.where(
                        i ->
                                answered.hasVerdict(i)
                                        && answered.verdict(i).tier().equals(name)
                                        && answered.verdict(i).bundle().equals(bundle));
        if (own.isEmpty()) {
            return;
        }
        final long began = System.nanoTime();
        try {
            candidate
                    .tier()
                    .decide(
                            own.withoutVerdicts(),
                            decision -> {
                                candidate.scores().addCost(own.size(), System.nanoTime() - began);
                                add(candidate.scores(), own, decision, bundle);
                            });
        } catch (final RuntimeException e) {
            LOG.debug("Tier {} of the shadow has no answer", name, e);
            skip(bundle, Reason.SHADOW_FAILED, own.size());
        }
    }

    private void add(
            final CandidateScores scores,
            final FlowBatch used,
            final CascadeTier.Decision decision,
            final BundleRef bundle) {
        int agreed = 0;
        int both = 0;
        for (int i = 0; i < used.size(); i++) {
            if (decision.failed().get(i) || decision.tooShort().get(i)) {
                continue;
            }
            final Verdict candidate = decision.batch().verdict(i);
            final boolean agrees = candidate.label().equals(used.verdict(i).label());
            scores.add(agrees, candidate.confidence());
            both++;
            agreed += agrees ? 1 : 0;
        }
        final String detail = bundle.task() + "/" + name;
        ledger.add(Ledger.Entry.SHADOW_FLOWS, detail, both);
        ledger.add(Ledger.Entry.SHADOW_DISAGREED, detail, both - agreed);
        if (both < used.size()) {
            skip(bundle, Reason.SHADOW_FAILED, used.size() - both);
        }
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
