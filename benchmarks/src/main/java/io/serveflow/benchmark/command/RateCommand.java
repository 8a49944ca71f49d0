/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.rate.RateRun;
import io.serveflow.benchmark.rate.Way;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.WorkFolder;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench rate}: how many flows a second get their final verdict. */
@Command(
        name = "rate",
        mixinStandardHelpOptions = true,
        description = "Flows a second, from lines to documents, by the routes and by baselines.")
final class RateCommand implements Callable<Integer> {

    private static final String RATE = "flowsPerSecond";
    private static final List<Column> COLUMNS =
            List.of(
                    new Column(RATE, "flows/s", "%,.0f"),
                    new Column("cpuMicrosPerFlow", "CPU us/flow", "%.2f"),
                    new Column("bytesPerFlow", "B/flow", "%,.0f"),
                    new Column("gcMillis", "GC ms", "%.0f"),
                    new Column("seconds", "s", "%.1f"),
                    new Column("share.fastest", "fastest", "%.3f"),
                    new Column("share.fast", "fast", "%.3f"),
                    new Column("share.slow", "slow", "%.3f"),
                    new Column("share.fell_back", "shed", "%.3f"));

    @Mixin private Common common;

    @Option(
            names = "--ways",
            split = ",",
            paramLabel = "WAY",
            description =
                    "What is measured: ${COMPLETION-CANDIDATES} (default: routes, file, loop,"
                            + " slow).")
    private Set<Way> ways = EnumSet.of(Way.ROUTES, Way.FILE, Way.LOOP, Way.SLOW);

    @Option(
            names = "--flows",
            defaultValue = "2000000",
            paramLabel = "N",
            description = "Flows that count (default: ${DEFAULT-VALUE}).")
    private long flows;

    @Option(
            names = "--warm-up",
            defaultValue = "600000",
            paramLabel = "N",
            description = "Flows before those that count (default: ${DEFAULT-VALUE}).")
    private long warmUp;

    @Option(
            names = "--threads",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Threads that read lines (default: one a core). The routes have one more, for"
                            + " the slow tier; a log has one reader.")
    private int threads;

    @Option(
            names = "--batch",
            defaultValue = "1024",
            paramLabel = "N",
            description = "Most records that go together (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--window",
            defaultValue = "20000",
            paramLabel = "N",
            description =
                    "Most flows under way, so that no flow is refused (default:"
                            + " ${DEFAULT-VALUE}).")
    private long window;

    @Option(
            names = "--packets",
            defaultValue = "10",
            paramLabel = "N",
            description = "Most packets in a context record (default: ${DEFAULT-VALUE}).")
    private int packets;

    @Option(
            names = "--open",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "How many more flows begin before the context of a flow comes, so that as many"
                            + " more are open at a time (default: ${DEFAULT-VALUE}). The window and"
                            + " the join grow with it.")
    private long open;

    /** Where documents go. */
    enum Sink {
        none,
        ndjson
    }

    @Option(
            names = "--sink",
            defaultValue = "none",
            paramLabel = "SINK",
            description =
                    "Where the documents go: ${COMPLETION-CANDIDATES} (default:"
                            + " ${DEFAULT-VALUE}: they are made and dropped).")
    private Sink sink;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("rate", COLUMNS);
        ways.forEach(way -> report.add(way.id(), way.words(), parameters()));
        for (int run = 1; run <= common.runs(); run++) {
            for (final Way way : ways) {
                final RateRun.Result result = measure(way);
                final Map<String, Double> figures = new LinkedHashMap<>(result.figures());
                result.ends().forEach((end, share) -> figures.put("share." + end, share));
                report.run(way.id(), figures);
                common.tell(
                        "run %d of %d: %s, %,.0f flows/s",
                        run, common.runs(), way.words(), figures.get(RATE));
            }
        }
        for (final Way way : EnumSet.of(Way.LOOP, Way.SLOW, Way.SINGLE_EXCHANGE, Way.SINGLE_FLOW)) {
            report.compare(Way.ROUTES.id(), way.id(), RATE);
        }
        report.compare(Way.FILE.id(), Way.LOOP.id(), RATE);
        common.publish(report);
        return 0;
    }

    private RateRun.Result measure(final Way way) throws Exception {
        try (WorkFolder work = WorkFolder.made()) {
            return common.freshJvm()
                    .measure(
                            RateRun.class,
                            new RateRun.Settings(
                                    way,
                                    common.captures().toString(),
                                    packets,
                                    open,
                                    common.bundle().toString(),
                                    warmUp,
                                    flows,
                                    threads(),
                                    batch,
                                    window,
                                    sink == Sink.ndjson,
                                    common.settings(),
                                    work.path().toString()),
                            RateRun.Result.class);
        }
    }

    private int threads() {
        return threads == 0 ? common.cores() : threads;
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("cores", common.cores());
        parameters.put("flows", flows);
        parameters.put("packets", packets);
        parameters.put("open", open);
        parameters.put("threads", threads());
        parameters.put("batch", batch);
        parameters.put("window", window);
        parameters.put("sink", sink.name());
        parameters.put("jvm", common.jvm());
        parameters.put("bundle", common.bundle().getFileName().toString());
        return parameters;
    }
}
