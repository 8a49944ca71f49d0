/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A flow's way through the join: it is escalated, its context comes, it is taken out and done, by
 * the size of the batches and by how many other flows wait. The baseline is a hash map that takes
 * each flow in by its id and gives it out again.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class JoinBenchmark extends PartBenchmark {

    /** A join in which flows wait that nobody takes out, and the flows that pass by them. */
    @State(Scope.Benchmark)
    public static class Joining {

        private static final int ROOM = 1 << 22;

        @Param({"1", "32", "256", "1024"})
        public int batch;

        @Param({"0", "100000"})
        public int waiting;

        private final ContextJoin join =
                new ContextJoin(
                        new ContextJoin.Options(ROOM, TimeUnit.DAYS.toNanos(1), 0),
                        System::nanoTime,
                        new Ledger(),
                        (flow, verdict) -> {});
        private final Map<FlowId, FlowRecord> map = new HashMap<>();
        private List<FlowBatch> firsts = List.of();
        private List<FlowBatch> contexts = List.of();

        @Setup
        public void fill(final Sample sample, final Models models) {
            final Verdict provisional = provisional(sample.flows, models);
            final List<FlowRecord> others = new ArrayList<>(waiting);
            for (int i = 0; i < waiting; i++) {
                others.add(Flows.copy(sample.flows.first().get(i % FLOWS), FLOWS + i));
            }
            escalated(others, FLOWS, provisional).forEach(join::escalate);
            others.forEach(flow -> map.put(flow.id(), flow));
            firsts = escalated(sample.flows.first(), batch, provisional);
            contexts = Flows.batches(sample.flows.context(), batch);
        }

        /** A provisional verdict of the first tier; that all flows get the same is no matter. */
        private static Verdict provisional(final Flows flows, final Models models) {
            return new CascadeTier(
                            models.bundle(),
                            models.first().spec().name(),
                            System::nanoTime,
                            new Ledger(),
                            (flow, verdict) -> {})
                    .decide(FlowBatch.of(flows.first()))
                    .uncertain()
                    .verdict(0);
        }

        private static List<FlowBatch> escalated(
                final List<FlowRecord> flows, final int size, final Verdict provisional) {
            return Flows.batches(flows, size).stream()
                    .map(batch -> batch.withVerdicts(i -> provisional))
                    .toList();
        }
    }

    @Benchmark
    public void hashMap(final Joining joining, final Blackhole sink) {
        for (final FlowBatch batch : joining.firsts) {
            for (int i = 0; i < batch.size(); i++) {
                joining.map.put(batch.record(i).id(), batch.record(i));
            }
        }
        for (final FlowBatch batch : joining.contexts) {
            for (int i = 0; i < batch.size(); i++) {
                sink.consume(joining.map.remove(batch.record(i).id()));
            }
        }
    }

    @Benchmark
    public void join(final Joining joining, final Blackhole sink) throws InterruptedException {
        final ContextJoin join = joining.join;
        joining.firsts.forEach(join::escalate);
        joining.contexts.forEach(join::contexts);
        int left = FLOWS;
        while (left > 0) {
            final FlowBatch out = join.poll(joining.batch, 0, TimeUnit.NANOSECONDS).orElseThrow();
            left -= out.size();
            sink.consume(out);
            join.done(out);
        }
    }
}
