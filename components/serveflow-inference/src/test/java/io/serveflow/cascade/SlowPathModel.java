/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.TestFlows;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A join between traffic and a slow tier, by a clock that the traffic advances: senders escalate
 * flows at a steady rate, their contexts come later or never, and one caller at a time answers what
 * is ready.
 */
final class SlowPathModel {

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double SECOND = 1e9;

    final Ledger ledger = new Ledger();
    final List<String> said = new ArrayList<>();
    private final ContextJoin join;
    private final int batchSize;
    private final Random random = new Random(5);
    private final List<Sender> senders = new ArrayList<>();
    private final Map<String, Long> readyNanos = new HashMap<>();
    private final Map<Long, List<FlowRecord>> contexts = new HashMap<>();
    private final Deque<FlowBatch> inHand = new ArrayDeque<>();
    private long nanos;
    private long freeNanos;
    private double perFlow;
    private double perBatch;
    private double interrupted;
    private final Random interruptions = new Random(7);
    private double longestBatch;
    private int largestBatch;
    private long flows;

    SlowPathModel(final ContextJoin.Options options, final int batchSize) {
        this.batchSize = batchSize;
        this.join =
                new ContextJoin(
                        options,
                        () -> nanos,
                        ledger,
                        (flow, verdict) -> {},
                        new SlowLoadListener() {
                            @Override
                            public void refusing(final Reason reason, final Figures figures) {
                                said.add(reason.code());
                            }

                            @Override
                            public void takingAll(final long refused) {
                                said.add("all");
                            }
                        },
                        new Random(9));
    }

    /** Where flows come from, and what became of those whose context came. */
    final class Sender {

        private final String name;
        private final List<String> addresses;
        private double perSecond;
        private final double contextAfter;
        private double due;

        long sent;
        long refused;
        long taken;

        /** Seconds from context to hand-out. */
        private final List<Double> delays = new ArrayList<>();

        /** Of those that were handed out. */
        private final List<Double> uncertainties = new ArrayList<>();

        private Sender(
                final String name,
                final List<String> addresses,
                final double perSecond,
                final double contextAfter) {
            this.name = name;
            this.addresses = addresses;
            this.perSecond = perSecond;
            this.contextAfter = contextAfter;
        }

        void sends(final double flowsPerSecond) {
            perSecond = flowsPerSecond;
        }

        double percentile(final double percent) {
            final double[] sorted = delays.stream().mapToDouble(d -> d).sorted().toArray();
            return sorted[(int) Math.min(sorted.length - 1.0, sorted.length * percent / 100)];
        }

        /** The share of the flows sent that the slow tier was asked about. */
        double answeredShare() {
            return (double) delays.size() / sent;
        }

        /** The uncertainty that so many percent of the flows that were answered last are below. */
        double answeredUncertainty(final double percent) {
            final int from = uncertainties.size() / 2;
            final double[] sorted =
                    uncertainties.subList(from, uncertainties.size()).stream()
                            .mapToDouble(u -> u)
                            .sorted()
                            .toArray();
            return sorted[(int) (sorted.length * percent / 100)];
        }

        void forget() {
            uncertainties.clear();
            sent = 0;
            refused = 0;
            taken = 0;
            delays.clear();
        }

        private void step() {
            due += perSecond * STEP_NANOS / SECOND;
            final List<FlowRecord> firsts = new ArrayList<>();
            while (due >= 1) {
                due--;
                firsts.add(
                        TestFlows.first(
                                name + "-" + flows++,
                                addresses.get((int) (sent++ % addresses.size()))));
            }
            if (firsts.isEmpty()) {
                return;
            }
            final List<Verdict> verdicts =
                    firsts.stream().map(first -> TestFlows.provisional(uncertainty())).toList();
            final FlowBatch after = join.escalate(FlowBatch.of(firsts).withVerdicts(verdicts::get));
            for (int i = 0; i < after.size(); i++) {
                if (after.verdict(i).isFinal()) {
                    refused++;
                } else {
                    taken++;
                    if (contextAfter < Double.MAX_VALUE) {
                        final FlowRecord first = after.record(i);
                        contexts.computeIfAbsent(
                                        nanos / STEP_NANOS + Math.round(contextAfter * 1000),
                                        at -> new ArrayList<>())
                                .add(
                                        TestFlows.context(
                                                first.id().uid(), first.tuple().originator()));
                    }
                }
            }
        }
    }

