/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.BuildInfo;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.app.run.ScoringProcess;
import io.serveflow.app.run.ServerPorts;
import io.serveflow.app.terminal.Progress;
import io.serveflow.app.terminal.StopSignals;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serveflow demo}: the whole product on this machine, on the shipped sensor logs. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Show the whole product on this machine: a real Elasticsearch, the shipped routes"
                        + " and models, real sensor logs.")
public final class DemoCommand implements Callable<Integer> {

    private static final String HOST = "127.0.0.1";
    private static final String REMOTE = "remote";

    /** Milliseconds: the first requests of a process that just started take their time. */
    private static final String WORKER_DEADLINE = "5000";

    /** Flows of the samples that the console may look into; they are nobody's. */
    private static final String SHOWN_FLOWS = "2000";

    private static final int MAX_PORT = 65_535;
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration LOOK = Duration.ofMillis(50);

    @Spec private CommandSpec spec;

    @Option(names = "--exit", description = "Stop when every verdict is indexed.")
    private boolean exit;

    @Option(names = "--json", description = "Print the summary as JSON, as the last line.")
    private boolean json;

    @Option(
            names = "--port",
            defaultValue = "8088",
            paramLabel = "N",
            description =
                    "Port of the console page; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--slow",
            defaultValue = "local",
            paramLabel = "WHERE",
            description =
                    "Where the slow tier is scored: local, in this process, or remote, by a worker"
                            + " process beside it (default: ${DEFAULT-VALUE}).")
    private String slow;

    @Override
    public Integer call() throws Exception {
        if (!slow.equals("local") && !slow.equals(REMOTE)) {
            throw new ParameterException(
                    spec.commandLine(), "option --slow is " + slow + "; it can be local or remote");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --port is " + port + "; it can be 0 to " + MAX_PORT);
        }
        ServerPorts.requireFree("serveflow.console", "--port", HOST, port);
        final Path server = elasticsearch();
        final int console = port == 0 ? ServerPorts.free(HOST) : port;
        final Path records = BuildInfo.home().resolve("samples/records");
        final long files = count(records);
        final Path work = Files.createTempDirectory("serveflow-demo");
        final Properties settings = settings(console, records, work);
        tell("starting Elasticsearch " + BuildInfo.elasticsearchVersion());
        try (Closeable worker = worker(settings, work);
                LocalElasticsearch elasticsearch =
                        LocalElasticsearch.started(server, LocalElasticsearch.Options.defaults());
                RouteApplication application =
                        new RouteApplication(
                                Optional.empty(), with(settings, elasticsearch.uri()))) {
            final StopSignals signals =
                    StopSignals.runAtFirst(() -> end(application, worker, work));
            try {
                replay(application, console, files, elasticsearch.uri());
            } catch (final Exception e) {
                // Who stops it knows that the replay is not done.
                if (signals.exitCode().isEmpty()) {
                    throw e;
                }
            }
            return signals.exitCode().orElse(CommandLine.ExitCode.OK);
        } finally {
            delete(work);
        }
    }

    /** The server that a build unpacks; a release has none. */
    private static Path elasticsearch() throws IOException {
        final Path server =
                BuildInfo.home()
                        .resolve("target")
                        .resolve("elasticsearch-" + BuildInfo.elasticsearchVersion());
        if (!Files.isDirectory(server)) {
            throw new IOException(
                    "the demo starts an Elasticsearch, which a release does not hold; run it in a"
                            + " checkout of the sources: ./serveflow demo");
        }
        return server;
    }

    private void replay(
            final RouteApplication application,
            final int console,
            final long files,
            final URI elasticsearch)
            throws Exception {
        tell("replaying " + files + " sensor logs through the routes");
        application.start();
        application.announce();
        awaitIndexed(application, files);
        print(DemoSummary.of(application), console, files, elasticsearch);
        if (!exit) {
            tell("stop with Ctrl-C");
            application.awaitEnd();
        }
    }

    /** Starts what scores the slow tier, if that is to be another process. */
    private Closeable worker(final Properties settings, final Path work) throws Exception {
        if (!slow.equals(REMOTE)) {
            return () -> {};
        }
        tell("starting a worker for the slow tier");
        final ScoringProcess worker =
                ScoringProcess.start(work, Path.of(settings.getProperty("serveflow.bundle")));
        settings.setProperty("serveflow.slow.endpoints", worker.address());
        settings.setProperty("serveflow.slow.deadline", WORKER_DEADLINE);
        tell("process " + worker.pid() + " scores the slow tier at " + worker.address());
        return worker;
    }

    private static Properties with(final Properties settings, final URI elasticsearch) {
        settings.setProperty("serveflow.elasticsearch.urls", elasticsearch.toString());
        return settings;
    }

    private static Properties settings(final int console, final Path records, final Path work) {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty("serveflow.input", records.toString());
        settings.setProperty("serveflow.input.settle", "1");
        settings.setProperty("serveflow.observer", "samples");
        settings.setProperty(
                "serveflow.bundle", BuildInfo.home().resolve("models/service").toString());
        settings.setProperty("serveflow.repair", work.resolve("repair.ndjson").toString());
        settings.setProperty(
                "serveflow.deadLetters", work.resolve("dead-letters.ndjson").toString());
        // All flows come at once, and each is to show what the slow tier says of it.
        settings.setProperty("serveflow.slow.targetDelay", "0");
        settings.setProperty("serveflow.console.port", Integer.toString(console));
        settings.setProperty("serveflow.console.packets", SHOWN_FLOWS);
        // The flows of the samples began when they were recorded.
        settings.setProperty("serveflow.console.window", "all");
        settings.setProperty("camel.management.enabled", "false");
        return settings;
    }

    private static long count(final Path records) throws IOException {
        if (!Files.isDirectory(records)) {
            throw new NoSuchFileException(records.toString());
        }
        try (Stream<Path> files = Files.walk(records)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    /**
     * Waits until every file is read, every flow has its final verdict and all verdicts are stored.
     */
    private static void awaitIndexed(final RouteApplication application, final long files)
            throws InterruptedException {
        final long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Progress progress = Progress.ofSteps("Sensor logs", files)) {
            while (!application.isSettled(files)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "the replay is not done after "
                                    + LIMIT.toMinutes()
                                    + " minutes; "
                                    + application.inputsDone().count()
                                    + " of "
                                    + files
                                    + " files are read, "
                                    + application.pendingFlows()
                                    + " flows wait for the slow tier");
                }
                progress.at(application.inputsDone().count(), files, "");
                if (application.awaitEnd(LOOK)) {
                    throw new IllegalStateException("the routes were stopped during the replay");
                }
            }
        }
    }

    private void print(
            final DemoSummary summary, final int console, final long files, final URI elasticsearch)
            throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        out.print(summary.text(files));
        if (!exit) {
            out.printf(
                    "%nConsole page    http://127.0.0.1:%d/%nElasticsearch  "
                            + " %s/logs-serveflow-so/_search?pretty%n",
                    console, elasticsearch);
        }
        if (json) {
            final ObjectMapper mapper = new JsonMapper();
            out.println(mapper.writeValueAsString(summary.json()));
        }
        out.flush();
    }

    private void tell(final String what) {
        spec.commandLine().getErr().println("serveflow: " + what);
    }

    /** What Ctrl-C starts; the process is gone when it returns. */
    private static void end(
            final RouteApplication application, final Closeable worker, final Path work) {
        application.close();
        try {
            worker.close();
            delete(work);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot end what works in " + work, e);
        }
    }

    private static void delete(final Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
