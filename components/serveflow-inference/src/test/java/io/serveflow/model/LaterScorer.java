/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.model.onnx.OnnxScorer;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;

/** Scores with ONNX Runtime on another thread, as a server elsewhere does, and not all rows. */
public final class LaterScorer implements TierScorer {

    private final TierScorer scorer;
    private final Executor threads;
    private final IntPredicate fails;

    LaterScorer(final TierScorer scorer, final Executor threads, final IntPredicate fails) {
        this.scorer = scorer;
        this.threads = threads;
        this.fails = fails;
    }

    /**
     * Scores the last tier of a bundle so, once its golden vectors have been; the others at once.
     *
     * @param fails which rows of a call with more than the golden vectors have no answer
     */
    public static Provider provider(final Executor threads, final IntPredicate fails) {
        return new Provider() {
            @Override
            public boolean opens(final TierSpec tier) {
                return true;
            }

            @Override
            public TierScorer open(final TierSpec tier, final int classes, final byte[] model) {
                return new LaterScorer(OnnxScorer.open(tier, classes, model), threads, fails);
            }
        };
    }

    @Override
    public int columns() {
        return scorer.columns();
    }

    @Override
    public int classes() {
        return scorer.classes();
    }

    @Override
    public int rows() {
        return 4096;
    }

    @Override
    public void score(
            final int n,
            final FloatBuffer features,
            final FloatBuffer probabilities,
            final End end) {
        threads.execute(
                () ->
                        scorer.score(
                                n,
                                features,
                                probabilities,
                                outcome -> end.scored(some(n, outcome))));
    }

    private Outcome some(final int n, final Outcome outcome) {
        final BitSet failed = new BitSet(n);
        for (int row = 0; row < n; row++) {
            failed.set(row, n > 20 && fails.test(row));
        }
        return failed.isEmpty()
                ? outcome
                : Outcome.partial(
                        outcome.nanos(),
                        failed,
                        new IllegalStateException("no answer for these rows"));
    }

    @Override
    public void close() {
        scorer.close();
    }
}
