/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.app.cli.Serveflow;
import io.serveflow.app.run.ScoringProcess;
import io.serveflow.benchmark.load.LoadRun;
import io.serveflow.benchmark.load.Schedule;
import io.serveflow.benchmark.load.Schedule.Phase;
import io.serveflow.benchmark.load.Source;
import io.serveflow.benchmark.rate.RateRun;
import io.serveflow.benchmark.rate.Way;
import io.serveflow.benchmark.remote.CallRun;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.run.WorkFolder;
import io.serveflow.model.Bundle;
import io.serveflow.model.TierModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench remote}: the slow tier in a process of its own. */
@Command(
        name = "remote",
        mixinStandardHelpOptions = true,
        description =
                "The slow tier in a worker process on the same cores: the rate of the routes with"
                        + " it and without, what a request costs besides the scoring, and how long"
                        + " verdicts on packet 1 take while the worker stands still (SIGSTOP).")
final class RemoteCommand implements Callable<Integer> {

    private static final String RATE = "flowsPerSecond";
    private static final String P99 = "packet1P99Ms";
    private static final String HERE = "rate, slow tier here";
    private static final String THERE = "rate, slow tier in a worker";
    private static final String NORMAL = "delays, worker as usual";
    private static final String STOPPED = "delays, worker stopped";
    private static final int IN_FLIGHT = 8;
    private static final double MINUTES = 60;

    private static final List<Column> COLUMNS =
            List.of(
                    new Column(RATE, "flows/s", "%,.0f"),
                    new Column("cpuMicrosPerFlow", "CPU us/flow", "%.2f"),
                    new Column("bytesPerFlow", "B/flow", "%,.0f"),
                    new Column("share.slow", "slow", "%.3f"),
                    new Column("share.slow_unavailable", "shed", "%.3f"),
                    new Column("packet1P50Ms", "packet 1 p50 ms", "%.2f"),
                    new Column(P99, "p99", "%.2f"),
                    new Column("packet1MaxMs", "max", "%.1f"),
                    new Column("shedShare", "fast answer stands", "%.3f"));

    @Mixin private Common common;

    @Option(
            names = "--flows",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "Flows that count for the rate (default: ${DEFAULT-VALUE}).")
    private long flows;

    @Option(
            names = "--warm-up",
            defaultValue = "400000",
            paramLabel = "N",
            description = "Flows before those that count (default: ${DEFAULT-VALUE}).")
    private long warmUp;

