/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import io.serveflow.model.TierScorer;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Two classes: the first feature of a row is the probability of the first. */
public final class EchoScorer implements TierScorer {

    public static final int COLUMNS = 3;
    public static final int CLASSES = 2;

    private final UnaryOperator<float[]> spoilt;
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger largest = new AtomicInteger();

    EchoScorer(final UnaryOperator<float[]> spoilt) {
        this.spoilt = spoilt;
    }

    public EchoScorer() {
        this(row -> row);
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public int classes() {
        return CLASSES;
    }

    @Override
    public int rows() {
        return 128;
    }

    @Override
    public void score(
            final int n,
            final FloatBuffer features,
            final FloatBuffer probabilities,
            final End end) {
        calls.incrementAndGet();
        largest.accumulateAndGet(n, Math::max);
        final float[] row = new float[COLUMNS];
        for (int i = 0; i < n; i++) {
            features.get(row);
            probabilities.put(spoilt.apply(new float[] {row[0], 1 - row[0]}));
        }
        end.scored(Outcome.complete(1));
    }

    @Override
    public void close() {}
}
