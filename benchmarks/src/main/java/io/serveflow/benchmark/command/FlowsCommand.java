/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.benchmark.flows.FlowsRun;
import io.serveflow.benchmark.flows.FlowsRun.Where;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.FreshJvm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench flows}: how many open flows fit. */
@Command(
        name = "flows",
        mixinStandardHelpOptions = true,
        description = "How many flows can be open at a time in a heap, and what each takes of it.")
final class FlowsCommand implements Callable<Integer> {

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("held", "flows held", "%,.0f"),
                    new Column("bytesPerFlow", "B/flow", "%,.0f"),
                    new Column("full", "heap full", "%.0f"));

    @Mixin private Common common;

    @Option(
            names = "--heap",
            defaultValue = "1g",
            paramLabel = "SIZE",
            description = "The heap (default: ${DEFAULT-VALUE}).")
    private String heap;

    @Option(
            names = "--most",
            defaultValue = "4000000",
            paramLabel = "N",
            description = "Flows at which to end (default: ${DEFAULT-VALUE}).")
    private long most;

    @Option(
            names = "--step",
            defaultValue = "100000",
            paramLabel = "N",
            description = "Flows between two looks at the heap (default: ${DEFAULT-VALUE}).")
    private long step;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("flows", COLUMNS);
        report.add(
                name(Where.ASSEMBLER),
                "flows of which one to three packets were seen",
                parameters());
        report.add(
                name(Where.JOIN),
                "flows with a provisional verdict that wait for their context",
                parameters());
        final FreshJvm jvm =
                new FreshJvm(
                        common.givenCores(), "-Xms" + heap + " -Xmx" + heap + " -XX:+UseSerialGC");
        for (int run = 1; run <= common.runs(); run++) {
            for (final Where where : Where.values()) {
                final FlowsRun.Result result =
                        jvm.measure(
                                FlowsRun.class,
                                new FlowsRun.Settings(
                                        where, common.captures().toString(), most, step),
                                FlowsRun.Result.class);
                report.run(
                        name(where),
                        Map.of(
                                "held",
                                (double) result.held(),
                                "bytesPerFlow",
                                result.bytesPerFlow(),
                                "full",
                                result.full() ? 1.0 : 0.0));
                report.curve(name(where), "open flows", "heap MiB", result.looks());
                common.tell(
                        "run %d of %d: %s, %,d flows of %,.0f bytes",
                        run, common.runs(), name(where), result.held(), result.bytesPerFlow());
            }
        }
        common.publish(report);
        return 0;
    }

    private static String name(final Where where) {
        return where.name().toLowerCase(Locale.ROOT);
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("heap", heap);
        parameters.put("most", most);
        return parameters;
    }
}
