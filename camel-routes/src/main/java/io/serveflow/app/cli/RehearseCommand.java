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
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

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
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public Integer call() throws Exception {
        final Thread limit = new Thread(RehearseCommand::endAtTheLimit, "rehearsal-limit");
        limit.setDaemon(true);
        limit.start();
        int code = ExitCode.SOFTWARE;
        try {
            final Path work = Files.createTempDirectory("serveflow-rehearsal-");
            final Path log = work.resolve("serveflow.log");
            Files.copy(BuildInfo.home().resolve("samples/records/https.log"), log);
            final RouteApplication application =
                    new RouteApplication(Optional.empty(), settings(work, log));
            application.start();
            application.announce();
            awaitTried(application);
            code = ExitCode.OK;
        } finally {
            // The documents would wait for an Elasticsearch, and an end in order for them. The
            // folder is the caller's to delete: the routes still write in it.
            Runtime.getRuntime().halt(code);
        }
        return code;
    }

    private static void endAtTheLimit() {
        try {
            Thread.sleep(LIMIT.toMillis());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.SOFTWARE);
    }

    private static Properties settings(final Path work, final Path log) throws IOException {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "tail");
        settings.setProperty("serveflow.tail.path", log.toString());
        settings.setProperty(
                "serveflow.tail.positionFile", work.resolve("tail.position").toString());
        settings.setProperty("serveflow.deadLetters", work.resolve("letters.ndjson").toString());
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
