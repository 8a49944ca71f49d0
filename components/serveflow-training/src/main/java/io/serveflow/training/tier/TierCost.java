/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.tier;

import io.serveflow.flow.FlowRecord;
import io.serveflow.model.TierModel;
import io.serveflow.model.onnx.OnnxScorer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a tier costs, measured on one thread.
 *
 * @param featureMicros making features of a flow, a flow's share of a batch
 * @param inferenceMicros answering, a flow's share of a batch
 * @param aloneMicros both for a flow that is in no batch
 */
public record TierCost(double featureMicros, double inferenceMicros, double aloneMicros) {

    /** Flows that are scored together, as the application does. */
    public static final int BATCH = OnnxScorer.BATCH;

    private static final int MAX_BATCHES = 32;
    private static final long WARM_UP_NANOS = 400_000_000L;
    private static final int ROUNDS = 15;

    /** Microseconds until the answers of a batch are there, all at once. */
    public double batchMicros() {
        return (featureMicros + inferenceMicros) * BATCH;
    }

    /**
     * Measures a tier after a warm-up: the median of {@value #ROUNDS} rounds over the same flows.
     *
     * @param flows what the tier is to read, at least one
     * @param nanoClock a clock like {@link System#nanoTime()}
     */
    public static TierCost measure(
            final TierModel tier, final List<FlowRecord> flows, final LongSupplier nanoClock) {
        final Bench bench = new Bench(tier, flows);
        final long warm = nanoClock.getAsLong() + WARM_UP_NANOS;
        do {
            bench.features();
            bench.answers();
        } while (nanoClock.getAsLong() < warm);
        final double[] feature = new double[ROUNDS];
        final double[] both = new double[ROUNDS];
        final double[] alone = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            feature[round] = micros(bench::features, bench.rows(), nanoClock);
            both[round] = micros(bench::answers, bench.rows(), nanoClock);
            alone[round] = micros(bench::alone, bench.batches, nanoClock);
        }
        final double features = median(feature);
        return new TierCost(features, Math.max(0, median(both) - features), median(alone));
    }

    private static double micros(
            final Runnable work, final int flows, final LongSupplier nanoClock) {
        final long started = nanoClock.getAsLong();
        work.run();
        return (nanoClock.getAsLong() - started) / 1e3 / flows;
    }

    private static double median(final double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** The flows that are measured with, drawn evenly from all. */
    private static final class Bench {

        private final TierModel tier;
        private final List<FlowRecord> flows;
        private final int batches;
        private final FloatBuffer input;
        private final float[] output;

        Bench(final TierModel tier, final List<FlowRecord> flows) {
            this.tier = tier;
            this.flows = flows;
            this.batches = Math.min(MAX_BATCHES, (flows.size() + BATCH - 1) / BATCH);
            this.input =
                    ByteBuffer.allocateDirect(BATCH * tier.encoder().width() * Float.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            this.output = new float[BATCH * tier.classes()];
        }

        int rows() {
            return batches * BATCH;
        }

        private FlowRecord flow(final int row) {
            return flows.get((int) ((long) row * flows.size() / rows()));
        }

        void features() {
            for (int row = 0; row < rows(); row++) {
                if (row % BATCH == 0) {
                    input.clear();
                }
                tier.encoder().encode(flow(row), input);
            }
        }

        void answers() {
            for (int batch = 0; batch < batches; batch++) {
                final int first = batch * BATCH;
                tier.score(BATCH, row -> flow(first + row), output);
            }
        }

        void alone() {
            for (int batch = 0; batch < batches; batch++) {
                final int row = batch * BATCH;
                tier.score(1, unused -> flow(row), output);
            }
        }
    }
}
