/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.load.LoadRun;
import io.serveflow.benchmark.load.LoadRun.Sample;
import io.serveflow.benchmark.load.Schedule;
import io.serveflow.benchmark.load.Schedule.Phase;
import io.serveflow.benchmark.load.Source;
import io.serveflow.benchmark.rate.RateRun;
import io.serveflow.benchmark.rate.Way;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.WorkFolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench overload}: more than can be done, and what becomes of it. */
@Command(
        name = "overload",
        mixinStandardHelpOptions = true,
        description =
                "Half, once, twice and again half the rate that can be done, in open loop: what is"
                        + " shed, how far verdicts are behind, and how long it takes to catch up.")
final class OverloadCommand implements Callable<Integer> {

    private static final List<Double> LOADS = List.of(0.5, 1.0, 2.0, 0.5);

    /** Caught up: flows under way are those of so many seconds. */
    private static final double BEHIND_SECONDS = 0.25;

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("answeredPerSecond", "answered/s", "%,.0f"),
                    new Column("offeredPerSecond", "offered/s", "%,.0f"),
                    new Column("shedShare", "shed", "%.3f"),
                    new Column("lagSeconds", "behind s at the end", "%.2f"),
                    new Column("packet1P50Ms", "packet 1 p50 ms", "%.2f"),
                    new Column("packet1P99Ms", "p99", "%.1f"),
                    new Column("recoverySeconds", "caught up after s", "%.2f"),
                    new Column("cores", "cores", "%.2f"));

    @Spec private CommandSpec spec;

    @Mixin private Common common;

    @Option(
            names = "--rate",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Flows a second that can be done (default: measured, lines in a log as fast as"
                            + " they are answered).")
    private double rate;

    @Option(
            names = "--seconds",
            defaultValue = "15",
            paramLabel = "N",
            description =
                    "How long each load lasts; the last lasts three times as long (default:"
                            + " ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            paramLabel = "N",
            description = "Seconds of half the rate before (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(
            names = "--drain",
            defaultValue = "60",
            paramLabel = "N",
            description =
                    "Seconds that answers are waited for at the end (default: ${DEFAULT-VALUE}).")
    private double drain;

    @Option(
            names = "--source",
            defaultValue = "file",
            paramLabel = "SOURCE",
            description = "Where lines come from: file or memory (default: ${DEFAULT-VALUE}).")
    private Source source;

    @Override
    public Integer call() throws Exception {
        if (source == Source.kafka) {
            throw new ParameterException(
                    spec.commandLine(), "option --source is kafka; overload has file and memory");
        }
        final double full = rate > 0 ? rate : saturation();
        common.tell("taking %,.0f flows/s for what can be done", full);
        final Report report = new Report("overload", COLUMNS);
        for (int i = 0; i < LOADS.size(); i++) {
            report.add(name(i), "open loop through the shipped routes", parameters(i, full));
        }
        final List<Phase> phases = new ArrayList<>();
        phases.add(new Phase(LOADS.get(0) * full, warmUp));
        for (int i = 0; i < LOADS.size(); i++) {
            final double lasts = i == LOADS.size() - 1 ? 3 * seconds : seconds;
            phases.add(new Phase(LOADS.get(i) * full, lasts));
        }
        final Schedule schedule = new Schedule(phases);
        for (int run = 1; run <= common.runs(); run++) {
            final LoadRun.Result result = measure(schedule);
            for (int i = 0; i < LOADS.size(); i++) {
                report.run(name(i), figures(result, schedule, i + 1));
            }
            report.curve("due", "seconds", "flows", points(result, true));
            report.curve("answered", "seconds", "flows", points(result, false));
            common.tell("run %d of %d is done", run, common.runs());
        }
        report.note(
                String.format(
                        Locale.ROOT,
                        "1x is %,.0f flows/s. Caught up: flows under way are those of %.2f s.",
                        full,
                        BEHIND_SECONDS));
        common.publish(report);
        return 0;
    }

    private static String name(final int load) {
        return (load + 1) + ": " + LOADS.get(load) + "x";
    }

    /** The rate of lines in a log when they are written as fast as they are answered. */
    private double saturation() throws Exception {
        common.tell("measuring what can be done");
        try (WorkFolder work = WorkFolder.made()) {
            return common.freshJvm()
                    .measure(
                            RateRun.class,
                            new RateRun.Settings(
                                    source == Source.file ? Way.FILE : Way.ROUTES,
                                    common.captures().toString(),
                                    10,
                                    0,
                                    common.bundle().toString(),
                                    100_000,
                                    200_000,
                                    1,
                                    256,
                                    20_000,
                                    false,
                                    common.settings(),
                                    work.path().toString()),
                            RateRun.Result.class)
                    .figures()
                    .get("flowsPerSecond");
        }
    }

    private LoadRun.Result measure(final Schedule schedule) throws Exception {
        try (WorkFolder work = WorkFolder.made()) {
            return common.freshJvm()
                    .measure(
                            LoadRun.class,
                            new LoadRun.Settings(
                                    source,
                                    common.captures().toString(),
                                    10,
                                    common.bundle().toString(),
                                    schedule,
                                    drain,
                                    "",
                                    "",
                                    common.settings(),
                                    List.of(),
                                    work.path().toString()),
                            LoadRun.Result.class);
        }
    }

    private static Map<String, Double> figures(
            final LoadRun.Result result, final Schedule schedule, final int phase) {
        final Map<String, Double> figures = new TreeMap<>(result.phases().get(phase));
        final double answered = figures.get("answered");
        figures.put("shedShare", figures.get("shed") / Math.max(1, answered));
        final double end =
                schedule.beginNanos(phase) / 1e9 + schedule.phases().get(phase).seconds();
        figures.put("lagSeconds", lag(result.samples(), end, schedule));
        if (phase == schedule.phases().size() - 1) {
            figures.put("recoverySeconds", recovery(result.samples(), schedule));
        }
        return figures;
    }

    /**
     * How long ago the latest flow was due that would have been answered, had all come in order.
     */
    private static double lag(
            final List<Sample> samples, final double at, final Schedule schedule) {
        Sample last = samples.get(0);
        for (final Sample sample : samples) {
            if (sample.seconds() > at) {
                break;
            }
            last = sample;
        }
        return Math.max(0, last.seconds() - schedule.nanos(last.answered()) / 1e9);
    }

    /** From the end of the overload until few flows are under way; not a number if never. */
    private static double recovery(final List<Sample> samples, final Schedule schedule) {
        final int last = schedule.phases().size() - 1;
        final double begin = schedule.beginNanos(last) / 1e9;
        final double few = BEHIND_SECONDS * schedule.phases().get(last).rate();
        for (final Sample sample : samples) {
            if (sample.seconds() > begin && sample.begun() - sample.answered() <= few) {
                return sample.seconds() - begin;
            }
        }
        return Double.NaN;
    }

    private static List<double[]> points(final LoadRun.Result result, final boolean due) {
        final int step = Math.max(1, result.samples().size() / 300);
        final List<double[]> points = new ArrayList<>();
        for (int i = 0; i < result.samples().size(); i += step) {
            final Sample sample = result.samples().get(i);
            points.add(new double[] {sample.seconds(), due ? sample.begun() : sample.answered()});
        }
        return points;
    }

    private Map<String, Object> parameters(final int load, final double full) {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("load", LOADS.get(load));
        parameters.put("rate", LOADS.get(load) * full);
        parameters.put("cores", common.cores());
        parameters.put("source", source.name());
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
