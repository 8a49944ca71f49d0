/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.flow.FlowRecord;
import io.serveflow.pool.ObjectPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;

/**
 * One tier ready to answer: its encoder, whoever scores for it, and its calibration.
 *
 * <p>Safe for use by many threads. A tier that is closed while flows are being scored is freed when
 * the last of them is done.
 */
public final class TierModel implements AutoCloseable {

    /** Most bytes of features that a scorer is given at once, unless so few rows are wider. */
    private static final int MOST_BYTES = 1 << 20;

    private static final int LEAST_ROWS = 32;

    private final TierSpec spec;
    private final TierScorer scorer;
    private final int rows;
    private final RefCount references = new RefCount();
    private final ObjectPool<Buffers> pool = new ObjectPool<>();

    private TierModel(final TierSpec spec, final TierScorer scorer) {
        this.spec = spec;
        this.scorer = scorer;
        this.rows =
                Math.min(
                        scorer.rows(),
                        Math.max(LEAST_ROWS, MOST_BYTES / (Float.BYTES * scorer.columns())));
    }

    /**
     * Opens a tier of a bundle, scored by whoever scores such models.
     *
     * @param classes how many labels its bundle has
     * @param model the content of the tier's file
     * @throws BundleException if nobody scores with such a file, or it is no model with the input
     *     and the output that the encoder and the labels ask for
     */
    public static TierModel open(final TierSpec spec, final int classes, final byte[] model) {
        return of(spec, TierScorer.Provider.INSTALLED.open(spec, classes, model));
    }

    /**
     * A tier for which somebody scores, who is closed with it, or at once where this throws.
     *
     * @throws BundleException if the scorer reads other rows than the tier's encoder writes
     */
    public static TierModel of(final TierSpec spec, final TierScorer scorer) {
        if (scorer.columns() != spec.encoder().width()) {
            scorer.close();
            throw new BundleException(
                    "tier "
                            + spec.name()
                            + ": its encoder writes "
                            + spec.encoder().width()
                            + " columns, its scorer reads "
                            + scorer.columns());
        }
        return new TierModel(spec, scorer);
    }

    /** The tier as its bundle states it. */
    public TierSpec spec() {
        return spec;
    }

    /** What turns a flow into a row of the model's input. */
    public FeatureEncoder encoder() {
        return spec.encoder();
    }

    /**
     * Who scores for it, for somebody who has rows of features made elsewhere; not to be used once
     * the tier is closed, nor closed.
     */
    public TierScorer scorer() {
        return scorer;
    }

    /** How many labels the tier tells apart. */
    public int classes() {
        return scorer.classes();
    }

