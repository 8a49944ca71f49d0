/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.load.EscalationRun;
import io.serveflow.benchmark.load.EscalationRun.Sample;
import io.serveflow.benchmark.load.Schedule;
import io.serveflow.benchmark.load.Schedule.Phase;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.WorkFolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench escalation}: the slow path in trouble, and what becomes of all flows. */
@Command(
        name = "escalation",
        mixinStandardHelpOptions = true,
        description =
                "A slow tier that is ten times too slow for a while, or a scan from one /24: what"
                        + " the slow tier is asked about, how long verdicts take, and how soon all"
                        + " is well again.")
final class EscalationCommand implements Callable<Integer> {

    private static final List<String> PHASES = List.of("before", "during", "after");

    /** Curves are drawn from looks of so many seconds together. */
    private static final double STEP_SECONDS = 0.5;

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("contextP99Ms", "context p99 ms", "%.2f"),
                    new Column("contextP50Ms", "p50", "%.2f"),
                    new Column("packet1P50Ms", "packet 1 p50 ms", "%.2f"),
                    new Column("packet1P99Ms", "p99", "%.2f"),
                    new Column("answeredPerSecond", "answered/s", "%,.0f"),
                    new Column("askedPerSecond", "slow tier/s", "%,.0f"),
                    new Column("askedShare", "of what asked", "%.3f"),
                    new Column("shed", "fell back, not of a scan", "%,.0f"),
                    new Column("delaySeconds", "delay s at the end", "%.2f"),
                    new Column("threshold", "threshold", "%.2f"),
                    new Column("recoverySeconds", "well again after s", "%.2f"));

    /** What goes wrong. */
    enum Trouble {
        /** The slow tier takes ten times as long as it may. */
        slow,
        /** Somebody scans. */
        scan
    }

    @Mixin private Common common;

    @Option(
            names = "--trouble",
            defaultValue = "slow",
            paramLabel = "WHAT",
            description = "What goes wrong: slow or scan (default: ${DEFAULT-VALUE}).")
    private Trouble trouble;

    @Option(
            names = "--rate",
            defaultValue = "10000",
            paramLabel = "N",
            description = "Flows a second, besides those of a scan (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            paramLabel = "N",
            description = "How long each of the three phases lasts (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            paramLabel = "N",
            description = "Seconds of the same rate before (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(
            names = "--too-slow",
            defaultValue = "10",
            paramLabel = "N",
            description =
                    "slow: how many times as long as it may the slow tier takes for a flow"
                            + " (default: ${DEFAULT-VALUE}).")
    private double tooSlow;

    @Option(
            names = "--scanned",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "scan: how many flows it has (default: ${DEFAULT-VALUE}).")
    private long scanned;

    @Override
    public Integer call() throws Exception {
        final Schedule schedule =
                new Schedule(
                        List.of(
                                new Phase(rate, warmUp),
                                new Phase(rate, seconds),
                                new Phase(rate, seconds),
                                new Phase(rate, seconds)));
        final Report report = new Report("escalation", COLUMNS);
        for (final String phase : PHASES) {
            report.add(phase, about(), parameters());
        }
        for (int run = 1; run <= common.runs(); run++) {
            final EscalationRun.Result result = measure(schedule);
            for (int i = 0; i < PHASES.size(); i++) {
                report.run(PHASES.get(i), result.phases().get(i + 1));
            }
            curves(report, result.samples());
            common.tell("run %d of %d is done", run, common.runs());
        }
        report.compare("during", "before", "contextP99Ms");
        report.compare("during", "before", "packet1P99Ms");
        report.compare("during", "before", "answeredPerSecond");
        report.note(
                String.format(
                        Locale.ROOT,
                        "%,.0f flows/s, lines in memory, each phase %.0f s.",
                        rate,
                        seconds));
        common.publish(report);
        return 0;
    }

    private String about() {
        return trouble == Trouble.scan
                ? scanned + " flows of one packet from one /24 during it"
                : "the slow tier can do one in " + tooSlow + " during it";
    }

    private EscalationRun.Result measure(final Schedule schedule) throws Exception {
        try (WorkFolder work = WorkFolder.made()) {
            return common.freshJvm()
                    .measure(
                            EscalationRun.class,
                            new EscalationRun.Settings(
                                    common.captures().toString(),
                                    10,
                                    common.bundle().toString(),
                                    schedule,
                                    trouble == Trouble.slow ? tooSlow : 0,
                                    scanned,
                                    30,
                                    common.settings(),
                                    work.path().toString()),
                            EscalationRun.Result.class);
        }
    }

    /** From the end of the warm-up on. */
    private void curves(final Report report, final List<Sample> samples) {
        final List<Sample> looks = new ArrayList<>();
        for (final Sample sample : samples) {
            if (looks.isEmpty()
                    || sample.seconds() >= looks.get(looks.size() - 1).seconds() + STEP_SECONDS) {
                looks.add(sample);
            }
        }
        report.curve("delay, s", "seconds", "", points(looks, Sample::delay));
        report.curve("threshold", "seconds", "", points(looks, Sample::threshold));
        final List<double[]> share = new ArrayList<>();
        final List<double[]> packet1 = new ArrayList<>();
        for (int i = 1; i < looks.size(); i++) {
            final Sample from = looks.get(i - 1);
            final Sample to = looks.get(i);
            final double at = to.seconds() - warmUp;
            final double asked = to.asked() - from.asked();
            final double fellBack = fellBack(to) - fellBack(from);
            if (at >= 0 && asked + fellBack > 0) {
                share.add(new double[] {at, asked / (asked + fellBack)});
            }
            if (at >= 0) {
                packet1.add(new double[] {at, worst(samples, from.seconds(), to.seconds())});
            }
        }
        report.curve("slow tier asked, share", "seconds", "", share);
        report.curve("packet 1, p99 ms", "seconds", "ms", packet1);
    }

    private static double worst(final List<Sample> samples, final double from, final double until) {
        return samples.stream()
                .filter(sample -> sample.seconds() > from && sample.seconds() <= until)
                .mapToDouble(Sample::packet1Ms)
                .max()
                .orElse(0);
    }

    private static double fellBack(final Sample sample) {
        return sample.fellBack().values().stream().mapToLong(flows -> flows).sum();
    }

    private List<double[]> points(final List<Sample> looks, final ToDoubleFunction<Sample> figure) {
        return looks.stream()
                .filter(look -> look.seconds() >= warmUp)
                .map(look -> new double[] {look.seconds() - warmUp, figure.applyAsDouble(look)})
                .toList();
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("trouble", trouble.name());
        parameters.put("rate", rate);
        parameters.put("cores", common.cores());
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
