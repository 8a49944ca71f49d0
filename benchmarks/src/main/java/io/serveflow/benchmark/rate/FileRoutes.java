/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import io.serveflow.app.run.RouteApplication;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Feed;
import io.serveflow.benchmark.traffic.Traffic;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The shipped routes, which follow a log that is written as fast as its flows are answered. */
final class FileRoutes implements Contender {

    private final Traffic traffic;
    private final RouteApplication application;
    private final Window window;
    private final Path log;

    FileRoutes(
            final Traffic traffic,
            final RouteApplication application,
            final Window window,
            final Path log) {
        this.traffic = traffic;
        this.application = application;
        this.window = window;
        this.log = log;
    }

    @Override
    public void decide(final long first, final long count) throws IOException {
        final Feed feed = traffic.feed(first, count, 0, 1);
        final Chunk chunk = feed.chunk();
        try (OutputStream out =
                Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (feed.fill(chunk)) {
                out.write(chunk.bytes(), 0, chunk.length());
                window.begin(chunk.begins());
            }
        }
        window.awaitEnd();
    }

    @Override
    public void close() {
        application.close();
    }
}
