/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;
import io.serveflow.model.UncertaintyScore;
import io.serveflow.model.UnknownThresholds;
import io.serveflow.pool.ObjectPool;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import io.serveflow.verdict.VerdictStage;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * One tier of a cascade at work: it answers the flows of a batch and says, by the threshold of its
 * hop, which answers stand and which flows move on.
 *
 * <p>Safe for use by many threads, each with its own batch.
 */
public final class CascadeTier implements AutoCloseable {

    private static final BitSet NO_ROWS = new BitSet(0);

    private final TierModel model;
    private final TierSpec spec;
    private final List<String> labels;
    private final Verdict.BundleRef bundle;
    private final Optional<HopThreshold> hop;
    private final Optional<UnknownThresholds> unknown;
    private final UncertaintyScore score;

    /** The hop to the next tier, as the ledger counts it. */
    private final String hopDetail;

    private final LongSupplier nanoClock;
    private final Ledger ledger;
    private final VerdictListener listener;
    private final SharedRows.Use rows;

    /** Room for the probabilities of a batch. */
    private final ObjectPool<float[]> pool = new ObjectPool<>();

    /**
     * A tier that shares no rows of features with others.
     *
     * @throws IllegalArgumentException if the bundle has no tier of that name
     */
    public CascadeTier(
            final Bundle bundle,
            final String tier,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this(bundle, tier, new SharedRows(), nanoClock, ledger, listener);
    }

    /**
     * @param shared the rows of features that this tier and others read; closed by nobody
     * @param nanoClock a clock like {@link System#nanoTime()}
     * @param listener called with each verdict that stands
     * @throws IllegalArgumentException if the bundle has no tier of that name
     */
    public CascadeTier(
            final Bundle bundle,
            final String tier,
            final SharedRows shared,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this(bundle, tier, bundle::tier, shared, nanoClock, ledger, listener);
    }

    /**
     * A tier of the bundle, for which somebody else scores than in the bundle.
     *
     * @param model the tier's, closed by whoever opened it
     */
    public CascadeTier(
            final Bundle bundle,
            final TierModel model,
            final SharedRows shared,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this(bundle, model.spec().name(), name -> model, shared, nanoClock, ledger, listener);
    }

