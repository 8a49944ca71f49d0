/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How far the slow tier is behind, and which flows it is not asked about meanwhile.
 *
 * <p><b>Delay.</b> A flow of some source that becomes ready now waits for what goes out before it:
 * what is being answered, and those that are ready ahead of it in the {@link FairQueue}. How long
 * that takes is computed from their number and the measured {@link BatchTimes} (the delay estimate
 * of PIE, from queue length and departure rate), and not from how long earlier flows waited, since
 * that is known only after as long, and a control that acts on it swings. To this comes by how much
 * the batch that is under way is late.
 *
 * <p><b>Bar.</b> As long as the delay is at most the target, every flow is taken. Above it the
 * share of flows that are taken falls as {@code exp(-4 (delay / target - 1))}, the more uncertain
 * ones first. It is a proportional control as in RED; through the exponential its gain is the same
 * however many times too slow the tier is: the delay goes to {@code target (1 + ln(load) / 4)}, 1.6
 * times the target at ten times the load, without swinging. It falls with the delay, by itself.
 * Shares become a bar through the distribution of the latest flows' uncertainties.
 *
 * <p><b>When.</b> The bar holds for flows that become ready, whose delay it is about. It also holds
 * for flows that are to be escalated and would be ready later. Those must not be refused for a load
 * that passes before they were ready, or the queue would run empty some seconds after each peak; so
 * for them it falls at once, and rises only with the time that contexts take to come.
 *
 * <p><b>Sources.</b> The delay is that of the flow's own source, so sources that are answered in
 * time are not refused because of others. Of the places for flows a source has no more than are
 * free, times {@code share / (1 - share)}: alone it has at most its share, and leaves the more free
 * the more others hold (dynamic thresholds). Of ready flows it may have a fixed number at most: for
 * readers that wait while many flows are ready, whom one source alone is not to stop.
 *
 * <p>For one thread at a time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8033">RFC 8033: PIE</a>
 * @see <a href="https://www.icir.org/floyd/papers/early.twocolumn.pdf">Floyd, Jacobson: Random
 *     early detection gateways for congestion avoidance (1993)</a>
 * @see <a href="https://doi.org/10.1109/90.664262">Choudhury, Hahne: Dynamic queue length
 *     thresholds for shared-memory packet switches (1998)</a>
 */
final class SlowLoad {

    private static final double GAIN = 4;

    /* What a batch counts for when the next one has come: a tier that changes is to be seen at once,
     * and the time of a flow not to be taken from a few batches that were interrupted. */
    private static final double LATEST = 0.8;
    private static final double LONG = 0.98;

    /** What the latest flow counts for in the delay that is shown. */
    private static final double SHOWN_WEIGHT = 1.0 / 64;

    /** What the latest context counts for in how long they take. */
    private static final double CONTEXT_WEIGHT = 1.0 / 64;

    /** A batch of one source takes so many times as long for its flows as for itself. */
    private static final double WORTH = 2;

    /** What part of a batch one source may always have, whatever is measured. */
    private static final int PARTS = 256;

    /** How many times as large as the latest ones a batch of one source may be. */
    private static final double GROWTH = 2;

    /** A batch that takes more than so many times as long as expected counts as that long. */
    private static final double INTERRUPTED = 2;

    /** What part of the target a batch may take because of its flows. */
    private static final double TARGET_PARTS = 8;

    /** So long no second source has had flows here before a source counts as the only one. */
    private static final long ALONE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** So long no flow is refused before all is said to be well. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final double SECOND = 1e9;

    private final ContextJoin.Load limits;
    private final int maxFlows;
    private final double targetSeconds;
    private final SourcePrefixes prefixes;
    private final SlowLoadListener listener;

    private final int[] held = new int[SourcePrefixes.COUNT];

    /* Of those, the flows that are ready. */
    private final int[] ready = new int[SourcePrefixes.COUNT];

    /** How many have flows here. */
    private int sources;

    /* When several had flows here last, if they ever did. */
    private boolean everSeveral;
    private long severalNanos;

    /* How strict the bar for flows to be escalated is, by source, and when that was computed. */
    private final double[] strictness = new double[SourcePrefixes.COUNT];
    private final long[] strictnessNanos = new long[SourcePrefixes.COUNT];

    private final Map<String, RecentUncertainties> uncertainties = new HashMap<>();
    private final BatchTimes times = new BatchTimes(LATEST);
    private final BatchTimes longTimes = new BatchTimes(LONG);
    private double contextSeconds;
    private int fullBatch = 1;
    private long progressNanos;

    /* As of the latest look. */
    private double flowsUnderWay;
    private int batchesUnderWay = 1;
    private double lateSeconds;

    private double shownSeconds;
    private boolean refusing;
    private long refusedNanos;
    private long refused;

