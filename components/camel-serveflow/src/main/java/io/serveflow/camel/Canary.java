/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.candidate.CandidateListener;
import io.serveflow.candidate.CandidateScores;
import io.serveflow.flow.FlowId;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict.BundleRef;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A candidate that answers a share of the flows, for all tiers of its task, until it does worse
 * than {@linkplain #MOST_FAILED these} {@linkplain #MOST_DISAGREED three} {@linkplain #MOST_COST
 * limits} allow: then it gives no verdict any more, until the next start.
 *
 * <p>Which flows it gets depends on their ids alone, so that a flow is answered by one bundle in
 * all tiers. Safe for use by many threads.
 */
final class Canary implements CandidateListener {

    /** Share of its flows that it may have no answer for. */
    static final double MOST_FAILED = 0.01;

    /** Share of its flows to which the bundle in use would give another label. */
    static final double MOST_DISAGREED = 0.1;

    /** How many times what the bundle in use costs it may cost a flow. */
    static final double MOST_COST = 3;

    /** Of how many flows something must be known before it is judged. */
    static final int LEAST = 500;

    /** Of how many flows the cost must be known, which a pause of the process falsifies. */
    static final int LEAST_TIMED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
    private static final double ALL = 0x1p32;

    private final BundleRef bundle;
    private final double share;
    private final Ledger ledger;
    private final List<CandidateScores> scores = new CopyOnWriteArrayList<>();
    private final AtomicBoolean on = new AtomicBoolean(true);

    /* Guarded by this. */
    private long flows;
    private long failed;
    private long nanos;
    private long usedFlows;
    private long usedNanos;

    /**
     * @param share of the flows, 0 to 1
     */
    Canary(final BundleRef bundle, final double share, final Ledger ledger) {
        this.bundle = bundle;
        this.share = share;
        this.ledger = ledger;
    }

    /** Whether it answers a flow. */
    boolean takes(final FlowId flow) {
        return on.get() && Integer.toUnsignedLong(mixed(flow)) / ALL < share;
    }

    /** Spreads ids that differ in a character over all numbers. */
    private static int mixed(final FlowId flow) {
        int hash = 31 * flow.observer().hashCode() + flow.uid().hashCode();
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }

    /** Whether it still answers flows. */
    boolean isOn() {
        return on.get();
    }

    /** Adds what the bundle in use has answered, with what that cost. */
    synchronized void addUsed(final int answered, final long spentNanos) {
        usedFlows += answered;
        usedNanos += spentNanos;
    }

    /** Adds what it was asked, and goes back to the bundle in use where that was too bad. */
    void add(final String tier, final int asked, final int withoutAnswer, final long spentNanos) {
        ledger.add(Ledger.Entry.CANARY_FLOWS, bundle.task() + "/" + tier, asked - withoutAnswer);
        synchronized (this) {
            flows += asked;
            failed += withoutAnswer;
            nanos += spentNanos;
            if (flows >= LEAST && failed > MOST_FAILED * flows) {
                end(Reason.CANARY_FAILED, "has no answer for %d of %d flows", failed, flows);
            } else if (Math.min(flows, usedFlows) >= LEAST_TIMED
                    && (double) nanos * usedFlows > MOST_COST * usedNanos * flows) {
                end(
                        Reason.CANARY_SLOW,
                        "costs %d ns a flow, the one in use %d",
                        nanos / flows,
                        usedNanos / usedFlows);
            }
        }
        judgeLabels();
    }

    private void judgeLabels() {
        long both = 0;
        long agreed = 0;
        for (final CandidateScores one : scores) {
            final CandidateScores.Report report = one.report();
            both += report.flows();
            agreed += report.agreed();
        }
        if (both >= LEAST && both - agreed > MOST_DISAGREED * both) {
            end(
                    Reason.CANARY_DISAGREES,
                    "gives %d of %d flows another label than the one in use",
                    both - agreed,
                    both);
        }
    }

    private void end(final Reason reason, final String what, final long one, final long other) {
        if (on.compareAndSet(true, false)) {
            ledger.add(Ledger.Entry.CANARY_ROLLBACKS, bundle.task() + "/" + reason.code(), 1);
            LOG.warn(
                    "Task {}: bundle {} {} gives no verdict any more, since it {}",
                    bundle.task(),
                    bundle.name(),
                    bundle.version(),
                    what.formatted(one, other));
        }
    }

    /** Those of the bundle in use, which is compared with it on its flows. */
    @Override
    public void opened(final BundleRef used, final String tier, final CandidateScores compared) {
        scores.add(compared);
    }

    @Override
    public void closed(final BundleRef used, final String tier) {
        // What was found so far counts on.
    }
}
