/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.index;

import io.serveflow.app.run.RouteApplication;
import io.serveflow.benchmark.rate.MemoryRoutes;
import io.serveflow.benchmark.rate.Window;
import io.serveflow.benchmark.run.Cost;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.sink.MeasuredApplication;
import io.serveflow.benchmark.sink.MemorySource;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.ledger.Ledger;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** One measurement of documents a second, in a JVM of its own. */
public final class IndexRun {

    private static final long LOOK_NANOS = 200_000;

    private IndexRun() {}

    /**
     * What is to be measured.
     *
     * @param bulk how requests are made without routes; null to measure the routes
     * @param elasticsearch where the server is
     * @param dataStream a data stream that nobody had
     * @param warmUp flows before those that count
     * @param flows flows that count
     * @param threads that read lines
     * @param window most flows under way
     * @param application settings that are not the shipped ones
     * @param work an empty folder
     */
    public record Settings(
            BulkForm bulk,
            String elasticsearch,
            String dataStream,
            String captures,
            String bundle,
            long warmUp,
            long flows,
            int threads,
            long window,
            Map<String, String> application,
            String work) {}

    /** What was measured. */
    public record Result(Map<String, Double> figures) {}

    /** Measures, in a JVM that {@link FreshJvm} started. */
    public static void main(final String[] arguments) throws Exception {
        final Settings settings = FreshJvm.settings(arguments, Settings.class);
        FreshJvm.say(settings.bulk() == null ? routes(settings) : bulk(settings));
        System.exit(0); // no thread of a library may keep the process
    }

    /** From lines in memory to stored documents, by the shipped routes as they are. */
    private static Result routes(final Settings settings) throws Exception {
        final Traffic traffic = Traffic.read(Path.of(settings.captures()), 10);
        final RouteApplication application =
                new MeasuredApplication(Path.of(settings.bundle()), Path.of(settings.work()))
                        .fromMemory()
                        .intoElasticsearch(settings.elasticsearch(), settings.dataStream())
                        .with(settings.application())
                        .started(exchange -> {});
        final Ledger ledger = application.ledger();
        final Window window = new Window(() -> finals(ledger), settings.window());
        try (MemoryRoutes routes =
                new MemoryRoutes(
                        traffic, application, window, MemorySource.BATCH, settings.threads())) {
            routes.decide(0, settings.warmUp());
            awaitIndexed(ledger);
            final long before = ledger.total(Ledger.Entry.INDEXED);
            final Cost begin = Cost.now();
            routes.decide(settings.warmUp(), settings.flows());
            awaitIndexed(ledger);
            final Cost cost = Cost.now().since(begin);
            final long indexed = ledger.total(Ledger.Entry.INDEXED) - before;
            final Map<String, Double> figures = cost.per("document", indexed);
            figures.put("flowsPerSecond", settings.flows() * 1e9 / cost.wallNanos());
            figures.put(
                    "shedShare",
                    (double) ledger.total(Ledger.Entry.FELL_BACK)
                            / (settings.warmUp() + settings.flows()));
            return new Result(figures);
        }
    }

    private static long finals(final Ledger ledger) {
        return ledger.byDetail(Ledger.Entry.VERDICTS).entrySet().stream()
                .filter(count -> count.getKey().endsWith("/final"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static void awaitIndexed(final Ledger ledger) {
        while (ledger.total(Ledger.Entry.INDEXED) < ledger.total(Ledger.Entry.VERDICTS)) {
            if (ledger.total(Ledger.Entry.DEAD_LETTERED) > 0) {
                throw new IllegalStateException("Elasticsearch refused documents");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** The same documents, made beforehand, by nothing but the client. */
    private static Result bulk(final Settings settings) throws Exception {
        final MadeDocuments documents =
                MadeDocuments.of(
                        Traffic.read(Path.of(settings.captures()), 10),
                        Path.of(settings.bundle()),
                        settings.warmUp(),
                        settings.flows());
        try (BulkClient client =
                new BulkClient(
                        URI.create(settings.elasticsearch()),
                        settings.dataStream(),
                        settings.bulk())) {
            client.index(documents.warmUp());
            final Cost begin = Cost.now();
            client.index(documents.measured());
            final Cost cost = Cost.now().since(begin);
            return new Result(cost.per("document", documents.measured().size()));
        }
    }
}
