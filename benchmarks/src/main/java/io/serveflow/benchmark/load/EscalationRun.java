/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import io.serveflow.app.run.RouteApplication;
import io.serveflow.batch.FlowBatch;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.sink.MeasuredApplication;
import io.serveflow.benchmark.sink.MemorySource;
import io.serveflow.benchmark.sink.VerdictSink;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.ledger.Ledger;
import io.serveflow.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The application at a steady rate while its slow path is in trouble for a phase, in a JVM of its
 * own: the slow tier takes too long, or somebody scans.
 */
public final class EscalationRun {

    /** The phase before which all is as it should be and the asked rate is known. */
    public static final int TROUBLE = 2;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final double SECOND = 1e9;
    private static final String ASKED = "- to: \"{{cascades.joined}}\"\n";

    private final Settings settings;
    private final Traffic traffic;
    private final Schedule schedule;
    private final Delays delays;
    private final SlowedTier slowed = new SlowedTier();
    private final AtomicReference<Verdict> provisional = new AtomicReference<>();
    private final List<Sample> samples = new ArrayList<>();

    private EscalationRun(final Settings settings) throws IOException {
        this.settings = settings;
        this.traffic = Traffic.read(Path.of(settings.captures()), settings.packets());
        this.schedule = settings.schedule();
        this.delays = new Delays(traffic, schedule);
    }

    /**
     * What is to be measured.
     *
     * @param schedule warm-up, as it should be, {@link #TROUBLE}, as it should be
     * @param tooSlow how many times too slow the slow tier is in trouble; 0 for a scan
     * @param scanned how many flows the scan has
     * @param drainSeconds how long answers are waited for when the schedule is over
     * @param application settings that are not the shipped ones
     * @param work an empty folder
     */
    public record Settings(
            String captures,
            int packets,
            String bundle,
            Schedule schedule,
            double tooSlow,
            long scanned,
            double drainSeconds,
            Map<String, String> application,
            String work) {}

    /** What was measured: figures of each phase, and how things were, every 50 ms. */
    public record Result(List<Map<String, Double>> phases, List<Sample> samples) {}