    private CascadeTier(
            final Bundle bundle,
            final String tier,
            final Function<String, TierModel> models,
            final SharedRows shared,
            final LongSupplier nanoClock,
            final Ledger ledger,
            final VerdictListener listener) {
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.listener = Objects.requireNonNull(listener, "listener");
        final BundleManifest manifest = bundle.manifest();
        final int index = manifest.tiers().stream().map(TierSpec::name).toList().indexOf(tier);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "bundle "
                            + manifest.name()
                            + " has no tier '"
                            + tier
                            + "'; it has "
                            + String.join(
                                    ", ", manifest.tiers().stream().map(TierSpec::name).toList()));
        }
        final List<HopThreshold> hops = manifest.hops();
        final boolean last = index == manifest.tiers().size() - 1;
        this.model = models.apply(tier);
        this.spec = manifest.tiers().get(index);
        this.labels = manifest.labels();
        this.bundle = bundle.ref();
        this.hop = last ? Optional.empty() : Optional.of(hops.get(index));
        this.unknown = manifest.unknown();
        this.score =
                hops.isEmpty()
                        ? UncertaintyScore.LEAST_CONFIDENCE
                        : hops.get(Math.min(index, hops.size() - 1)).score();
        this.hopDetail =
                last
                        ? ""
                        : manifest.task()
                                + "/"
                                + tier
                                + "-"
                                + manifest.tiers().get(index + 1).name();
        this.rows = shared.use(spec);
    }

    /**
     * Ends the sharing of rows of features with other tiers; the bundle is closed by whoever loaded
     * it. Later calls do nothing.
     */
    @Override
    public void close() {
        rows.close();
    }

    /** The tier as its bundle states it. */
    public TierSpec spec() {
        return spec;
    }

    /** The bundle that the tier is of. */
    public Verdict.BundleRef bundle() {
        return bundle;
    }

    /**
     * Begins to answer every row of the batch that the tier {@linkplain
     * TierSpec#answers(FlowRecord) answers} and returns; {@code done} is called, once, by this
     * thread before it returns or later by another one. An answer for a flow of which a verdict was
     * given out supersedes that.
     *
     * @throws IllegalArgumentException if the tier answers no records of the batch's stage
     * @throws IllegalStateException if the tier is closed
     */
    public void decide(final FlowBatch batch, final Consumer<Decision> done) {
        decide(batch, Rows.ALL, done);
    }

    /** Which rows of a batch are asked about. */
    public enum Rows {
        /** All, whatever verdicts they have. */
        ALL,
        /** Those without a verdict for the tier's task that stands; the others keep theirs. */
        OPEN
    }

    /**
     * Answers some rows as {@link #decide(FlowBatch, Consumer)} does for all. A batch of which no
     * row is asked about is left as it is, whatever its stage.
     *
     * @throws IllegalArgumentException if a row is asked about and the tier answers no records of
     *     the batch's stage
     * @throws IllegalStateException if the tier is closed
     */
    public void decide(final FlowBatch batch, final Rows which, final Consumer<Decision> done) {
        decide(batch, which, row -> true, done);
    }

    /**
     * Answers some of those rows, by their indexes; the others keep what they have.
     *
     * @throws IllegalArgumentException if the tier answers no records of the batch's stage
     * @throws IllegalStateException if the tier is closed
     */
    public void decide(
            final FlowBatch batch,
            final Rows which,
            final IntPredicate some,
            final Consumer<Decision> done) {
        final FlowBatch flows = batch.of(bundle.task());
        final int[] asked = new int[flows.size()];
        final BitSet tooShort = new BitSet(0);
        /* Of other records the stage alone says whether the tier answers them. */
        final boolean mayBeShort = flows.stage() == FlowRecord.Stage.CONTEXT;
        int n = 0;
        for (int i = 0; i < asked.length; i++) {
            if (!some.test(i)
                    || which == Rows.OPEN && flows.hasVerdict(i) && flows.verdict(i).isFinal()) {
                continue;
            }
            if (!mayBeShort || spec.answers(flows.record(i))) {
                asked[n++] = i;
            } else {
                tooShort.set(i);
            }
        }
        if (n == 0) {
            done.accept(new Decision(flows, tooShort, NO_ROWS, Optional.empty()));
            return;
        }
        if (!spec.answers(batch.stage())) {
            throw new IllegalArgumentException(refusal(batch.stage()));
        }
        new Deciding(flows, n == asked.length ? asked : Arrays.copyOf(asked, n), tooShort, done)
                .begin();
    }

    /**
     * Gives every row of the batch this tier's verdict, and waits for it if it has to.
     *
     * @return the same records with those verdicts
     * @throws IllegalArgumentException if the tier does not answer one of the records
     * @throws IllegalStateException if the tier is closed, or has no answer for a row
     */
    public FlowBatch decide(final FlowBatch batch) {
        final Decision decision = await(batch);
        if (!decision.isComplete()) {
            throw why(decision);
        }
        return decision.batch();
    }

    /** Answers what it can of a batch, and waits for it if it has to. */
    Decision await(final FlowBatch batch) {
        final CompletableFuture<Decision> decision = new CompletableFuture<>();
        decide(batch, decision::complete);
        return decision.join();
    }

    /** What becomes of a batch whose records are all too short. */
    Decision unasked(final FlowBatch batch) {
        final BitSet all = new BitSet(batch.size());
        all.set(0, batch.size());
        return new Decision(batch.of(bundle.task()), all, NO_ROWS, Optional.empty());
    }

    /**
     * What became of a batch.
     *
     * @param batch the records; those that the tier has answered have its verdicts, the others what
     *     they had before
     * @param tooShort the rows that it has not answered because their records hold less than it
     *     reads, of flows that go on; not to be changed
     * @param failed the rows that its scorer has no answer for; not to be changed
     * @param failure why the scorer has none; there if and only if there are such rows
     */
    public record Decision(
            FlowBatch batch, BitSet tooShort, BitSet failed, Optional<RuntimeException> failure) {

        /** Whether every row is answered. */
        public boolean isComplete() {
            return tooShort.isEmpty() && failed.isEmpty();
        }

        private boolean isAnswered(final int row) {
            return !tooShort.get(row) && !failed.get(row);
        }
    }

    /** Why a batch is not answered as a whole. */
    public RuntimeException why(final Decision decision) {
        return decision.failure()
                .orElseGet(() -> cut(decision.batch().record(decision.tooShort().nextSetBit(0))));
    }

    /**
     * Leaves out the rows that will never have a verdict, since their records are too short for the
     * first tier that is asked about them. Where nobody asks about the others again, whoever leaves
     * these out counts them as dropped.
     */
    public Decision withoutUnanswerable(final Decision decision) {
        final FlowBatch batch = decision.batch();
        final BitSet left = new BitSet(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            left.set(i, !decision.tooShort().get(i) || batch.hasVerdict(i));
        }
        if (left.cardinality() == batch.size()) {
            return decision;
        }
        return new Decision(
                batch.where(left::get),
                moved(decision.tooShort(), left),
                moved(decision.failed(), left),
                decision.failure());
    }

    /** Where marked rows are when only some are left. */
    private static BitSet moved(final BitSet marked, final BitSet left) {
        final BitSet moved = new BitSet();
        int row = 0;
        for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
            moved.set(row++, marked.get(i));
        }
        return moved;
    }

    /**
     * Lets the earlier verdicts of the rows that have no answer stand, if all of them have one, and
     * counts them. Their reason is {@link ContextJoin#SLOW_UNAVAILABLE}, so that the tier may be
     * asked again, or else that of {@link Reason#RECORD_TOO_SHORT}.
     *
     * @return the batch with them; empty if a flow would be without any verdict
     */
    public Optional<FlowBatch> letStand(final Decision decision) {
        return letStand(decision, FallbackCounter.of(ledger));
    }

    /**
     * The same for a batch that may come again.
     *
     * @param counter counts those rows
     */
    public Optional<FlowBatch> letStand(final Decision decision, final FallbackCounter counter) {
        final FlowBatch batch = decision.batch();
        final Verdict[] verdicts = new Verdict[batch.size()];
        for (int i = 0; i < verdicts.length; i++) {
            if (!batch.hasVerdict(i)) {
                return Optional.empty();
            }
            verdicts[i] = batch.verdict(i);
            if (!decision.isAnswered(i)) {
                verdicts[i] =
                        standing(
                                batch,
                                i,
                                decision.tooShort().get(i)
                                        ? Reason.RECORD_TOO_SHORT.code()
                                        : ContextJoin.SLOW_UNAVAILABLE);
            }
        }
        for (int i = 0; i < verdicts.length; i++) {
            if (!decision.isAnswered(i)) {
                listener.given(batch.record(i), verdicts[i]);
            }
        }
        count(Reason.RECORD_TOO_SHORT, decision.tooShort().cardinality(), counter);
        count(Reason.TIER_FAILED, decision.failed().cardinality(), counter);
        return Optional.of(batch.withVerdicts(bundle.task(), verdicts));
    }

    private static Verdict standing(final FlowBatch batch, final int row, final String why) {
        final Verdict standing = batch.verdict(row).standing(why);
        return batch.hasGivenOut(row) && !standing.supersedes()
                ? standing.superseding(batch.givenOut(row))
                : standing;
    }

    private void count(final Reason reason, final int flows, final FallbackCounter counter) {
        if (flows > 0) {
            counter.fellBack(bundle.task(), reason, flows);
        }
    }

    private RuntimeException cut(final FlowRecord record) {
        return new IllegalArgumentException(
                "tier "
                        + spec.name()
                        + " of bundle "
                        + bundle.name()
                        + " reads "
                        + spec.reach()
                        + " of a flow, but the record of flow "
                        + record.id()
                        + " has only its first "
                        + record.packets().count()
                        + " packet(s); have the sensor keep as many as the tier reads");
    }

    private String refusal(final FlowRecord.Stage stage) {
        final String tier = "tier " + spec.name() + " of bundle " + bundle.name() + " reads ";
        return model.encoder().stages().contains(stage)
                ? tier
                        + spec.reach()
                        + " of a flow, and "
                        + stage
                        + " records hold packet 1 alone; send it context records"
                : tier + spec.features().encoder() + " features, which " + described(stage);
    }

    /** A batch on its way through the tier. */
    private final class Deciding implements TierScorer.End {

        private final FlowBatch batch;
        private final int[] asked;
        private final BitSet tooShort;
        private final Consumer<Decision> done;
        private final float[] probabilities;
        private final long started = nanoClock.getAsLong();

        private Deciding(
                final FlowBatch batch,
                final int[] asked,
                final BitSet tooShort,
                final Consumer<Decision> done) {
            this.batch = batch;
            this.asked = asked;
            this.tooShort = tooShort;
            this.done = done;
            this.probabilities = room(asked.length * labels.size());
        }

        private void begin() {
            model.scoreRows(asked.length, rows.of(batch, asked), probabilities, this);
        }

        @Override
        public void scored(final TierScorer.Outcome outcome) {
            final Decision decision;
            try {
                decision = decision(outcome);
            } finally {
                pool.giveBack(probabilities);
            }
            done.accept(decision);
        }

        private Decision decision(final TierScorer.Outcome outcome) {
            final int classes = labels.size();
            final long computeNanos = outcome.nanos() / asked.length;
            final Verdict[] verdicts = new Verdict[batch.size()];
            int escalated = 0;
            for (int i = 0; i < asked.length; i++) {
                if (!outcome.isComplete() && outcome.failed().get(i)) {
                    continue;
                }
                final FlowRecord flow = batch.record(asked[i]);
                Verdict verdict = verdict(flow, probabilities, i * classes, started, computeNanos);
                if (batch.hasGivenOut(asked[i])) {
                    verdict = verdict.superseding(batch.givenOut(asked[i]));
                }
                verdicts[asked[i]] = verdict;
                if (verdict.isFinal()) {
                    listener.given(flow, verdict);
                } else {
                    escalated++;
                }
            }
            if (escalated > 0) {
                ledger.add(Ledger.Entry.ESCALATED, hopDetail, escalated);
            }
            return outcome.isComplete() && asked.length == verdicts.length
                    ? new Decision(
                            batch.withVerdicts(bundle.task(), verdicts),
                            NO_ROWS,
                            NO_ROWS,
                            Optional.empty())
                    : incomplete(verdicts, outcome);
        }

        private Decision incomplete(final Verdict[] verdicts, final TierScorer.Outcome outcome) {
            final BitSet failed = new BitSet(verdicts.length);
            for (int i = 0; i < asked.length; i++) {
                failed.set(asked[i], outcome.failed().get(i));
            }
            for (int i = 0; i < verdicts.length; i++) {
                if (verdicts[i] == null && batch.hasVerdict(i)) {
                    verdicts[i] = batch.verdict(i);
                }
            }
            return new Decision(
                    batch.withVerdicts(bundle.task(), verdicts),
                    tooShort,
                    failed,
                    outcome.failure());
        }
    }

    private static String described(final FlowRecord.Stage stage) {
        return switch (stage) {
            case SUMMARY ->
                    "summaries of flows (a line of conn.log, a flow event of Suricata) do not have;"
                            + " send them to a tier with conn features";
            case FIRST, CONTEXT ->
                    stage + " records do not have; send them to a tier that reads them";
        };
    }

    private float[] room(final int values) {
        final Optional<float[]> kept = pool.borrow();
        return kept.isPresent() && kept.get().length >= values ? kept.get() : new float[values];
    }

    private Verdict verdict(
            final FlowRecord flow,
            final float[] probabilities,
            final int from,
            final long started,
            final long computeNanos) {
        final int predicted = mostProbable(probabilities, from);
        final double uncertainty = score.of(probabilities, from, labels.size());
        final boolean escalates = hop.isPresent() && hop.get().escalates(predicted, uncertainty);
        final int packets = Math.min(spec.reach().packets(flow.packets()), flow.packets().count());
        return Verdict.of(
                bundle,
                spec.name(),
                escalates ? VerdictStage.PROVISIONAL : VerdictStage.FINAL,
                escalates
                        ? labels.get(predicted)
                        : label(predicted, probabilities[from + predicted]),
                uncertainty,
                reason(flow, escalates),
                packets,
                waitMicros(flow, packets),
                TimeUnit.NANOSECONDS.toMicros(Math.max(0, started - flow.readNanos())),
                TimeUnit.NANOSECONDS.toMicros(computeNanos),
                labels,
                probabilities,
                from);
    }

    /**
     * How long after its first packet a flow was there as far as it was read. Seconds that are read
     * are over at their end, whenever their last packet came, unless the flow ended before.
     */
    private long waitMicros(final FlowRecord flow, final int packets) {
        if (packets == 0) {
            return Math.max(0, flow.summary().durationMicros());
        }
        final boolean wentOn =
                flow.end() == FlowRecord.End.TIMEOUT || packets < flow.packets().count();
        return wentOn && spec.reach().micros() > 0
                ? spec.reach().micros()
                : flow.packets().offsetMicros(packets - 1);
    }

    /** The lower label wins a tie. */
    private int mostProbable(final float[] probabilities, final int from) {
        int best = 0;
        for (int label = 1; label < labels.size(); label++) {
            if (probabilities[from + label] > probabilities[from + best]) {
                best = label;
            }
        }
        return best;
    }

    /** What an answer that stands says: its label, or that the flow is like none. */
    private String label(final int predicted, final double confidence) {
        return unknown.isPresent() && unknown.get().isUnknown(predicted, confidence)
                ? Verdict.UNKNOWN
                : labels.get(predicted);
    }

    private String reason(final FlowRecord flow, final boolean escalates) {
        if (hop.isPresent()) {
            return escalates ? "uncertain" : "certain";
        }
        return flow.end().name().toLowerCase(Locale.ROOT);
    }
}
