/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.HopThreshold;
import io.serveflow.model.TierModel;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The first tier's decision on first records: features, inference, threshold and verdict, beside
 * its scores alone, so that the difference is what deciding costs. The least that deciding can cost
 * is a bare loop: the most probable class and its threshold.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class DecisionBenchmark extends PartBenchmark {

    /** The first tier, batches for it and its answers. */
    @State(Scope.Benchmark)
    public static class Deciding {

        @Param({"1", "32", "256", "1024"})
        public int batch;

        private List<FlowBatch> batches = List.of();
        private TierModel model;
        private CascadeTier tier;
        private HopThreshold hop;
        private float[] probabilities = {};

        @Setup
        public void prepare(final Sample sample, final Models models) {
            model = models.first();
            tier =
                    new CascadeTier(
                            models.bundle(),
                            model.spec().name(),
                            System::nanoTime,
                            new Ledger(),
                            (flow, verdict) -> {});
            hop = models.bundle().manifest().hops().get(0);
            batches = Flows.batches(sample.flows.first(), batch);
            probabilities = new float[FLOWS * model.classes()];
            final List<FlowRecord> records = sample.flows.first();
            model.score(FLOWS, records::get, probabilities);
        }
    }

    @Benchmark
    public void loop(final Deciding deciding, final Blackhole sink) {
        final float[] probabilities = deciding.probabilities;
        final int classes = deciding.model.classes();
        for (int from = 0; from < probabilities.length; from += classes) {
            int best = 0;
            for (int label = 1; label < classes; label++) {
                if (probabilities[from + label] > probabilities[from + best]) {
                    best = label;
                }
            }
            sink.consume(deciding.hop.escalates(best, 1.0 - probabilities[from + best]));
        }
    }

    @Benchmark
    public void score(final Deciding deciding, final Blackhole sink) {
        for (final FlowBatch batch : deciding.batches) {
            deciding.model.score(batch.size(), batch::record, deciding.probabilities);
            sink.consume(deciding.probabilities);
        }
    }

    @Benchmark
    public void decide(final Deciding deciding, final Blackhole sink) {
        for (final FlowBatch batch : deciding.batches) {
            sink.consume(deciding.tier.decide(batch));
        }
    }
}
