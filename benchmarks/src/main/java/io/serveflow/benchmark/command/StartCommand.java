/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.command;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.cli.Serveflow;
import io.serveflow.benchmark.report.Report;
import io.serveflow.benchmark.report.Report.Column;
import io.serveflow.benchmark.run.WorkFolder;
import io.serveflow.benchmark.sink.MeasuredApplication;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Traffic;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** {@code bench start}: from the start of the process to the first verdicts. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description =
                "Seconds from the start of serveflow run to the first verdicts, on a log that is"
                        + " there.")
final class StartCommand implements Callable<Integer> {

    private static final String SECONDS = "secondsToVerdict";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    @Mixin private Common common;

    /** What is started. */
    enum Began {
        /** The JVM. */
        jvm,
        /** The launcher, which looks whether the build is stale and for the JVM. */
        launcher
    }

    @Option(
            names = "--ways",
            split = ",",
            defaultValue = "jvm,launcher",
            paramLabel = "WAY",
            description = "What is started: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Set<Began> ways = new LinkedHashSet<>();

    @Override
    public Integer call() throws Exception {
        final Report report =
                new Report("start", List.of(new Column(SECONDS, "s to first verdicts", "%.2f")));
        for (final Began way : ways) {
            report.add(way.name(), "serveflow run, a log that is followed", parameters());
        }
        final Traffic traffic = Traffic.read(common.captures(), 10);
        for (int run = 1; run <= common.runs(); run++) {
            for (final Began way : ways) {
                final double seconds = measure(way, traffic);
                report.run(way.name(), Map.of(SECONDS, seconds));
                common.tell("run %d of %d: %s, %.2f s", run, common.runs(), way, seconds);
            }
        }
        common.publish(report);
        return 0;
    }

    private double measure(final Began way, final Traffic traffic) throws Exception {
        try (WorkFolder work = WorkFolder.made()) {
            final Path log = work.path().resolve("serveflow.log");
            write(traffic, log);
            final Path verdicts = work.path().resolve("verdicts.txt");
            final Path config =
                    new MeasuredApplication(common.bundle(), work.path())
                            .fromLog(log)
                            .route("verdicts.camel.yaml", intoFile(verdicts))
                            .with(common.settings())
                            .written();
            final ProcessBuilder builder =
                    new ProcessBuilder(command(way, config))
                            .redirectErrorStream(true)
                            .redirectOutput(work.path().resolve("said").toFile());
            if (way == Began.launcher) {
                builder.environment().put("SERVEFLOW_JAVA_OPTS", common.jvm());
            }
            final long begin = System.nanoTime();
            final Process process = builder.start();
            try {
                while (!Files.exists(verdicts)) {
                    if (!process.isAlive() || System.nanoTime() - begin > PATIENCE_NANOS) {
                        throw new IOException(
                                "serveflow run gave no verdict; it said: "
                                        + Files.readString(work.path().resolve("said")));
                    }
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                return (System.nanoTime() - begin) / 1e9;
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private List<String> command(final Began way, final Path config) throws IOException {
        return switch (way) {
            case jvm ->
                    common.freshJvm()
                            .applicationCommand(
                                    BuildInfo.home(),
                                    Serveflow.class,
                                    "run",
                                    "--config",
                                    config.toString());
            case launcher ->
                    List.of(
                            BuildInfo.home().resolve("serveflow").toString(),
                            "run",
                            "--config",
                            config.toString());
        };
    }

    /** Verdicts are noted in a file by parts that the product has. */
    private static String intoFile(final Path file) {
        return """
        - route:
            id: verdicts
            from:
              uri: direct:verdicts
              steps:
                - setBody:
                    simple: "verdicts in ${body}"
                - to: file:%s?fileName=%s&fileExist=Append
        """
                .formatted(file.getParent(), file.getFileName());
    }

    private static void write(final Traffic traffic, final Path log) throws IOException {
        final var feed = traffic.feed(0, traffic.flows(), 0, 1);
        final Chunk chunk = feed.chunk();
        try (OutputStream out = Files.newOutputStream(log)) {
            while (feed.fill(chunk)) {
                out.write(chunk.bytes(), 0, chunk.length());
            }
        }
    }

    private Map<String, Object> parameters() {
        final Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("cores", common.cores());
        parameters.put("jvm", common.jvm());
        return parameters;
    }
}
