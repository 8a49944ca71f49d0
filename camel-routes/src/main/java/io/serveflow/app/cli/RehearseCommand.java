/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.run.RouteApplication;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code serveflow rehearse}: the routes from their start to the first verdicts, on a sample and
 * without Elasticsearch, and then the end of the process.
 *
 * <p>For the launcher, which has the JVM note the classes that a start needs.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Start the routes on a sample, without Elasticsearch, and end.")
public final class RehearseCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(20);

    /** Whatever happens, the process ends by then. */
    private static final long LIMIT_SECONDS = 60;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
                .execute(() -> fail("no verdict came in " + LIMIT_SECONDS + " s"));
        try {
            rehearse();
            end(ExitCode.OK);
        } catch (final Exception e) {
            fail(e.toString());
        }
        return ExitCode.SOFTWARE;
    }

    /** The folder that it works in is the caller's to delete: the routes still write in it. */
    private static void rehearse() throws Exception {
        final Path work = Files.createTempDirectory("serveflow-rehearsal-");
        final Path log = work.resolve("serveflow.log");
        Files.copy(BuildInfo.home().resolve("samples/records/https.log"), log);
        final RouteApplication application =
                new RouteApplication(Optional.empty(), settings(work, log));
        application.start();
        application.announce();
        awaitTried(application);
    }

    private void fail(final String why) {
        spec.commandLine().getErr().println("serveflow: " + why);
        end(ExitCode.SOFTWARE);
    }

    /** At once: documents wait for an Elasticsearch, and an end in order would wait for them. */
    private static void end(final int code) {
        Runtime.getRuntime().halt(code);
    }

    private static Properties settings(final Path work, final Path log) throws IOException {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "tail");
        settings.setProperty("serveflow.tail.path", log.toString());
        settings.setProperty(
                "serveflow.tail.positionFile", work.resolve("tail.position").toString());
        settings.setProperty("serveflow.deadLetters", work.resolve("letters.ndjson").toString());
        settings.setProperty("serveflow.repair", work.resolve("repair.ndjson").toString());
        settings.setProperty("serveflow.elasticsearch.urls", nobody());
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.port", "0");
        return settings;
    }

    /** Waits until verdicts were given and tried to be stored; the limit bounds it. */
    private static void awaitTried(final RouteApplication application) throws InterruptedException {
        while (application.tally().latest().isEmpty()
                || application.ledger().total(Ledger.Entry.RETRIED) == 0) {
            application.awaitEnd(LOOK);
        }
    }

    /** An address at which nothing listens: whoever connects is refused at once. */
    private static String nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }
}
