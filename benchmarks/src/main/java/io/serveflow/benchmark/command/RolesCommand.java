/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.app.BuildInfo;
import io.serveflow.benchmark.kafka.Lines;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.roles.RoleProcesses;
import io.serveflow.benchmark.roles.StoredVerdicts;
import io.serveflow.benchmark.run.FreshJvm;
import io.serveflow.benchmark.run.WorkFolder;
import io.serveflow.benchmark.traffic.Traffic;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import io.serveflow.testing.kafka.LocalKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench roles}: processes linked by Kafka, of which some are killed. */
@Command(
        name = "roles",
        mixinStandardHelpOptions = true,
        description =
                "Flows a second of two processes of the role fast, one of the role slow and one of"
                        + " the role index, with a real Kafka and a real Elasticsearch on this"
                        + " machine, and what is stored when a fast and the slow one are killed.")
final class RolesCommand implements Callable<Integer> {

    private static final String INDEX = "logs-serveflow-roles";
    private static final String LINES = "lines";
    private static final String RATE = "flowsPerSecond";
    private static final String FINALS = "finalVerdicts";
    private static final String FLOWS = "flowsWithAFinalVerdict";
    private static final String PROVISIONAL = "provisionalVerdicts";
    private static final String FOLLOWED = "provisionalFollowed";
    private static final String STOOD_IN = "fastAnswersThatStand";
    private static final List<Column> COLUMNS =
            List.of(
                    new Column(RATE, "flows/s", "%,.0f"),
                    new Column("seconds", "s", "%.1f"),
                    new Column(FINALS, "final", "%,.0f"),
                    new Column(FLOWS, "of flows", "%,.0f"),
                    new Column(PROVISIONAL, "provisional", "%,.0f"),
                    new Column(FOLLOWED, "followed", "%,.0f"),
                    new Column(STOOD_IN, "fast answers that stand", "%,.0f"));
    private static final List<String> PROCESSES = List.of("index-1", "slow-1", "fast-1", "fast-2");
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    @Mixin private Common common;

    /** What happens meanwhile. */
    enum Way {
        /** Nothing. */
        alone,
        /** A fast process and the slow one are killed, and started again. */
        killed
    }

    @Option(
            names = "--ways",
            split = ",",
            defaultValue = "alone,killed",
            paramLabel = "WAY",
            description =
                    "What happens meanwhile: ${COMPLETION-CANDIDATES} (default:"
                            + " ${DEFAULT-VALUE}).")
    private Set<Way> ways = new LinkedHashSet<>();

    @Option(
            names = "--flows",
            defaultValue = "200000",
            paramLabel = "N",
            description = "Flows of a run (default: ${DEFAULT-VALUE}).")
    private long flows;

