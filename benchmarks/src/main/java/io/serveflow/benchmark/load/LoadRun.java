/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.load;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.benchmark.run.Cost;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.sink.MeasuredApplication;
import io.serveflow.benchmark.sink.MemorySource;
import io.serveflow.benchmark.sink.VerdictSink;
import io.serveflow.benchmark.traffic.Traffic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.concurrent.locks.LockSupport;

/** The application under a load that comes by a schedule, in a JVM of its own. */
public final class LoadRun {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final double SECOND = 1e9;

    private final Settings settings;
    private final Traffic traffic;
    private final Schedule schedule;
    private final Delays delays;
    private final List<Sample> samples = new ArrayList<>();

    private LoadRun(final Settings settings) throws IOException {
        this.settings = settings;
        this.traffic = Traffic.read(Path.of(settings.captures()), settings.packets());
        this.schedule = settings.schedule();
        this.delays = new Delays(traffic, schedule);
    }

    /**
     * What is to be measured.
     *
     * @param drainSeconds how long answers are waited for when the schedule is over
     * @param brokers where Kafka is, if lines come from there; else empty
     * @param topic where the lines are then
     * @param application settings that are not the shipped ones
     * @param atPhases for each phase, the command that is run when it begins; empty for none
     * @param work an empty folder
     */
    public record Settings(
            Source source,
            String captures,
            int packets,
            String bundle,
            Schedule schedule,
            double drainSeconds,
            String brokers,
            String topic,
            Map<String, String> application,
            List<List<String>> atPhases,
            String work) {}

    /**
     * What was measured.
     *
     * @param phases figures of each phase of the schedule
     * @param samples how things were, every 20 ms
     */
    public record Result(List<Map<String, Double>> phases, List<Sample> samples) {}