    private double uncertainty() {
        return 0.2 + 0.5 * random.nextDouble();
    }

    /** Adds a sender of flows that begins at once; contexts never come after {@code MAX_VALUE}. */
    Sender sender(
            final String name,
            final List<String> addresses,
            final double perSecond,
            final double contextAfter) {
        final Sender sender = new Sender(name, addresses, perSecond, contextAfter);
        senders.add(sender);
        return sender;
    }

    /** Says how long the slow tier takes from now on, in seconds. */
    void slowTier(final double secondsPerFlow, final double secondsPerBatch) {
        perFlow = secondsPerFlow;
        perBatch = secondsPerBatch;
    }

    /** Says how long every eighth batch takes besides, at random: a core that others want too. */
    void interrupted(final double seconds) {
        interrupted = seconds;
    }

    /** Seconds of the longest batch of the latest {@link #run}, without interruptions. */
    double longestBatch() {
        return longestBatch;
    }

    /** Flows in the largest batch of the latest {@link #run}. */
    int largestBatch() {
        return largestBatch;
    }

    /** Lets time go by; returns the delay and the bar of each hundredth of a second. */
    List<Look> run(final double seconds) throws InterruptedException {
        longestBatch = 0;
        largestBatch = 0;
        final List<Look> looks = new ArrayList<>();
        final long end = nanos + Math.round(seconds * SECOND);
        while (nanos < end) {
            senders.forEach(Sender::step);
            Optional.ofNullable(contexts.remove(nanos / STEP_NANOS)).ifPresent(this::meet);
            answer();
            nanos += STEP_NANOS;
            answer();
            if (nanos / STEP_NANOS % 10 == 0) {
                looks.add(
                        new Look(join.delaySeconds(), join.threshold(), join.size(), join.ready()));
            }
        }
        return looks;
    }

    private void meet(final List<FlowRecord> records) {
        records.forEach(record -> readyNanos.put(record.id().uid(), nanos));
        join.contexts(FlowBatch.of(records));
    }

    /** The caller of the slow tier takes up the next batch when it is through with one. */
    private void answer() throws InterruptedException {
        while (freeNanos <= nanos) {
            final long begin = inHand.isEmpty() ? nanos : freeNanos;
            if (!inHand.isEmpty()) {
                final long now = nanos;
                nanos = freeNanos;
                join.done(inHand.remove());
                nanos = now;
            }
            final Optional<FlowBatch> next = join.poll(batchSize, 0, TimeUnit.SECONDS);
            if (next.isEmpty()) {
                freeNanos = nanos;
                return;
            }
            final FlowBatch batch = next.get();
            if (batch.stage() == FlowRecord.Stage.FIRST) {
                join.done(batch);
                continue;
            }
            for (int i = 0; i < batch.size(); i++) {
                final String uid = batch.record(i).id().uid();
                final double waited = (nanos - readyNanos.remove(uid)) / SECOND;
                final String name = uid.substring(0, uid.indexOf('-'));
                final double uncertainty = batch.verdict(i).uncertainty();
                senders.stream()
                        .filter(sender -> sender.name.equals(name))
                        .forEach(
                                sender -> {
                                    sender.delays.add(waited);
                                    sender.uncertainties.add(uncertainty);
                                });
            }
            inHand.add(batch);
            final double takes = perBatch + perFlow * batch.size();
            final double besides =
                    interrupted > 0 && interruptions.nextInt(8) == 0 ? interrupted : 0;
            freeNanos = begin + Math.round((takes + besides) * SECOND);
            longestBatch = Math.max(longestBatch, takes);
            largestBatch = Math.max(largestBatch, batch.size());
        }
    }

    /** As many addresses, each of a /24 of its own. */
    static List<String> addresses(final int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "10." + i / 256 + "." + i % 256 + ".7")
                .toList();
    }

    /** What is seen at a moment. */
    record Look(double delay, double threshold, int held, int ready) {}
}