    @Option(
            names = "--rate",
            defaultValue = "5000",
            paramLabel = "N",
            description = "Flows a second for the delays (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            paramLabel = "N",
            description =
                    "Seconds of each phase for the delays, and of a run of requests (default:"
                            + " ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--batches",
            split = ",",
            defaultValue = "32,128,512",
            paramLabel = "N",
            description = "Flows a request (default: ${DEFAULT-VALUE}).")
    private List<Integer> batches;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("remote", COLUMNS);
        report.add(HERE, "shipped routes in memory", parameters());
        report.add(THERE, "the same with serveflow.slow.endpoints", parameters());
        batches.forEach(
                batch ->
                        report.add(
                                requests(batch),
                                "client and server in one process, nothing is computed",
                                Map.of("batch", batch, "inFlight", IN_FLIGHT)));
        report.add(NORMAL, "open loop through the shipped routes", Map.of("rate", rate));
        report.add(
                STOPPED, "the same, the worker stopped as the phase begins", Map.of("rate", rate));
        for (int run = 1; run <= common.runs(); run++) {
            report.run(HERE, rate(Optional.empty()));
            report.run(THERE, rateThere());
            for (final int batch : batches) {
                report.run(requests(batch), call(batch));
            }
            final List<Map<String, Double>> phases = delays();
            report.run(NORMAL, phases.get(1));
            report.run(STOPPED, phases.get(2));
            common.tell("run %d of %d is done", run, common.runs());
        }
        report.compare(THERE, HERE, RATE);
        report.compare(STOPPED, NORMAL, P99);
        common.publish(report);
        return 0;
    }

    private static String requests(final int batch) {
        return "requests of " + batch;
    }

    private Map<String, Double> rateThere() throws Exception {
        try (WorkFolder folder = WorkFolder.made();
                ScoringProcess worker = worker(folder)) {
            return rate(Optional.of(worker.address()));
        }
    }

    private Map<String, Double> rate(final Optional<String> endpoints) throws Exception {
        try (WorkFolder work = WorkFolder.made()) {
            final RateRun.Result result =
                    common.freshJvm()
                            .measure(
                                    RateRun.class,
                                    new RateRun.Settings(
                                            Way.ROUTES,
                                            common.captures().toString(),
                                            10,
                                            0,
                                            common.bundle().toString(),
                                            warmUp,
                                            flows,
                                            common.cores(),
                                            1024,
                                            20_000,
                                            false,
                                            settings(endpoints),
                                            work.path().toString()),
                                    RateRun.Result.class);
            final Map<String, Double> figures = new LinkedHashMap<>(result.figures());
            result.ends().forEach((end, share) -> figures.put("share." + end, share));
            return figures;
        }
    }

    /** The delays of a phase to warm up, one as usual, and one in which the worker stands still. */
    private List<Map<String, Double>> delays() throws Exception {
        final Schedule schedule =
                new Schedule(
                        List.of(
                                new Phase(rate, seconds),
                                new Phase(rate, seconds),
                                new Phase(rate, seconds)));
        try (WorkFolder folder = WorkFolder.made();
                WorkFolder work = WorkFolder.made();
                ScoringProcess worker = worker(folder)) {
            final List<Map<String, Double>> phases =
                    common.freshJvm()
                            .measure(
                                    LoadRun.class,
                                    new LoadRun.Settings(
                                            Source.memory,
                                            common.captures().toString(),
                                            10,
                                            common.bundle().toString(),
                                            schedule,
                                            MINUTES,
                                            "",
                                            "",
                                            settings(Optional.of(worker.address())),
                                            List.of(List.of(), List.of(), stopping(worker)),
                                            work.path().toString()),
                                    LoadRun.Result.class)
                            .phases();
            phases.forEach(
                    figures ->
                            figures.put(
                                    "shedShare",
                                    figures.get("shed") / Math.max(1, figures.get("answered"))));
            return phases;
        }
    }

    private Map<String, Double> call(final int batch) throws Exception {
        try (Bundle bundle = Bundle.load(common.bundle())) {
            final TierModel tier = bundle.tiers().get(bundle.tiers().size() - 1);
            return common.freshJvm()
                    .measure(
                            CallRun.class,
                            new CallRun.Settings(
                                    batch,
                                    tier.encoder().width(),
                                    tier.classes(),
                                    IN_FLIGHT,
                                    seconds,
                                    seconds),
                            CallRun.Result.class)
                    .figures();
        }
    }

    private Map<String, String> settings(final Optional<String> endpoints) {
        final Map<String, String> settings = new LinkedHashMap<>(common.settings());
        endpoints.ifPresent(addresses -> settings.put("serveflow.slow.endpoints", addresses));
        return settings;
    }

    /** On the cores of the measured process. */
    private ScoringProcess worker(final WorkFolder folder) throws Exception {
        final FreshJvm jvm = new FreshJvm(common.givenCores(), "-Xmx512m");
        return ScoringProcess.start(
                settings -> jvm.command(Serveflow.class, "run", "--config", settings.toString()),
                folder.path(),
                common.bundle());
    }

    /** The command that has it stand still, with its connections open. */
    private static List<String> stopping(final ScoringProcess worker) {
        return List.of("kill", "-STOP", Long.toString(worker.pid()));
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("cores", common.cores());
        parameters.put("flows", flows);
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
