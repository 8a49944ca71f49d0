/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.app.BuildInfo;
import io.serveflow.benchmark.index.BulkForm;
import io.serveflow.benchmark.index.IndexRun;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.WorkFolder;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench index}: documents a second into a real Elasticsearch. */
@Command(
        name = "index",
        mixinStandardHelpOptions = true,
        description =
                "Documents a second into a real Elasticsearch on this machine: the shipped routes,"
                        + " and bare bulk requests of the same documents, made beforehand.")
final class IndexCommand implements Callable<Integer> {

    private static final String RATE = "documentsPerSecond";
    private static final String ROUTES = "routes";
    private static final int MIB = 1 << 20;
    private static final List<Column> COLUMNS =
            List.of(
                    new Column(RATE, "documents/s", "%,.0f"),
                    new Column("cpuMicrosPerDocument", "own CPU us/document", "%.1f"),
                    new Column("flowsPerSecond", "flows/s", "%,.0f"),
                    new Column("seconds", "s", "%.1f"),
                    new Column("shedShare", "shed", "%.3f"));

    @Mixin private Common common;

    @Option(
            names = "--flows",
            defaultValue = "300000",
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
            names = "--threads",
            defaultValue = "0",
            paramLabel = "N",
            description = "Threads that read lines (default: one a core).")
    private int threads;

    @Option(
            names = "--window",
            defaultValue = "60000",
            paramLabel = "N",
            description = "Most flows under way (default: ${DEFAULT-VALUE}).")
    private long window;

    @Option(
            names = "--bulk-mib",
            split = ",",
            defaultValue = "1,5,15",
            paramLabel = "N",
            description = "Sizes of the bare bulk requests (default: ${DEFAULT-VALUE}).")
    private List<Double> bulkMib;

    @Option(
            names = "--in-flight",
            split = ",",
            defaultValue = "2,4",
            paramLabel = "N",
            description = "How many of them are under way (default: ${DEFAULT-VALUE}).")
    private List<Integer> inFlight;

    @Option(
            names = "--elastic-heap",
            defaultValue = "2048",
            paramLabel = "MIB",
            description = "Heap of Elasticsearch (default: ${DEFAULT-VALUE}).")
    private int elasticHeap;

    @Option(
            names = "--elastic-home",
            paramLabel = "DIR",
            description = "Its unpacked distribution (default: the one that the build unpacked).")
    private Optional<Path> elasticHome;

    private int streams;

    @Override
    public Integer call() throws Exception {
        final List<BulkForm> forms = new ArrayList<>();
        for (final double mib : bulkMib) {
            inFlight.forEach(n -> forms.add(new BulkForm((int) (mib * MIB), n)));
        }
        final Report report = new Report("index", COLUMNS);
        report.add(ROUTES, "the shipped routes, lines in memory", parameters());
        forms.forEach(form -> report.add(form.id(), "bare bulk requests", parameters()));
        final LocalElasticsearch.Options options =
                new LocalElasticsearch.Options(
                        0, elasticHeap, List.of(), Map.of(), Duration.ofMinutes(2));
        common.tell("starting Elasticsearch");
        try (LocalElasticsearch elasticsearch = LocalElasticsearch.started(home(), options)) {
            // Its compiler is busy for the first hundred thousands of documents, whoever sends
            // them.
            common.tell("warming Elasticsearch up");
            try (WorkFolder work = WorkFolder.made()) {
                index(Optional.of(forms.get(0)), elasticsearch.uri(), work);
            }
            for (int run = 1; run <= common.runs(); run++) {
                measure(run, ROUTES, Optional.empty(), elasticsearch.uri(), report);
                for (final BulkForm form : forms) {
                    measure(run, form.id(), Optional.of(form), elasticsearch.uri(), report);
                }
            }
        }
        compare(report, forms);
        common.publish(report);
        return 0;
    }

    private Path home() {
        return elasticHome.orElseGet(
                () ->
                        BuildInfo.home()
                                .resolve("target")
                                .resolve("elasticsearch-" + BuildInfo.elasticsearchVersion()));
    }

    private void measure(
            final int run,
            final String name,
            final Optional<BulkForm> form,
            final URI elasticsearch,
            final Report report)
            throws Exception {
        try (WorkFolder work = WorkFolder.made()) {
            final Map<String, Double> figures = index(form, elasticsearch, work);
            report.run(name, figures);
            common.tell(
                    "run %d of %d: %s, %,.0f documents/s",
                    run, common.runs(), name, figures.get(RATE));
        }
    }

    private Map<String, Double> index(
            final Optional<BulkForm> form, final URI elasticsearch, final WorkFolder work)
            throws Exception {
        return common.freshJvm()
                .measure(
                        IndexRun.class,
                        new IndexRun.Settings(
                                form.orElse(null),
                                elasticsearch.toString(),
                                "logs-serveflow-bench" + streams++,
                                common.captures().toString(),
                                common.bundle().toString(),
                                warmUp,
                                flows,
                                threads == 0 ? common.cores() : threads,
                                window,
                                common.settings(),
                                work.path().toString()),
                        IndexRun.Result.class)
                .figures();
    }

    /** The baseline is the best of the bare ones. */
    private static void compare(final Report report, final List<BulkForm> forms) {
        String best = "";
        double most = 0;
        for (final BulkForm form : forms) {
            final double median = report.median(form.id(), RATE).orElse(0.0);
            if (median > most) {
                most = median;
                best = form.id();
            }
        }
        report.compare(ROUTES, best, RATE);
        report.note("The baseline is the best of the bare ones: " + best + ".");
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("cores", common.cores());
        parameters.put("flows", flows);
        parameters.put("elasticHeapMiB", elasticHeap);
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
