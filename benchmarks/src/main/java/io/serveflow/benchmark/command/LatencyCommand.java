/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.load.LoadRun;
import io.serveflow.benchmark.load.Schedule;
import io.serveflow.benchmark.load.Schedule.Phase;
import io.serveflow.benchmark.load.Source;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.WorkFolder;
import io.serveflow.testing.kafka.LocalKafka;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench latency}: how long a verdict takes at a rate, from the time its line was due. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description =
                "How long verdicts take at steady rates, in open loop: flows come at their time"
                        + " whether or not others are answered.")
final class LatencyCommand implements Callable<Integer> {

    /** Below this share of what is offered, a rate is beyond what can be done. */
    private static final double KEEPS_UP = 0.9;

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("packet1P99Ms", "packet 1 p99 ms", "%.2f"),
                    new Column("packet1P50Ms", "p50", "%.2f"),
                    new Column("packet1P90Ms", "p90", "%.2f"),
                    new Column("packet1P999Ms", "p99.9", "%.2f"),
                    new Column("packet1MaxMs", "max", "%.1f"),
                    new Column("contextP50Ms", "context p50", "%.2f"),
                    new Column("contextP99Ms", "p99", "%.2f"),
                    new Column("contextP999Ms", "p99.9", "%.2f"),
                    new Column("contextMaxMs", "max", "%.1f"),
                    new Column("answeredPerSecond", "answered/s", "%,.0f"),
                    new Column("shedShare", "shed", "%.3f"),
                    new Column("cores", "cores", "%.2f"),
                    new Column("generatorLagMs", "generator lag ms", "%.1f"));

    @Mixin private Common common;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "1000,2000,5000,10000,20000,50000,100000",
            paramLabel = "N",
            description =
                    "Flows a second, in ascending order; those after the first that is not kept up"
                            + " with are left out (default: ${DEFAULT-VALUE}).")
    private List<Double> rates;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            paramLabel = "N",
            description = "How long each rate lasts (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            paramLabel = "N",
            description =
                    "Seconds of the same rate before those that count (default:"
                            + " ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(
            names = "--drain",
            defaultValue = "10",
            paramLabel = "N",
            description =
                    "Seconds that answers are waited for at the end (default: ${DEFAULT-VALUE}).")
    private double drain;

    @Option(
            names = "--source",
            defaultValue = "file",
            paramLabel = "SOURCE",
            description =
                    "Where lines come from: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Source source;

    @Option(
            names = "--packets",
            defaultValue = "10",
            paramLabel = "N",
            description = "Most packets in a context record (default: ${DEFAULT-VALUE}).")
    private int packets;

    private int topics;

    @Override
    public Integer call() throws Exception {
        if (source != Source.kafka) {
            measure(Optional.empty());
            return 0;
        }
        try (WorkFolder folder = WorkFolder.made()) {
            common.tell("starting Kafka");
            try (LocalKafka kafka = LocalKafka.started(folder.path(), List.of("-Xmx1g"))) {
                measure(Optional.of(kafka));
            }
        }
        return 0;
    }

    private void measure(final Optional<LocalKafka> kafka) throws Exception {
        final Report report = new Report("latency", COLUMNS);
        for (final double rate : rates) {
            final String name = String.format(Locale.ROOT, "%,.0f flows/s", rate);
            report.add(name, "open loop through the shipped routes", parameters(rate));
            boolean keptUp = true;
            for (int run = 1; run <= common.runs(); run++) {
                final Map<String, Double> figures = measure(rate, kafka);
                report.run(name, figures);
                keptUp &= figures.get("answeredPerSecond") >= KEEPS_UP * rate;
                common.tell(
                        "run %d of %d at %s: p50 %.2f ms, p99 %.2f ms on packet 1, %,.0f answered"
                                + " a second",
                        run,
                        common.runs(),
                        name,
                        figures.getOrDefault("packet1P50Ms", Double.NaN),
                        figures.getOrDefault("packet1P99Ms", Double.NaN),
                        figures.get("answeredPerSecond"));
            }
            if (!keptUp) {
                report.note(name + " is more than can be done here; higher rates are left out.");
                break;
            }
        }
        common.publish(report);
    }

    private Map<String, Double> measure(final double rate, final Optional<LocalKafka> kafka)
            throws Exception {
        final String topic = "lines-" + topics++;
        kafka.ifPresent(broker -> broker.topic(topic, 1));
        final Schedule schedule =
                new Schedule(List.of(new Phase(rate, warmUp), new Phase(rate, seconds)));
        try (WorkFolder work = WorkFolder.made()) {
            final Map<String, Double> figures =
                    common.freshJvm()
                            .measure(
                                    LoadRun.class,
                                    new LoadRun.Settings(
                                            source,
                                            common.captures().toString(),
                                            packets,
                                            common.bundle().toString(),
                                            schedule,
                                            drain,
                                            kafka.map(LocalKafka::brokers).orElse(""),
                                            topic,
                                            common.settings(),
                                            List.of(),
                                            work.path().toString()),
                                    LoadRun.Result.class)
                            .phases()
                            .get(1);
            figures.put("shedShare", figures.get("shed") / Math.max(1, figures.get("answered")));
            return figures;
        }
    }

    private Map<String, Object> parameters(final double rate) {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("rate", rate);
        parameters.put("cores", common.cores());
        parameters.put("source", source.name());
        parameters.put("seconds", seconds);
        parameters.put("packets", packets);
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