    /**
     * How things are at a moment.
     *
     * @param seconds since the schedule began
     * @param asked flows that the slow tier has answered, those of a scan too
     * @param fellBack flows that fell back, those of a scan too
     * @param delay what serveflow_slow_delay_seconds shows
     * @param threshold what serveflow_slow_threshold shows
     * @param answered flows that have their final verdict, but for those of a scan
     * @param packet1Ms 99th percentile of packet-1 verdicts since the last look that has one
     */
    public record Sample(
            double seconds,
            long asked,
            Map<String, Long> fellBack,
            double delay,
            double threshold,
            long answered,
            double packet1Ms) {}

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        FreshJvm.say(new EscalationRun(FreshJvm.settings(arguments, Settings.class)).measure());
        System.exit(0); // no thread of a library may keep the process
    }

    private Result measure() throws Exception {
        final VerdictSink.Taken taken =
                (batch, nanos) -> {
                    delays.batch(batch, nanos);
                    note(batch);
                };
        final MeasuredApplication described =
                new MeasuredApplication(Path.of(settings.bundle()), Path.of(settings.work()))
                        .with(settings.application())
                        .bound("slowedTier", slowed)
                        .route("slow.camel.yaml", slowedRoute())
                        .fromMemory();
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try (VerdictSink sink = new VerdictSink(Optional.empty(), taken);
                RouteApplication application = described.started(sink)) {
            final long begin = System.nanoTime() + NOTICE_NANOS;
            delays.begin(begin);
            final Future<?> load = threads.submit(() -> send(application, begin));
            watch(application, threads, begin);
            if (load.isDone()) {
                load.get();
            }
            return new Result(figures(), samples);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The shipped route with a step behind the slow tier. */
    private static String slowedRoute() {
        final String shipped = MeasuredApplication.shipped("slow.camel.yaml");
        final int at = shipped.indexOf(ASKED);
        if (at < 0) {
            throw new IllegalStateException("the route slow has no " + ASKED);
        }
        final String indent = shipped.substring(shipped.lastIndexOf('\n', at) + 1, at);
        return shipped.replace(
                ASKED, ASKED + indent + "- process:\n" + indent + "    ref: slowedTier\n");
    }

    private void note(final FlowBatch batch) {
        if (provisional.get() == null) {
            for (int i = 0; i < batch.size(); i++) {
                if (!batch.verdict(i).isFinal()) {
                    provisional.set(batch.verdict(i));
                }
            }
        }
    }

    private Void send(final RouteApplication application, final long begin) throws Exception {
        try (MemorySource source = new MemorySource(application)) {
            new Pace(schedule, begin)
                    .run(
                            traffic.feed(0, schedule.flows(), 0, 1),
                            chunk -> {
                                source.read(chunk);
                                source.send();
                            });
        }
        return null;
    }

    private void watch(
            final RouteApplication application, final ExecutorService threads, final long begin) {
        final long over =
                begin + schedule.endNanos() + Math.round(settings.drainSeconds() * SECOND);
        final long trouble = begin + schedule.beginNanos(TROUBLE);
        final long lasts = schedule.beginNanos(TROUBLE + 1) - schedule.beginNanos(TROUBLE);
        long askedBefore = 0;
        boolean inTrouble = false;
        boolean past = false;
        long now = System.nanoTime();
        while (now < over && delays.answered() < schedule.flows()) {
            look(application, now - begin);
            if (now < begin + schedule.beginNanos(TROUBLE - 1)) {
                askedBefore = slowed.flows();
            }
            if (!inTrouble && now >= trouble) {
                inTrouble = true;
                final long asked = slowed.flows() - askedBefore;
                begin(application, threads, asked, lasts);
            }
            if (!past && now >= trouble + lasts) {
                past = true;
                slowed.waits(0);
            }
            LockSupport.parkNanos(LOOK_NANOS);
            now = System.nanoTime();
        }
        look(application, now - begin);
    }

    private void begin(
            final RouteApplication application,
            final ExecutorService threads,
            final long askedInPhase,
            final long lastsNanos) {
        if (settings.tooSlow() > 0) {
            final double seconds = schedule.phases().get(TROUBLE - 1).seconds();
            slowed.waits(
                    Math.round(settings.tooSlow() * seconds * SECOND / Math.max(1, askedInPhase)));
        } else {
            final Scan scan = new Scan(application, provisional.get());
            threads.submit(
                    () -> scan.run(settings.scanned(), settings.scanned() / (lastsNanos / SECOND)));
        }
    }

    private void look(final RouteApplication application, final long nanos) {
        samples.add(
                new Sample(
                        nanos / SECOND,
                        slowed.flows(),
                        application.ledger().byDetail(Ledger.Entry.FELL_BACK),
                        application.slowDelaySeconds(),
                        application.slowThreshold(),
                        delays.answered(),
                        delays.packet1Since()));
    }

    private List<Map<String, Double>> figures() {
        final List<Map<String, Double>> phases = new ArrayList<>();
        for (int i = 0; i < schedule.phases().size(); i++) {
            final double from = schedule.beginNanos(i) / SECOND;
            final double seconds = schedule.phases().get(i).seconds();
            final Sample first = at(from);
            final Sample last = at(from + seconds);
            final Map<String, Double> figures = new TreeMap<>();
            delays.addTo(figures, i);
            figures.put("offeredPerSecond", schedule.phases().get(i).rate());
            figures.put("answeredPerSecond", (last.answered() - first.answered()) / seconds);
            final double asked = last.asked() - first.asked();
            double fellBack = 0;
            for (final Map.Entry<String, Long> reason : last.fellBack().entrySet()) {
                final double flows =
                        reason.getValue() - first.fellBack().getOrDefault(reason.getKey(), 0L);
                figures.put("fellBack." + reason.getKey(), flows);
                fellBack += flows;
            }
            figures.put("askedPerSecond", asked / seconds);
            figures.put("askedShare", asked / Math.max(1, asked + fellBack));
            figures.put("delaySeconds", last.delay());
            figures.put("threshold", last.threshold());
            if (i == TROUBLE + 1) {
                figures.put("recoverySeconds", recovery(from));
            }
            phases.add(figures);
        }
        return phases;
    }

    private Sample at(final double seconds) {
        Sample last = samples.get(0);
        for (final Sample sample : samples) {
            if (sample.seconds() > seconds) {
                break;
            }
            last = sample;
        }
        return last;
    }

    /** From the end of the trouble until no flow falls back any more; 0 if none did. */
    private double recovery(final double from) {
        final Map<String, Long> end = samples.get(samples.size() - 1).fellBack();
        return samples.stream()
                .filter(sample -> sample.seconds() >= from && sample.fellBack().equals(end))
                .mapToDouble(sample -> sample.seconds() - from)
                .findFirst()
                .orElse(Double.NaN);
    }
}