    @Option(
            names = "--partitions",
            defaultValue = "4",
            paramLabel = "N",
            description = "Partitions of each topic (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--role-jvm",
            defaultValue = "-Xmx512m",
            paramLabel = "OPTIONS",
            description = "Options of the JVM of each process (default: ${DEFAULT-VALUE}).")
    private String roleJvm;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("roles", COLUMNS);
        ways.forEach(way -> report.add(way.name(), said(way), parameters()));
        final Traffic traffic = Traffic.read(common.captures(), 10);
        for (int run = 1; run <= common.runs(); run++) {
            for (final Way way : ways) {
                final Map<String, Double> figures = measure(traffic, way);
                report.run(way.name(), figures);
                common.tell(
                        "run %d of %d: %s, %,.0f flows/s, %,.0f final verdicts of %,.0f flows",
                        run,
                        common.runs(),
                        way,
                        figures.get(RATE),
                        figures.get(FINALS),
                        figures.get(FLOWS));
            }
        }
        if (ways.size() > 1) {
            report.compare(Way.alone.name(), Way.killed.name(), RATE);
        }
        common.publish(report);
        return 0;
    }

    private static String said(final Way way) {
        return switch (way) {
            case alone -> "nobody is killed";
            case killed -> "a fast and the slow process are killed and started again";
        };
    }

    private Map<String, Double> measure(final Traffic traffic, final Way way) throws Exception {
        try (WorkFolder work = WorkFolder.made();
                LocalKafka kafka = LocalKafka.started(work.path(), List.of("-Xmx768m"));
                LocalElasticsearch elasticsearch =
                        LocalElasticsearch.started(
                                elasticsearchHome(),
                                LocalElasticsearch.Options.defaults()
                                        .withJvmOptions("-Xms1g", "-Xmx1g"));
                RoleProcesses processes =
                        new RoleProcesses(
                                work.path(),
                                new FreshJvm(common.givenCores(), roleJvm),
                                settings(kafka, elasticsearch))) {
            kafka.topic(LINES, partitions);
            Lines.produce(traffic, flows, kafka.brokers(), LINES);
            final long begun = System.nanoTime();
            for (final String name : PROCESSES) {
                processes.start(name);
            }
            final StoredVerdicts stored = new StoredVerdicts(elasticsearch.uri(), INDEX);
            if (way == Way.killed) {
                killAt(flows / 4, "fast-1", stored, processes);
                killAt(flows / 2, "slow-1", stored, processes);
            }
            await(flows, stored, processes);
            final double seconds = (System.nanoTime() - begun) / 1e9;
            return figures(seconds, stored);
        }
    }

    /** Kills a process when so many final verdicts are stored, and starts it again. */
    private static void killAt(
            final long finals,
            final String name,
            final StoredVerdicts stored,
            final RoleProcesses processes)
            throws Exception {
        await(finals, stored, processes);
        processes.kill(name);
        LockSupport.parkNanos(AWAY_NANOS);
        processes.start(name);
    }

    /** Waits as long as more verdicts come. */
    private static void await(
            final long finals, final StoredVerdicts stored, final RoleProcesses processes)
            throws Exception {
        long latest = 0;
        long since = System.nanoTime();
        while (latest < finals) {
            processes.requireAlive();
            final long now = stored.count("serveflow.final:true");
            if (now > latest) {
                latest = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                throw new IOException(
                        "%d of %d flows have their final verdict, and none was added in three minutes"
                                .formatted(latest, finals));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private Map<String, Double> figures(final double seconds, final StoredVerdicts stored)
            throws Exception {
        final Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(RATE, flows / seconds);
        figures.put("seconds", seconds);
        figures.put(FINALS, (double) stored.count("serveflow.final:true"));
        figures.put(FLOWS, (double) stored.flows("serveflow.final:true"));
        figures.put(PROVISIONAL, (double) stored.count("serveflow.final:false"));
        figures.put(FOLLOWED, (double) stored.count("_exists_:serveflow.supersedes"));
        figures.put(STOOD_IN, (double) stored.count("serveflow.reason:slow_*"));
        return figures;
    }

    private Map<String, String> settings(
            final LocalKafka kafka, final LocalElasticsearch elasticsearch) {
        final Map<String, String> settings = new HashMap<>();
        settings.put("serveflow.sources", "kafka");
        settings.put("serveflow.kafka.topics", LINES);
        settings.put("serveflow.kafka.brokers", kafka.brokers());
        settings.put("serveflow.kafka.keyedByFlow", "true");
        settings.put("serveflow.link", "kafka");
        settings.put("serveflow.link.partitions", Integer.toString(partitions));
        settings.put("serveflow.bundle", common.bundle().toString());
        settings.put("serveflow.elasticsearch.urls", elasticsearch.uri().toString());
        settings.put("serveflow.index", INDEX);
        settings.put("serveflow.console.port", "0");
        settings.put("camel.management.enabled", "false");
        settings.put("camel.component.serveflow-kafka.sessionTimeoutMs", "6000");
        settings.put("camel.component.serveflow-kafka.heartbeatIntervalMs", "1000");
        settings.putAll(common.settings());
        return settings;
    }

    private static Path elasticsearchHome() {
        return BuildInfo.home()
                .resolve("target")
                .resolve("elasticsearch-" + BuildInfo.elasticsearchVersion());
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("cores", common.cores());
        parameters.put("flows", flows);
        parameters.put("partitions", partitions);
        parameters.put("jvm", roleJvm);
        return parameters;
    }
}
