/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import io.serveflow.benchmark.run.Cost;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.sink.MeasuredApplication;
import io.serveflow.benchmark.sink.VerdictSink;
import io.serveflow.benchmark.traffic.Traffic;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One measurement of the rate, in a JVM of its own. */
public final class RateRun {

    private static final int OUT_BYTES = 1 << 20;

    /** Most flows in the join, by the shipped settings. */
    private static final long SHIPPED_JOIN = 100_000;

    private RateRun() {}

    /**
     * What is to be measured.
     *
     * @param captures where flows are drawn from
     * @param packets most packets in a context record
     * @param contextsLater how many more flows begin before the context of a flow comes
     * @param warmUp flows before those that count
     * @param flows flows that count
     * @param threads that read lines, and in a bare loop do all else
     * @param batch most records that go through tiers together
     * @param window most flows under way
     * @param ndjson whether documents are written to a file, one a line, or dropped
     * @param application settings that are not the shipped ones
     * @param work an empty folder
     */
    public record Settings(
            Way way,
            String captures,
            int packets,
            long contextsLater,
            String bundle,
            long warmUp,
            long flows,
            int threads,
            int batch,
            long window,
            boolean ndjson,
            Map<String, String> application,
            String work) {}

    /**
     * What was measured.
     *
     * @param figures rate and costs
     * @param ends share of the final verdicts that each tier gave, or that stand because the next
     *     tier could not be asked
     */
    public record Result(Map<String, Double> figures, Map<String, Double> ends) {}

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        FreshJvm.say(measure(FreshJvm.settings(arguments, Settings.class)));
        System.exit(0); // no thread of a library may keep the process
    }

    static Result measure(final Settings settings) throws Exception {
        final Traffic traffic =
                Traffic.read(Path.of(settings.captures()), settings.packets())
                        .withContextsLater(settings.contextsLater());
        final long window = Math.max(settings.window(), 2 * traffic.mostOpen());
        try (VerdictSink sink = sink(settings);
                Contender contender = contender(settings, traffic, sink, window)) {
            contender.decide(0, settings.warmUp());
            final long before = sink.finals();
            final Map<String, Long> endsBefore = sink.ends();
            final long bytesBefore = sink.bytes();
            System.gc();
            final Cost begin = Cost.now();
            contender.decide(settings.warmUp(), settings.flows());
            final Cost cost = Cost.now().since(begin);
            final long flows = sink.finals() - before;
            if (flows != settings.flows()) {
                throw new IllegalStateException(
                        "%d flows were given and %d have a final verdict"
                                .formatted(settings.flows(), flows));
            }
            final Map<String, Double> figures = cost.per("flow", flows);
            figures.put("documentBytesPerFlow", (double) (sink.bytes() - bytesBefore) / flows);
            final Map<String, Double> ends = new TreeMap<>();
            sink.ends()
                    .forEach(
                            (end, n) ->
                                    ends.put(
                                            end,
                                            (double) (n - endsBefore.getOrDefault(end, 0L))
                                                    / flows));
            return new Result(figures, ends);
        }
    }

    private static VerdictSink sink(final Settings settings) throws IOException {
        if (!settings.ndjson()) {
            return VerdictSink.dropping();
        }
        final OutputStream out =
                new BufferedOutputStream(
                        Files.newOutputStream(Path.of(settings.work(), "verdicts.ndjson")),
                        OUT_BYTES);
        return new VerdictSink(Optional.of(out), (batch, nanos) -> {});
    }

    private static Contender contender(
            final Settings settings,
            final Traffic traffic,
            final VerdictSink sink,
            final long windowSize)
            throws Exception {
        final Path bundle = Path.of(settings.bundle());
        final Path work = Path.of(settings.work());
        final Window window = new Window(sink::finals, windowSize);
        final MeasuredApplication application =
                new MeasuredApplication(bundle, work)
                        .with("serveflow.slow.maxFlows", Long.toString(joinSize(windowSize)))
                        .with(settings.application());
        return switch (settings.way()) {
            case ROUTES ->
                    new MemoryRoutes(
                            traffic,
                            application.fromMemory().started(sink),
                            window,
                            settings.batch(),
                            settings.threads());
            case SINGLE_EXCHANGE ->
                    new MemoryRoutes(
                            traffic,
                            application
                                    .fromMemory()
                                    .route("slow.camel.yaml", oneByOne())
                                    .started(sink),
                            window,
                            1,
                            settings.threads());
            case FILE -> {
                final Path log = Files.createFile(work.resolve("serveflow.log"));
                yield new FileRoutes(traffic, application.fromLog(log).started(sink), window, log);
            }
            case LOOP -> loop(settings, traffic, BareLoop.Slow.FOR_THE_UNSURE, sink);
            case SLOW -> loop(settings, traffic, BareLoop.Slow.FOR_ALL, sink);
            case SINGLE_FLOW ->
                    new BareLoop(
                            traffic,
                            bundle,
                            BareLoop.Slow.FOR_THE_UNSURE,
                            sink,
                            1,
                            settings.threads());
        };
    }

    /** Up to half of it the join takes every flow. */
    private static long joinSize(final long window) {
        return Math.max(SHIPPED_JOIN, 2 * window);
    }

    private static BareLoop loop(
            final Settings settings,
            final Traffic traffic,
            final BareLoop.Slow slow,
            final VerdictSink sink) {
        return new BareLoop(
                traffic,
                Path.of(settings.bundle()),
                slow,
                sink,
                settings.batch(),
                settings.threads());
    }

    /** The shipped route to the slow tier, which takes flows one at a time. */
    private static String oneByOne() {
        final String shipped = MeasuredApplication.shipped("slow.camel.yaml");
        final String join = "uri: \"{{links.join}}";
        if (!shipped.contains(join)) {
            throw new IllegalStateException("the route slow has no " + join);
        }
        return shipped.replace(join, join + "&batchSize=1");
    }
}
