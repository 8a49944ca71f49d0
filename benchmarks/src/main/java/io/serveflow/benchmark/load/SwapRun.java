/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.batch.FlowBatch;
import io.serveflow.benchmark.run.Cost;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.sink.MeasuredApplication;
import io.serveflow.benchmark.sink.MemorySource;
import io.serveflow.benchmark.sink.VerdictSink;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.benchmark.traffic.Uid;
import io.serveflow.ledger.Ledger;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Bundles that are replaced under load, in open loop through the shipped routes: what becomes of
 * each flow, and of the memory of the process, by the link that an operator would turn.
 */
public final class SwapRun {

    private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_SWAP_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final double SECOND = 1e9;
    private static final double MILLI = 1e6;
    private static final double KIB_PER_MIB = 1_024;
    private static final int DIGITS = 3;

    private final Settings settings;
    private final Traffic traffic;
    private final Schedule schedule;
    private final Delays delays;
    private final AtomicIntegerArray finals;
    private final Path link;
    private final List<Path> versions = new ArrayList<>();
    private final Histogram taken = new Histogram(LONGEST_SWAP_NANOS, DIGITS);
    private final List<Sample> samples = new ArrayList<>();

    private SwapRun(final Settings settings) throws IOException {
        this.settings = settings;
        this.traffic = Traffic.read(Path.of(settings.captures()), settings.packets());
        this.schedule = settings.schedule();
        this.delays = new Delays(traffic, schedule);
        this.finals = new AtomicIntegerArray(Math.toIntExact(schedule.flows()));
        final Path work = Path.of(settings.work());
        versions.add(version(work.resolve("one"), "1"));
        versions.add(version(work.resolve("two"), "2"));
        this.link = Files.createSymbolicLink(work.resolve("bundle"), versions.get(0));
    }

    /**
     * What is to be measured.
     *
     * @param schedule a phase without swaps, and one in which they are spread evenly
     * @param swaps how often the bundle is replaced; 0 to compare with
     * @param drainSeconds how long verdicts are waited for when the schedule is over
     * @param application settings that are not the shipped ones
     * @param work an empty folder
     */
    public record Settings(
            String captures,
            int packets,
            String bundle,
            Schedule schedule,
            int swaps,
            double drainSeconds,
            Map<String, String> application,
            String work) {}

    /** What was measured. */
    public record Result(Map<String, Double> figures, List<Sample> samples) {}

