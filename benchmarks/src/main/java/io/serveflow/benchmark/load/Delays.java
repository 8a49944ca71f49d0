/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import io.serveflow.batch.FlowBatch;
import io.serveflow.benchmark.sink.VerdictSink;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.benchmark.traffic.Uid;
import io.serveflow.flow.FlowRecord;
import io.serveflow.verdict.Verdict;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long verdicts take from the time at which their line was due, for each phase of a schedule:
 * those on packet 1, and those on the context. What a line waits for because others are late
 * counts.
 */
final class Delays implements VerdictSink.Taken {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(30);
    private static final int DIGITS = 3;
    private static final double MILLIS = 1e6;

    private final Traffic traffic;
    private final Schedule schedule;
    private final ConcurrentHistogram[] onPacket1;
    private final ConcurrentHistogram[] onContext;
    private final Recorder recent = new Recorder(LONGEST_NANOS, DIGITS);
    private Histogram since;
    private final AtomicLong[] answered;
    private final AtomicLong[] shed;
    private volatile long beginNanos = Long.MAX_VALUE;

    Delays(final Traffic traffic, final Schedule schedule) {
        this.traffic = traffic;
        this.schedule = schedule;
        this.onPacket1 = histograms();
        this.onContext = histograms();
        this.answered = counters();
        this.shed = counters();
    }

    private ConcurrentHistogram[] histograms() {
        return IntStream.range(0, schedule.phases().size())
                .mapToObj(i -> new ConcurrentHistogram(LONGEST_NANOS, DIGITS))
                .toArray(ConcurrentHistogram[]::new);
    }

    private AtomicLong[] counters() {
        return IntStream.range(0, schedule.phases().size())
                .mapToObj(i -> new AtomicLong())
                .toArray(AtomicLong[]::new);
    }

    /** Says when the schedule begins, before its first line is there. */
    void begin(final long nanos) {
        beginNanos = nanos;
    }

    @Override
    public void batch(final FlowBatch batch, final long nanos) {
        final boolean context = batch.stage() == FlowRecord.Stage.CONTEXT;
        for (int i = 0; i < batch.size(); i++) {
            if (Scan.isOne(batch.record(i))) {
                continue;
            }
            final long number = Uid.number(batch.record(i).id().uid());
            final int phase = schedule.phase(number);
            final Verdict verdict = batch.verdict(i);
            if (verdict.isFinal()) {
                answered[phase].incrementAndGet();
                if (verdict.reason().startsWith("slow_")) {
                    shed[phase].incrementAndGet();
                }
            }
            if (context) {
                record(
                        onContext[phase],
                        nanos,
                        Math.min(traffic.contextAfter(number), schedule.flows() - 1));
            } else if (!verdict.supersedes()) {
                recent.recordValue(record(onPacket1[phase], nanos, number));
            }
        }
    }

    /** How many flows have their final verdict. */
    long answered() {
        return Stream.of(answered).mapToLong(AtomicLong::get).sum();
    }

    /**
     * The 99th percentile in milliseconds of verdicts on packet 1 since this was asked last; 0 if
     * there were none. For one thread.
     */
    double packet1Since() {
        since = recent.getIntervalHistogram(since);
        return since.getTotalCount() == 0 ? 0 : since.getValueAtPercentile(99) / MILLIS;
    }

    private long record(final ConcurrentHistogram histogram, final long nanos, final long dueWith) {
        final long delay = nanos - beginNanos - schedule.nanos(dueWith);
        final long counted = Math.max(0, Math.min(LONGEST_NANOS, delay));
        histogram.recordValue(counted);
        return counted;
    }

    /** Adds the figures of a phase. */
    void addTo(final Map<String, Double> figures, final int phase) {
        percentiles(figures, "packet1", onPacket1[phase]);
        percentiles(figures, "context", onContext[phase]);
        figures.put("answered", answered[phase].doubleValue());
        figures.put("shed", shed[phase].doubleValue());
    }

    private static void percentiles(
            final Map<String, Double> figures,
            final String name,
            final ConcurrentHistogram histogram) {
        if (histogram.getTotalCount() > 0) {
            figures.put(name + "P50Ms", histogram.getValueAtPercentile(50) / MILLIS);
            figures.put(name + "P90Ms", histogram.getValueAtPercentile(90) / MILLIS);
            figures.put(name + "P99Ms", histogram.getValueAtPercentile(99) / MILLIS);
            figures.put(name + "P999Ms", histogram.getValueAtPercentile(99.9) / MILLIS);
            figures.put(name + "MaxMs", histogram.getMaxValue() / MILLIS);
        }
    }
}