    SlowLoad(
            final ContextJoin.Load limits,
            final int maxFlows,
            final SourcePrefixes prefixes,
            final SlowLoadListener listener) {
        this.limits = limits;
        this.maxFlows = maxFlows;
        this.targetSeconds = limits.targetDelayNanos() / SECOND;
        this.prefixes = prefixes;
        this.listener = listener;
    }

    /** The number of a flow's source. */
    int source(final FlowRecord flow) {
        return prefixes.of(flow);
    }

    /** Counts a flow that has come in. */
    void entered(final int source, final long now) {
        if (held[source]++ == 0) {
            sources++;
        }
        if (sources > 1) {
            everSeveral = true;
            severalNanos = now;
        }
    }

    /** Counts a flow that has gone out. */
    void left(final int source) {
        if (--held[source] == 0) {
            sources--;
        }
    }

    /** Counts a flow that is ready. */
    void queued(final int source) {
        ready[source]++;
    }

    /** Counts a flow that is ready no longer. */
    void dequeued(final int source) {
        ready[source]--;
    }

    /**
     * Most flows in a batch: all of them wait for all, so a tier that takes long for each has few
     * at a time, an eighth of the target, or as many as the batch needs to be worth its fixed cost.
     *
     * @param most most flows in the batch
     */
    int mostOfABatch(final int most) {
        if (targetSeconds == 0 || times.perFlow() == 0) {
            return most;
        }
        final double inTime = targetSeconds / TARGET_PARTS / times.perFlow();
        return (int) Math.max(1, Math.min(most, Math.max(inTime, worth(times))));
    }

    private static double worth(final BatchTimes of) {
        return WORTH * of.perBatch() / Math.max(1e-9, of.perFlow());
    }

    /**
     * Most flows of one source in a batch. What comes while a batch is being answered waits for all
     * of it, whosever flows are in it; so where there are other sources, one has no more than the
     * batch needs to be worth its fixed cost, and at least a part of it. Sources that have nothing
     * here at this moment are there too: a full batch would keep the next flow of theirs waiting.
     *
     * <p>Between batches of one size the time of a flow is measured badly, and may seem to be none.
     * So it is that of many batches, and they grow step by step, by which it is measured.
     *
     * @param most most flows in the batch
     */
    int mostOfASource(final int most, final long now) {
        if (sources <= 1 && !(everSeveral && now - severalNanos < ALONE_NANOS)) {
            return most;
        }
        final double grown = Math.min(worth(longTimes), GROWTH * longTimes.meanFlows());
        return (int) Math.max(Math.max(1, most / PARTS), Math.min(most, grown));
    }

    /** Notes how uncertain a flow is that is to be escalated. */
    void asked(final Verdict verdict) {
        uncertainties(verdict).add(verdict.uncertainty());
    }

    /** Notes how long a context has taken to come. */
    void met(final long nanos) {
        contextSeconds += CONTEXT_WEIGHT * (nanos / SECOND - contextSeconds);
    }

    /** Notes that a batch goes out. */
    void handedOut(final long now, final int most) {
        fullBatch = most;
        progressNanos = now;
    }

    /** Notes that the slow tier has answered a batch. */
    void answered(final long now, final int flows, final long nanos) {
        times.add(flows, nanos / SECOND);
        longTimes.add(flows, uninterrupted(flows, nanos / SECOND));
        progressNanos = now;
    }

    /** A batch that a busy machine held up says nothing of what batches and flows take. */
    private double uninterrupted(final int flows, final double took) {
        final double expected = longTimes.of(flows);
        return expected > 0 ? Math.min(took, INTERRUPTED * expected) : took;
    }

    /** Looks at what the slow tier has in hand, before flows are asked about. */
    void look(final long now, final Collection<? extends InHand> batches) {
        double flows = 0;
        double longest = 0;
        int count = 0;
        for (final InHand batch : batches) {
            if (batch.isForSlowTier()) {
                final double expected = times.of(batch.flows());
                final double elapsed = (now - batch.sinceNanos()) / SECOND;
                if (expected > elapsed) {
                    flows += batch.flows() * (1 - elapsed / expected);
                }
                longest = Math.max(longest, expected);
                count++;
            }
        }
        flowsUnderWay = flows;
        batchesUnderWay = Math.max(1, count);
        lateSeconds =
                count == 0 || longest == 0
                        ? 0
                        : Math.max(0, (now - progressNanos) / SECOND - longest);
    }

    /** A batch that has gone out. */
    interface InHand {

        boolean isForSlowTier();

        int flows();

        long sinceNanos();
    }

