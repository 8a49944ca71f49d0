/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.load.Schedule;
import io.serveflow.benchmark.load.Schedule.Phase;
import io.serveflow.benchmark.load.SwapRun;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.run.WorkFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench swap}: bundles that are replaced while flows are answered. */
@Command(
        name = "swap",
        mixinStandardHelpOptions = true,
        description =
                "Replace the bundle again and again under load: flows without a verdict that"
                        + " stands, or with more than one; delays, and resident memory, compared"
                        + " with the same load without swaps.")
final class SwapCommand implements Callable<Integer> {

    private static final String WITH = "with swaps";
    private static final String WITHOUT = "without";

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("swaps", "swaps", "%,.0f"),
                    new Column("flows", "flows", "%,.0f"),
                    new Column("lost", "lost", "%,.0f"),
                    new Column("doubled", "doubled", "%,.0f"),
                    new Column("fellBack", "fell back", "%,.0f"),
                    new Column("rssBeforeMiB", "RSS MiB before", "%,.0f"),
                    new Column("rssAfterMiB", "after", "%,.0f"),
                    new Column("rssMostMiB", "most", "%,.0f"),
                    new Column("swapP50Ms", "swap ms", "%.0f"),
                    new Column("swapMaxMs", "most", "%.0f"),
                    new Column("packet1P50Ms", "packet 1 p50 ms", "%.2f"),
                    new Column("packet1P99Ms", "p99", "%.1f"),
                    new Column("cores", "cores", "%.2f"));

    /** Has the heap resident from the beginning, so that all that grows is something else. */
    private static final String RESIDENT = " -XX:+AlwaysPreTouch";

    @Mixin private Common common;

    @Option(
            names = "--swaps",
            defaultValue = "100",
            paramLabel = "N",
            description = "How often the bundle is replaced (default: ${DEFAULT-VALUE}).")
    private int swaps;

    @Option(
            names = "--rate",
            defaultValue = "20000",
            paramLabel = "N",
            description = "Flows a second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "N",
            description =
                    "How long the swaps are spread over (default: ${DEFAULT-VALUE}); they take"
                            + " longer where they follow each other faster than can be done.")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "20",
            paramLabel = "N",
            description = "Seconds of the same load before (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(
            names = "--drain",
            defaultValue = "60",
            paramLabel = "N",
            description =
                    "Seconds that verdicts are waited for at the end (default: ${DEFAULT-VALUE}).")
    private double drain;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("swap", COLUMNS);
        final Map<String, Integer> cases = new LinkedHashMap<>();
        cases.put(WITH, swaps);
        cases.put(WITHOUT, 0);
        cases.forEach((name, count) -> report.add(name, "open loop", parameters(count)));
        for (int run = 1; run <= common.runs(); run++) {
            for (final Map.Entry<String, Integer> one : cases.entrySet()) {
                final SwapRun.Result result = measure(one.getValue());
                report.run(one.getKey(), result.figures());
                report.curve("RSS, " + one.getKey(), "swaps", "MiB", points(result));
                common.tell("run %d of %d: %s", run, common.runs(), one.getKey());
            }
        }
        report.compare(WITH, WITHOUT, "packet1P99Ms");
        report.compare(WITH, WITHOUT, "rssAfterMiB");
        common.publish(report);
        return 0;
    }

    private SwapRun.Result measure(final int count) throws Exception {
        try (WorkFolder work = WorkFolder.made()) {
            return new FreshJvm(common.givenCores(), common.jvm() + RESIDENT)
                    .measure(
                            SwapRun.class,
                            new SwapRun.Settings(
                                    common.captures().toString(),
                                    10,
                                    common.bundle().toString(),
                                    new Schedule(
                                            List.of(
                                                    new Phase(rate, warmUp),
                                                    new Phase(rate, seconds))),
                                    count,
                                    drain,
                                    common.settings(),
                                    work.path().toString()),
                            SwapRun.Result.class);
        }
    }

    private static List<double[]> points(final SwapRun.Result result) {
        return result.samples().stream()
                .map(sample -> new double[] {sample.swaps(), sample.mebibytes()})
                .toList();
    }

    private Map<String, Object> parameters(final int count) {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("cores", common.cores());
        parameters.put("swaps", count);
        parameters.put("rate", rate);
        parameters.put("seconds", seconds);
        parameters.put("jvm", common.jvm() + RESIDENT);
        parameters.put("bundle", common.bundle().getFileName().toString());
        return parameters;
    }
}