    /**
     * How things are at a moment.
     *
     * @param seconds since the schedule began
     * @param begun flows that are due
     * @param answered flows that have their final verdict
     * @param pending flows in the join or at the slow tier
     */
    public record Sample(double seconds, long begun, long answered, long pending) {}

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        FreshJvm.say(new LoadRun(FreshJvm.settings(arguments, Settings.class)).measure());
        System.exit(0); // no thread of a library may keep the process
    }

    private Result measure() throws Exception {
        try (VerdictSink sink = new VerdictSink(Optional.empty(), delays)) {
            final Path work = Path.of(settings.work());
            final MeasuredApplication described =
                    new MeasuredApplication(Path.of(settings.bundle()), work)
                            .with(settings.application());
            return switch (settings.source()) {
                case memory -> fromMemory(described.fromMemory().started(sink), sink);
                case file -> {
                    final Path log = Files.createFile(work.resolve("serveflow.log"));
                    yield fromOutside(described.fromLog(log).started(sink), sink, log.toString());
                }
                case kafka ->
                        fromOutside(
                                described
                                        .fromTopic(settings.brokers(), settings.topic())
                                        .started(sink),
                                sink,
                                settings.topic());
            };
        }
    }

    private Result fromMemory(final RouteApplication application, final VerdictSink sink)
            throws Exception {
        final ExecutorService thread = Executors.newSingleThreadExecutor();
        try (application) {
            final long begin = System.nanoTime() + NOTICE_NANOS;
            delays.begin(begin);
            final Pace pace = new Pace(schedule, begin);
            final Future<?> load =
                    thread.submit(
                            () -> {
                                try (MemorySource source = new MemorySource(application)) {
                                    pace.run(
                                            traffic.feed(0, schedule.flows(), 0, 1),
                                            chunk -> {
                                                source.read(chunk);
                                                source.send();
                                            });
                                }
                                return null;
                            });
            final Result result = watch(application, sink, begin);
            if (load.isDone()) {
                load.get();
            }
            return result;
        } finally {
            thread.shutdownNow();
        }
    }

    private Result fromOutside(
            final RouteApplication application, final VerdictSink sink, final String to)
            throws Exception {
        final JsonMapper json = new JsonMapper();
        final Process generator =
                new ProcessBuilder(
                                new FreshJvm(0, "-Xmx512m -XX:+UseSerialGC")
                                        .command(
                                                LoadGenerator.class,
                                                json.writeValueAsString(
                                                        new LoadGenerator.Settings(
                                                                settings.captures(),
                                                                settings.packets(),
                                                                schedule,
                                                                settings.brokers(),
                                                                to))))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (application;
                BufferedReader said = generator.inputReader(StandardCharsets.UTF_8)) {
            final String first = said.readLine();
            if (first == null) {
                throw new IOException("the load generator ended before it began");
            }
            final long begin = json.readValue(first, LoadGenerator.Begin.class).nanos();
            delays.begin(begin);
            final Result result = watch(application, sink, begin);
            if (!generator.isAlive() || said.ready()) {
                final double lag =
                        json.readValue(said.readLine(), LoadGenerator.End.class).worstLagNanos()
                                / 1e6;
                result.phases().forEach(figures -> figures.put("generatorLagMs", lag));
            }
            return result;
        } finally {
            generator.destroyForcibly();
        }
    }

    /** Looks on until all is answered or the time is over. */
    private Result watch(
            final RouteApplication application, final VerdictSink sink, final long begin) {
        final long over =
                begin + schedule.endNanos() + Math.round(settings.drainSeconds() * SECOND);
        final List<Cost> costs = new ArrayList<>();
        int phase = 0;
        long now = System.nanoTime();
        while (now < over && sink.finals() < schedule.flows()) {
            if (phase <= schedule.phases().size() - 1
                    && now - begin >= schedule.beginNanos(phase)) {
                costs.add(Cost.now());
                runCommand(phase);
                phase++;
            }
            samples.add(
                    new Sample(
                            (now - begin) / SECOND,
                            schedule.begun(now - begin),
                            sink.finals(),
                            application.pendingFlows()));
            LockSupport.parkNanos(LOOK_NANOS);
            now = System.nanoTime();
        }
        costs.add(Cost.now());
        samples.add(
                new Sample(
                        (now - begin) / SECOND,
                        schedule.begun(now - begin),
                        sink.finals(),
                        application.pendingFlows()));
        return new Result(figures(costs), samples);
    }

    private void runCommand(final int phase) {
        if (phase < settings.atPhases().size() && !settings.atPhases().get(phase).isEmpty()) {
            try {
                new ProcessBuilder(settings.atPhases().get(phase)).inheritIO().start();
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private List<Map<String, Double>> figures(final List<Cost> costs) {
        final List<Map<String, Double>> phases = new ArrayList<>();
        for (int i = 0; i < schedule.phases().size(); i++) {
            final Map<String, Double> figures = new TreeMap<>();
            delays.addTo(figures, i);
            figures.put("offeredPerSecond", schedule.phases().get(i).rate());
            figures.put("answeredPerSecond", answeredPerSecond(i));
            if (i + 1 < costs.size()) {
                final Cost cost = costs.get(i + 1).since(costs.get(i));
                figures.put("cores", (double) cost.cpuNanos() / cost.wallNanos());
                figures.put("gcMillis", (double) cost.gcMillis());
            }
            phases.add(figures);
        }
        return phases;
    }

    /** How many flows had their verdict while a phase lasted, whichever phase they began in. */
    private double answeredPerSecond(final int phase) {
        final double from = schedule.beginNanos(phase) / SECOND;
        final double seconds = schedule.phases().get(phase).seconds();
        return (answered(from + seconds) - answered(from)) / seconds;
    }

    private double answered(final double at) {
        Sample last = new Sample(0, 0, 0, 0);
        for (final Sample sample : samples) {
            if (sample.seconds() > at) {
                break;
            }
            last = sample;
        }
        return last.answered();
    }
}
