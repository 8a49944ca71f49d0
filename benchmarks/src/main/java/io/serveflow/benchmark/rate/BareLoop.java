/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.benchmark.sink.VerdictSink;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Feed;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.camel.sensor.ReadRecords;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.cascade.SharedRows;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierSpec;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import io.serveflow.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of the product in the simplest loop that is right: no Camel, no queue between threads,
 * no bounds, no accounts beyond the ledger. All lines of a flow are on one thread, so that flows
 * wait for their context in a map of its own.
 */
final class BareLoop implements Contender {

    /** Which flows the slow tier is asked for. */
    enum Slow {
        /** Those that the tiers before it are unsure of. */
        FOR_THE_UNSURE,
        /** All. */
        FOR_ALL
    }

    private final Traffic traffic;
    private final Bundle bundle;
    private final List<CascadeTier> early;
    private final CascadeTier last;
    private final Slow slow;
    private final VerdictSink sink;
    private final int batch;
    private final Threads threads;
    private final Ledger ledger = new Ledger();
    private final SharedRows rows = new SharedRows();

    /**
     * @param batch most flows that a tier is asked for at once
     */
    BareLoop(
            final Traffic traffic,
            final Path folder,
            final Slow slow,
            final VerdictSink sink,
            final int batch,
            final int threads) {
        this.traffic = traffic;
        this.bundle = Bundle.load(folder);
        final List<CascadeTier> tiers =
                bundle.manifest().tiers().stream().map(TierSpec::name).map(this::tier).toList();
        this.early = tiers.subList(0, tiers.size() - 1);
        this.last = tiers.get(tiers.size() - 1);
        this.slow = slow;
        this.sink = sink;
        this.batch = batch;
        this.threads = new Threads(threads);
    }

    private CascadeTier tier(final String name) {
        return new CascadeTier(bundle, name, rows, System::nanoTime, ledger, (flow, verdict) -> {});
    }

    @Override
    public void decide(final long first, final long count) throws Exception {
        threads.run((part, parts) -> new Worker().run(traffic.feed(first, count, part, parts)));
    }

    @Override
    public void close() {
        threads.close();
        bundle.close();
    }

    /** What one thread does. */
    private final class Worker {

        private final Map<String, Verdict> waiting = new HashMap<>();
        private final ReadRecords records =
                new ReadRecords(uid -> slow == Slow.FOR_ALL || waiting.containsKey(uid));
        private final List<FlowRecord> ready = new ArrayList<>();

        void run(final Feed feed) throws IOException {
            final SensorStream stream =
                    new SensorStream(
                            "memory",
                            SensorFormats.installed(),
                            FlowAssembler.Options.defaults("benchmark"),
                            ledger,
                            letter -> {
                                throw new IllegalStateException(letter.detail());
                            },
                            records,
                            records);
            final Chunk chunk = feed.chunk();
            while (feed.fill(chunk)) {
                stream.readAt(System.nanoTime());
                for (int i = 0; i < chunk.lines(); i++) {
                    stream.line(chunk.bytes(), chunk.start(i), chunk.end(i), i);
                    if (records.size() >= batch) {
                        take();
                    }
                }
            }
            take();
            decideReady();
        }

        private void take() throws IOException {
            for (final FlowBatch flows : records.batches(Receipt.NONE)) {
                if (flows.stage() == FlowRecord.Stage.CONTEXT) {
                    contexts(flows);
                } else if (slow == Slow.FOR_THE_UNSURE) {
                    firsts(flows);
                }
            }
            records.clear();
        }

        private void firsts(final FlowBatch flows) throws IOException {
            FlowBatch open = flows;
            for (int i = 0; i < early.size() && !open.isEmpty(); i++) {
                final FlowBatch decided = early.get(i).decide(open);
                final boolean asked = i == early.size() - 1;
                final FlowBatch given = asked ? decided : decided.certain();
                if (!given.isEmpty()) {
                    sink.take(given);
                }
                open = decided.uncertain();
            }
            for (int i = 0; i < open.size(); i++) {
                waiting.put(open.record(i).id().uid(), open.verdict(i));
            }
        }

        private void contexts(final FlowBatch flows) throws IOException {
            for (int i = 0; i < flows.size(); i++) {
                final FlowRecord context = flows.record(i);
                if (slow == Slow.FOR_ALL || waiting.containsKey(context.id().uid())) {
                    ready.add(context);
                    if (ready.size() == batch) {
                        decideReady();
                    }
                }
            }
        }

        private void decideReady() throws IOException {
            if (ready.isEmpty()) {
                return;
            }
            final FlowBatch flows = FlowBatch.of(ready);
            ready.clear();
            sink.take(last.decide(slow == Slow.FOR_THE_UNSURE ? withProvisional(flows) : flows));
        }

        private FlowBatch withProvisional(final FlowBatch flows) {
            return flows.withVerdicts(i -> waiting.remove(flows.record(i).id().uid())).asGivenOut();
        }
    }
}