    /**
     * Why a flow is not to wait for its context, if it is not.
     *
     * @param ahead ready flows that go out before one of this source
     * @param all flows that are held
     */
    Optional<Reason> atEscalation(
            final FlowRecord flow,
            final Verdict verdict,
            final int source,
            final int ahead,
            final int all,
            final long now) {
        final Optional<Reason> reason;
        if (all >= maxFlows || verdict.uncertainty() < 2.0 * all / maxFlows - 1.0) {
            reason = Optional.of(Reason.SLOW_QUEUE_FULL);
        } else if (held[source] >= share(maxFlows - all)) {
            reason = Optional.of(Reason.SLOW_SOURCE_SHARE);
        } else {
            final double seconds = seconds(ahead);
            reason = byDelay(flow, verdict, seconds, lagging(source, seconds, now));
        }
        reason.ifPresent(why -> refused(why, verdict, source, all, now));
        return reason;
    }

    /**
     * Why a flow that has met its context is not to be answered by the slow tier, if it is not.
     *
     * @param ahead ready flows that go out before one of this source
     * @param all flows that are held
     */
    Optional<Reason> whenReady(
            final FlowRecord flow,
            final Verdict verdict,
            final int source,
            final int ahead,
            final int all,
            final long now) {
        final double seconds = seconds(ahead);
        final Optional<Reason> reason =
                isReadyFull(source)
                        ? Optional.of(Reason.SLOW_SOURCE_SHARE)
                        : byDelay(flow, verdict, seconds, strictness(seconds));
        reason.ifPresent(why -> refused(why, verdict, source, all, now));
        return reason;
    }

    private boolean isReadyFull(final int source) {
        return limits.maxSourceReady() > 0 && ready[source] >= limits.maxSourceReady();
    }

    private double share(final int free) {
        final double share = limits.maxSourceShare();
        return share >= 1 ? maxFlows : free * share / (1 - share);
    }

    /** Seconds that a flow waits which so many go out before. */
    private double seconds(final int ahead) {
        return times.of(flowsUnderWay + ahead, fullBatch) / batchesUnderWay + lateSeconds;
    }

    private double strictness(final double seconds) {
        return targetSeconds > 0 ? GAIN * Math.max(0, seconds / targetSeconds - 1) : 0;
    }

    /** Down at once, up with the time that contexts take. */
    private double lagging(final int source, final double seconds, final long now) {
        final double present = strictness(seconds);
        final double before = strictness[source];
        if (present > before) {
            final double elapsed = (now - strictnessNanos[source]) / SECOND;
            strictness[source] =
                    before + (present - before) * -Math.expm1(-elapsed / (contextSeconds + 1e-3));
        } else {
            strictness[source] = present;
        }
        strictnessNanos[source] = now;
        return strictness[source];
    }

    private Optional<Reason> byDelay(
            final FlowRecord flow,
            final Verdict verdict,
            final double seconds,
            final double strict) {
        shownSeconds += SHOWN_WEIGHT * (seconds - shownSeconds);
        if (strict <= 0
                || uncertainties(verdict).below(verdict.uncertainty(), among(flow))
                        >= -Math.expm1(-strict)) {
            return Optional.empty();
        }
        return Optional.of(Reason.SLOW_OVERLOADED);
    }

    /**
     * Where a flow is among those that are as uncertain: always the same, and as good as random.
     */
    private static double among(final FlowRecord flow) {
        final int mixed = flow.id().uid().hashCode() * 0x9e3779b9;
        return (mixed >>> 8) * 0x1p-24;
    }

    private RecentUncertainties uncertainties(final Verdict verdict) {
        return uncertainties.computeIfAbsent(
                verdict.bundle().task(), task -> new RecentUncertainties());
    }

    private void refused(
            final Reason reason,
            final Verdict verdict,
            final int source,
            final int all,
            final long now) {
        refused++;
        refusedNanos = now;
        if (!refusing) {
            refusing = true;
            listener.refusing(
                    reason,
                    new SlowLoadListener.Figures(
                            shownSeconds,
                            threshold(verdict.bundle().task()),
                            all,
                            maxFlows,
                            held[source],
                            (int) share(maxFlows - all),
                            ready[source],
                            limits.maxSourceReady()));
        }
    }

    /** Says so if no flow has been refused for long enough. */
    void quiet(final long now) {
        if (refusing && now - refusedNanos >= QUIET_NANOS) {
            refusing = false;
            listener.takingAll(refused);
            refused = 0;
        }
    }

    /**
     * Seconds that ready flows wait for the slow tier, on average over those that came lately.
     *
     * @param ready how many flows are ready
     */
    double delaySeconds(final int ready) {
        return Math.min(shownSeconds, seconds(ready));
    }

    /** The highest bar of the tasks at this delay; 0 while all flows are taken. */
    double threshold(final int ready) {
        final double refusedShare = -Math.expm1(-strictness(delaySeconds(ready)));
        double highest = 0;
        for (final RecentUncertainties ofTask : uncertainties.values()) {
            highest = Math.max(highest, ofTask.quantile(refusedShare));
        }
        return highest;
    }

    private double threshold(final String task) {
        return uncertainties.get(task).quantile(-Math.expm1(-strictness(shownSeconds)));
    }
}