    /**
     * Writes the calibrated probabilities of n flows, those of flow i at {@code [i * classes, (i +
     * 1) * classes)}, and waits for them if it has to. They do not depend on which flows are scored
     * together.
     *
     * @param flow the flow record of a row, asked for once a row and in order
     * @param probabilities room for {@code n * classes} values or more
     * @throws IllegalStateException if the tier is closed
     * @throws RuntimeException if a row has no answer; why
     */
    public void score(
            final int n, final IntFunction<FlowRecord> flow, final float[] probabilities) {
        final Waiting waiting = new Waiting();
        score(n, flow, probabilities, waiting);
        final Optional<RuntimeException> failure = waiting.await().failure();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /**
     * Begins to score n flows and returns; {@code end} is called, once, by this thread before it
     * returns or later by another one. Then the calibrated probabilities of flow i are at {@code [i
     * * classes, (i + 1) * classes)}, unless it is one of those that failed.
     *
     * @param flow the flow record of a row, asked for once a row and in order
     * @param probabilities room for {@code n * classes} values or more; left alone until the end
     * @throws IllegalStateException if the tier is closed
     */
    public void score(
            final int n,
            final IntFunction<FlowRecord> flow,
            final float[] probabilities,
            final TierScorer.End end) {
        scoreRows(n, (from, count, room) -> encode(flow, from, count, room), probabilities, end);
    }

    /**
     * Begins to score n rows as {@link #score(int, IntFunction, float[], TierScorer.End)} does,
     * whoever has made them.
     *
     * @param rows asked for all rows, in order, and notified when none is read any more, also where
     *     this throws
     * @throws IllegalStateException if the tier is closed
     */
    public void scoreRows(
            final int n,
            final RowSource rows,
            final float[] probabilities,
            final TierScorer.End end) {
        if (n < 0 || (long) n * classes() > probabilities.length) {
            rows.done();
            throw new IllegalArgumentException(
                    n
                            + " flows of "
                            + classes()
                            + " classes do not fit into "
                            + probabilities.length
                            + " probabilities");
        }
        if (!references.retain()) {
            rows.done();
            throw new IllegalStateException("tier " + spec.name() + " is closed");
        }
        new Scoring(n, rows, probabilities, end).run();
    }

    private FloatBuffer encode(
            final IntFunction<FlowRecord> flow,
            final int from,
            final int count,
            final FloatBuffer room) {
        for (int row = 0; row < count; row++) {
            encoder().encode(flow.apply(from + row), room);
        }
        return room.flip();
    }

    /** Frees the model as soon as nothing is being scored. Later calls do nothing. */
    @Override
    public void close() {
        if (references.close()) {
            scorer.close();
        }
    }

    private Buffers buffers(final int n) {
        final int needed = Math.min(n, rows);
        final Optional<Buffers> kept = pool.borrow();
        return kept.isPresent() && kept.get().rows >= needed
                ? kept.get()
                : new Buffers(
                        Math.min(rows, Math.max(LEAST_ROWS, powerOfTwo(needed))),
                        encoder().width(),
                        classes());
    }

    /** The least one that is not below n. */
    private static int powerOfTwo(final int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }

    /**
     * One call: rows are made and given to the scorer, as many at once as there is room for. Where
     * the scorer ends on another thread, that thread goes on.
     */
    private final class Scoring implements TierScorer.End {

        private final int n;
        private final RowSource source;
        private final float[] probabilities;
        private final TierScorer.End end;
        private final Buffers buffers;

        /** Set by the first of two: the scorer tells its end, and the call of it returns. */
        private final AtomicBoolean met = new AtomicBoolean();

        private int from;
        private int count;
        private long nanos;
        private Optional<BitSet> failed = Optional.empty();
        private Optional<RuntimeException> failure = Optional.empty();

        private Scoring(
                final int n,
                final RowSource source,
                final float[] probabilities,
                final TierScorer.End end) {
            this.n = n;
            this.source = source;
            this.probabilities = probabilities;
            this.end = end;
            this.buffers = buffers(n);
        }

        private void run() {
            while (from < n) {
                count = Math.min(buffers.rows, n - from);
                met.set(false);
                try {
                    final FloatBuffer features = source.rows(from, count, buffers.input.clear());
                    buffers.output.clear().limit(count * classes());
                    scorer.score(count, features, buffers.output, this);
                } catch (final RuntimeException e) {
                    take(TierScorer.Outcome.failure(0, count, e));
                    continue;
                }
                if (met.compareAndSet(false, true)) {
                    return;
                }
            }
            finish();
        }

        @Override
        public void scored(final TierScorer.Outcome outcome) {
            take(outcome);
            if (!met.compareAndSet(false, true)) {
                run();
            }
        }

        private void take(final TierScorer.Outcome outcome) {
            nanos += outcome.nanos();
            outcome.failure().ifPresent(why -> fail(outcome.failed(), why));
            buffers.output.clear().get(probabilities, from * classes(), count * classes());
            for (int row = 0; row < count; row++) {
                if (!outcome.failed().get(row)) {
                    calibrate(from + row);
                }
            }
            /* A scorer that answers no row at all is not asked for the rest. */
            from = outcome.failed().cardinality() == count ? failRest() : from + count;
        }

        private void fail(final BitSet some, final RuntimeException why) {
            final BitSet all = failed.orElseGet(BitSet::new);
            some.stream().forEach(row -> all.set(from + row));
            failed = Optional.of(all);
            failure = failure.or(() -> Optional.of(why));
        }

        private int failRest() {
            failed.orElseThrow().set(from, n);
            return n;
        }

        private void calibrate(final int row) {
            try {
                spec.calibration().apply(probabilities, row * classes(), classes());
            } catch (final IllegalArgumentException e) {
                final BitSet one = new BitSet();
                one.set(row - from);
                fail(
                        one,
                        new IllegalStateException(
                                "tier "
                                        + spec.name()
                                        + " gives no probabilities: "
                                        + e.getMessage(),
                                e));
            }
        }

        private void finish() {
            pool.giveBack(buffers);
            source.done();
            if (references.release()) {
                scorer.close();
            }
            end.scored(
                    failure.isPresent()
                            ? TierScorer.Outcome.partial(nanos, failed.orElseThrow(), failure.get())
                            : TierScorer.Outcome.complete(nanos));
        }
    }

    /**
     * The end of a scoring that somebody waits for; nothing is waited for if it is there already.
     */
    private static final class Waiting implements TierScorer.End {

        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Optional<TierScorer.Outcome> outcome = Optional.empty();

        @Override
        public void scored(final TierScorer.Outcome scored) {
            outcome = Optional.of(scored);
            ended.countDown();
        }

        private TierScorer.Outcome await() {
            try {
                ended.await();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a tier", e);
            }
            return outcome.orElseThrow();
        }
    }

    /** What a scorer reads and writes, outside the Java heap, where ONNX Runtime needs no copy. */
    private static final class Buffers {

        private final int rows;
        private final FloatBuffer input;
        private final FloatBuffer output;

        private Buffers(final int rows, final int columns, final int classes) {
            this.rows = rows;
            this.input = direct(rows * columns);
            this.output = direct(rows * classes);
        }

        private static FloatBuffer direct(final int floats) {
            return ByteBuffer.allocateDirect(floats * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
    }
}
