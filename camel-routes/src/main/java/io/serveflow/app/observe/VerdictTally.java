/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.observe;

import io.micrometer.core.instrument.Timer;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictListener;
import io.serveflow.verdict.VerdictStage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Counts the verdicts that are given out, by task, tier and stage in the ledger and by label here;
 * measures their latency, has their drift watched, and remembers the latest few for the console.
 */
public final class VerdictTally implements VerdictListener {

    private static final int REMEMBERED = 40;
    private static final long LONGEST_MICROS = 3_600_000_000L;

    private final Ledger ledger;
    private final ServeflowMeters meters;
    private final DriftWatch drift;
    private final ConcurrentMap<String, LongAdder> labels = new ConcurrentHashMap<>();
    private final ConcurrentHistogram latencyMicros = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final ConcurrentMap<Kind, Counted> kinds = new ConcurrentHashMap<>();
    private final ReentrantLock latestLock = new ReentrantLock();
    private final Deque<Given> latest = new ArrayDeque<>(REMEMBERED);

    public VerdictTally(final Ledger ledger, final ServeflowMeters meters, final DriftWatch drift) {
        this.ledger = ledger;
        this.meters = meters;
        this.drift = drift;
    }

    @Override
    public void given(final FlowRecord flow, final Verdict verdict) {
        final Counted counted = counted(verdict);
        ledger.add(Ledger.Entry.VERDICTS, counted.detail, 1);
        final long micros = Math.min(LONGEST_MICROS, Math.max(0, verdict.latency().totalMicros()));
        counted.latency.record(micros, TimeUnit.MICROSECONDS);
        drift.given(flow, verdict);
        if (verdict.isFinal()) {
            labels.computeIfAbsent(verdict.label(), label -> new LongAdder()).increment();
            latencyMicros.recordValue(micros);
        }
        remember(flow, verdict);
    }

    private Counted counted(final Verdict verdict) {
        final Kind kind = new Kind(verdict.bundle().task(), verdict.tier(), verdict.stage());
        final Counted known = kinds.get(kind);
        return known != null
                ? known
                : kinds.computeIfAbsent(
                        kind,
                        one -> new Counted(one.detail(), meters.latency(one.task, one.stage)));
    }

    /** Not while another thread does: where many come at once, it matters little which are kept. */
    private void remember(final FlowRecord flow, final Verdict verdict) {
        if (latestLock.tryLock()) {
            try {
                if (latest.size() == REMEMBERED) {
                    latest.removeLast();
                }
                latest.addFirst(new Given(flow, verdict));
            } finally {
                latestLock.unlock();
            }
        }
    }

    /** How many final verdicts each label has. */
    public Map<String, Long> labels() {
        final Map<String, Long> sums = new TreeMap<>();
        labels.forEach((label, sum) -> sums.put(label, sum.sum()));
        return sums;
    }

    /**
     * Latency of the final verdicts, first packet to verdict, in milliseconds.
     *
     * @param percentile 0 to 100
     * @return 0 when there are none yet
     */
    public double latencyMs(final double percentile) {
        return latencyMicros.getTotalCount() == 0
                ? 0
                : latencyMicros.getValueAtPercentile(percentile) / 1e3;
    }

    /** The latest verdicts, newest first. */
    public List<Given> latest() {
        latestLock.lock();
        try {
            return new ArrayList<>(latest);
        } finally {
            latestLock.unlock();
        }
    }

    /** What verdicts are counted by. */
    private record Kind(String task, String tier, VerdictStage stage) {

        private String detail() {
            return task + "/" + tier + "/" + stage.id();
        }
    }

    /**
     * Where verdicts of a kind are counted.
     *
     * @param detail in the ledger
     */
    private record Counted(String detail, Timer latency) {}

    /** A verdict with the flow that it is on. */
    public record Given(FlowRecord flow, Verdict verdict) {}
}
