/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.flow.FlowId;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict.BundleRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The canary of a task, for all tiers of it: a bundle that answers a share of the flows until it
 * does worse than {@linkplain #MOST_FAILED these} {@linkplain #MOST_DISAGREED three} {@linkplain
 * #MOST_COST limits} allow. Then that bundle gives no verdict any more, until the next start.
 *
 * <p>Which flows it gets depends on their ids alone, so that a flow is answered by one bundle in
 * all tiers. Where the canary or the bundle in use is replaced, what was counted of the one before
 * says nothing of the next one. Safe for use by many threads.
 */
final class Canary {

    /** Share of its flows that it alone may have no answer for. */
    static final double MOST_FAILED = 0.01;

    /** Share of its flows to which the bundle in use would give another label. */
    static final double MOST_DISAGREED = 0.1;

    /** How many times the processor time of the bundle in use it may take for a flow. */
    static final double MOST_COST = 3;

    /** Of how many flows something must be known before it is judged. */
    static final int LEAST = 500;

    /** Of how many flows the cost must be known, which a clock of coarse ticks falsifies. */
    static final int LEAST_TIMED = 10_000;

    /** Of how many bundles something is known; more are not in use at a time. */
    private static final int MOST_KNOWN = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
    private static final double ALL = 0x1p32;

    private final double share;
    private final Ledger ledger;

    /* Both are guarded by themselves. */
    private final Map<BundleRef, Boolean> rolledBack = new Latest<>();
    private final Map<Pair, Trial> trials = new Latest<>();

    private record Pair(BundleRef candidate, BundleRef used) {}

    /**
     * @param share of the flows, 0 to 1
     */
    Canary(final double share, final Ledger ledger) {
        this.share = share;
        this.ledger = ledger;
    }

    /** Whether a flow is one of its share. */
    boolean takes(final FlowId flow) {
        return Integer.toUnsignedLong(mixed(flow)) / ALL < share;
    }

    /** Spreads ids that differ in a character over all numbers. */
    private static int mixed(final FlowId flow) {
        int hash = 31 * flow.observer().hashCode() + flow.uid().hashCode();
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }

    /** Whether a bundle still answers flows as the canary. */
    boolean isOn(final BundleRef candidate) {
        synchronized (rolledBack) {
            return !rolledBack.containsKey(candidate);
        }
    }

    /** How a bundle does as the canary beside one that is in use. */
    Trial trial(final BundleRef candidate, final BundleRef used) {
        final Function<Pair, Trial> begin = pair -> new Trial(pair.candidate());
        synchronized (trials) {
            return trials.computeIfAbsent(new Pair(candidate, used), begin);
        }
    }

    private void end(
            final BundleRef bundle,
            final Reason reason,
            final String what,
            final long one,
            final long other) {
        synchronized (rolledBack) {
            if (rolledBack.put(bundle, true) != null) {
                return;
            }
        }
        ledger.add(Ledger.Entry.CANARY_ROLLBACKS, bundle.task() + "/" + reason.code(), 1);
        LOG.warn(
                "Task {}: bundle {} {} gives no verdict any more, since it {}",
                bundle.task(),
                bundle.name(),
                bundle.version(),
                what.formatted(one, other));
    }

    /** What is known of a bundle as the canary, beside one and the same bundle in use. */
    final class Trial {

        private final BundleRef candidate;

        /* Guarded by this. */
        private long flows;
        private long failed;
        private long both;
        private long disagreed;
        private long timed;
        private long nanos;
        private long usedNanos;

        private Trial(final BundleRef candidate) {
            this.candidate = candidate;
        }

        /**
         * Adds what it was asked, and goes back to the bundle in use where that was too bad.
         *
         * @param asked how many flows
         * @param withoutAnswer how many of them it has no answer for
         * @param alone how many of those the bundle in use has answered at the same moment
         */
        void add(final String tier, final int asked, final int withoutAnswer, final int alone) {
            ledger.add(
                    Ledger.Entry.CANARY_FLOWS,
                    candidate.task() + "/" + tier,
                    asked - withoutAnswer);
            synchronized (this) {
                flows += asked - withoutAnswer + alone;
                failed += alone;
                if (flows >= LEAST && failed > MOST_FAILED * flows) {
                    end(
                            candidate,
                            Reason.CANARY_FAILED,
                            "has no answer for %d of %d flows, which the one in use answers",
                            failed,
                            flows);
                }
            }
        }

        /** Adds flows that both have answered, and how many got another label. */
        synchronized void compared(final int answered, final int otherwise) {
            both += answered;
            disagreed += otherwise;
            if (both >= LEAST && disagreed > MOST_DISAGREED * both) {
                end(
                        candidate,
                        Reason.CANARY_DISAGREES,
                        "gives %d of %d flows another label than the one in use",
                        disagreed,
                        both);
            }
        }

        /**
         * Adds the processor time that each of both has taken for the same flows; nothing where one
         * is not known.
         */
        void timed(final int answered, final OptionalLong own, final OptionalLong used) {
            if (own.isPresent() && used.isPresent()) {
                timed(answered, own.getAsLong(), used.getAsLong());
            }
        }

        private synchronized void timed(final int answered, final long own, final long used) {
            timed += answered;
            nanos += own;
            usedNanos += used;
            if (timed >= LEAST_TIMED && nanos > MOST_COST * usedNanos) {
                end(
                        candidate,
                        Reason.CANARY_SLOW,
                        "takes %d ns of processor time a flow, the one in use %d",
                        nanos / timed,
                        usedNanos / timed);
            }
        }
    }

    /** A map of the keys that were asked for last. */
    private static final class Latest<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;

        private Latest() {
            super(MOST_KNOWN, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(final Map.Entry<K, V> eldest) {
            return size() > MOST_KNOWN;
        }
    }
}