    /** The resident memory of the process after so many swaps. */
    public record Sample(double swaps, double mebibytes) {}

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        FreshJvm.say(new SwapRun(FreshJvm.settings(arguments, Settings.class)).measure());
        System.exit(0); // no thread of a library may keep the process
    }

    private Path version(final Path folder, final String version) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(Path.of(settings.bundle()))) {
            for (final Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Files.deleteIfExists(folder.resolve("bundle.sig"));
        final JsonMapper json = new JsonMapper();
        final File manifest = folder.resolve("bundle.json").toFile();
        final ObjectNode changed = (ObjectNode) json.readTree(manifest);
        changed.put("version", version);
        json.writeValue(manifest, changed);
        return folder;
    }

    private Result measure() throws Exception {
        try (VerdictSink sink = new VerdictSink(Optional.empty(), this::take);
                RouteApplication application =
                        new MeasuredApplication(link, Path.of(settings.work()))
                                .with("camel.component.serveflow.watch", "5")
                                .with(settings.application())
                                .fromMemory()
                                .started(sink)) {
            final ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                final long begin = System.nanoTime() + NOTICE_NANOS;
                delays.begin(begin);
                final Future<?> load = thread.submit(() -> load(application, begin));
                return watch(application, begin, load);
            } finally {
                thread.shutdownNow();
            }
        }
    }

    private Void load(final RouteApplication application, final long begin) throws Exception {
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

    private void take(final FlowBatch batch, final long nanos) {
        delays.batch(batch, nanos);
        for (int i = 0; i < batch.size(); i++) {
            if (batch.verdict(i).isFinal()) {
                finals.incrementAndGet((int) Uid.number(batch.record(i).id().uid()));
            }
        }
    }

    private Result watch(final RouteApplication application, final long begin, final Future<?> load)
            throws IOException, InterruptedException, ExecutionException {
        sleepUntil(begin + schedule.beginNanos(1));
        final Cost before = Cost.now();
        sample(0);
        final double every =
                schedule.phases().get(1).seconds() * SECOND / Math.max(1, settings.swaps());
        int swaps = 0;
        while (swaps < settings.swaps()) {
            sleepUntil(begin + schedule.beginNanos(1) + Math.round(swaps * every));
            swap(application, swaps + 1);
            swaps++;
            if (swaps % Math.max(1, settings.swaps() / 20) == 0) {
                sample(swaps);
            }
        }
        sleepUntil(begin + schedule.endNanos());
        final Cost cost = Cost.now().since(before);
        final double late = (System.nanoTime() - begin - schedule.endNanos()) / SECOND;
        load.get();
        final long over = System.nanoTime() + Math.round(settings.drainSeconds() * SECOND);
        while (count(0) > 0 && System.nanoTime() < over) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        sample(swaps);
        final Map<String, Double> figures = new TreeMap<>();
        delays.addTo(figures, 1);
        figures.put("offeredPerSecond", schedule.phases().get(1).rate());
        figures.put("swaps", (double) application.ledger().total(Ledger.Entry.BUNDLE_SWAPS));
        figures.put("refused", (double) application.ledger().total(Ledger.Entry.BUNDLES_REFUSED));
        figures.put("flows", (double) schedule.flows());
        figures.put("lost", (double) count(0));
        figures.put("doubled", (double) (finals.length() - count(0) - count(1)));
        figures.put("fellBack", (double) application.ledger().total(Ledger.Entry.FELL_BACK));
        figures.put("cores", (double) cost.cpuNanos() / cost.wallNanos());
        figures.put("lateSeconds", late);
        figures.put("rssBeforeMiB", samples.get(0).mebibytes());
        figures.put("rssAfterMiB", samples.get(samples.size() - 1).mebibytes());
        figures.put(
                "rssMostMiB", samples.stream().mapToDouble(Sample::mebibytes).max().orElseThrow());
        if (taken.getTotalCount() > 0) {
            figures.put("swapP50Ms", taken.getValueAtPercentile(50) / MILLI);
            figures.put("swapMaxMs", taken.getMaxValue() / MILLI);
        }
        return new Result(figures, samples);
    }

    /** Turns the link, and waits until the bundle is in use. */
    private void swap(final RouteApplication application, final int number) throws IOException {
        final Path turned = link.resolveSibling("turned");
        Files.createSymbolicLink(turned, versions.get(number % versions.size()));
        final long begin = System.nanoTime();
        Files.move(
                turned, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        while (application.ledger().total(Ledger.Entry.BUNDLE_SWAPS) < number) {
            if (System.nanoTime() - begin > LONGEST_SWAP_NANOS) {
                throw new IllegalStateException("swap " + number + " does not come to an end");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        taken.recordValue(System.nanoTime() - begin);
    }

    private static void sleepUntil(final long nanos) {
        long left = nanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = nanos - System.nanoTime();
        }
    }

    private int count(final int verdicts) {
        int count = 0;
        for (int i = 0; i < finals.length(); i++) {
            if (finals.get(i) == verdicts) {
                count++;
            }
        }
        return count;
    }

    /** As Linux counts it, of which this needs no more than a line of text. */
    private void sample(final int swaps) throws IOException {
        final String kibibytes =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("[^0-9]", ""))
                        .findFirst()
                        .orElseThrow();
        samples.add(new Sample(swaps, Long.parseLong(kibibytes) / KIB_PER_MIB));
    }
}
