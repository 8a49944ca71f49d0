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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
    private static final int LOOKS = 1_500;

    /** Of TCP port multiplexing, which nothing offers: whoever connects is refused at once. */
    private static final String NOBODY = "http://127.0.0.1:1";

    @Override
    public Integer call() throws Exception {
        final Path work = Files.createTempDirectory("serveflow-rehearsal-");
        final Path log = work.resolve("serveflow.log");
        Files.copy(BuildInfo.home().resolve("samples/records/https.log"), log);
        final RouteApplication application =
                new RouteApplication(Optional.empty(), settings(work, log));
        application.start();
        application.announce();
        final boolean reached = isReached(application);
        delete(work);
        // The documents would wait for an Elasticsearch, and the end for them.
        Runtime.getRuntime().halt(reached ? ExitCode.OK : ExitCode.SOFTWARE);
        return ExitCode.SOFTWARE;
    }

    private static Properties settings(final Path work, final Path log) {
        final Properties settings = new Properties();
        settings.setProperty("serveflow.sources", "tail");
        settings.setProperty("serveflow.tail.path", log.toString());
        settings.setProperty(
                "serveflow.tail.positionFile", work.resolve("tail.position").toString());
        settings.setProperty("serveflow.deadLetters", work.resolve("letters.ndjson").toString());
        settings.setProperty("serveflow.elasticsearch.urls", NOBODY);
        settings.setProperty("serveflow.elasticsearch.templates", "false");
        settings.setProperty("serveflow.console.port", "0");
        settings.setProperty("camel.management.port", "0");
        return settings;
    }

    /** Whether verdicts were given and tried to be stored. */
    private static boolean isReached(final RouteApplication application)
            throws InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            if (!application.tally().latest().isEmpty()
                    && application.ledger().total(Ledger.Entry.RETRIED) > 0) {
                return true;
            }
            application.awaitEnd(LOOK);
        }
        return false;
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
