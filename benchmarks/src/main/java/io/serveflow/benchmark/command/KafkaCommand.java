/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.kafka.KafkaRun;
import io.serveflow.benchmark.kafka.KafkaRun.End;
import io.serveflow.benchmark.kafka.Lines;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.WorkFolder;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.testing.kafka.LocalKafka;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench kafka}: from a topic of lines to a topic of verdicts. */
@Command(
        name = "kafka",
        mixinStandardHelpOptions = true,
        description =
                "Flows a second from a topic of lines to a topic of verdicts, with a real broker"
                        + " on this machine.")
final class KafkaCommand implements Callable<Integer> {

    private static final String RATE = "flowsPerSecond";
    private static final List<Column> COLUMNS =
            List.of(
                    new Column(RATE, "flows/s", "%,.0f"),
                    new Column("cpuMicrosPerFlow", "own CPU us/flow", "%.1f"),
                    new Column("bytesPerFlow", "B/flow", "%,.0f"),
                    new Column("seconds", "s", "%.1f"),
                    new Column("shedShare", "shed", "%.3f"));

    @Mixin private Common common;

    @Option(
            names = "--flows",
            defaultValue = "200000",
            paramLabel = "N",
            description = "Flows that count (default: ${DEFAULT-VALUE}).")
    private long flows;

    @Option(
            names = "--warm-up",
            defaultValue = "100000",
            paramLabel = "N",
            description = "Flows before those that count (default: ${DEFAULT-VALUE}).")
    private long warmUp;

    @Option(
            names = "--partitions",
            defaultValue = "2",
            paramLabel = "N",
            description = "Partitions of each topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--consumers",
            defaultValue = "1",
            paramLabel = "N",
            description = "Members of the group (default: ${DEFAULT-VALUE}).")
    private int consumers;

    @Option(
            names = "--broker-heap",
            defaultValue = "1024",
            paramLabel = "MIB",
            description = "Heap of the broker (default: ${DEFAULT-VALUE}).")
    private int brokerHeap;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("kafka", COLUMNS);
        report.add(name(End.STOCK), "verdicts by Camel's own kafka component", parameters());
        report.add(name(End.PRODUCER), "verdicts by Kafka's producer", parameters());
        final Traffic traffic = Traffic.read(common.captures(), 10);
        try (WorkFolder folder = WorkFolder.made()) {
            common.tell("starting Kafka");
            try (LocalKafka kafka =
                    LocalKafka.started(folder.path(), List.of("-Xmx" + brokerHeap + "m"))) {
                for (int run = 1; run <= common.runs(); run++) {
                    for (final End end : Arrays.asList(End.values())) {
                        final Map<String, Double> figures = measure(run, end, traffic, kafka);
                        report.run(name(end), figures);
                        common.tell(
                                "run %d of %d: %s, %,.0f flows/s",
                                run, common.runs(), name(end), figures.get(RATE));
                    }
                }
            }
        }
        report.compare(name(End.STOCK), name(End.PRODUCER), RATE);
        common.publish(report);
        return 0;
    }

    private Map<String, Double> measure(
            final int run, final End end, final Traffic traffic, final LocalKafka kafka)
            throws Exception {
        final String lines = "lines-" + name(end) + "-" + run;
        final String verdicts = "verdicts-" + name(end) + "-" + run;
        kafka.topic(lines, partitions);
        kafka.topic(verdicts, partitions);
        Lines.produce(traffic, warmUp + flows, kafka.brokers(), lines);
        try (WorkFolder work = WorkFolder.made()) {
            return common.freshJvm()
                    .measure(
                            KafkaRun.class,
                            new KafkaRun.Settings(
                                    end,
                                    kafka.brokers(),
                                    lines,
                                    verdicts,
                                    consumers,
                                    common.bundle().toString(),
                                    warmUp,
                                    flows,
                                    common.settings(),
                                    work.path().toString()),
                            KafkaRun.Result.class)
                    .figures();
        }
    }

    private static String name(final End end) {
        return end.name().toLowerCase(Locale.ROOT);
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("cores", common.cores());
        parameters.put("flows", flows);
        parameters.put("partitions", partitions);
        parameters.put("consumers", consumers);
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
