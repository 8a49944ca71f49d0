/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.rate;

import io.serveflow.app.run.RouteApplication;
import io.serveflow.benchmark.sink.MemorySource;
import io.serveflow.benchmark.traffic.Chunk;
import io.serveflow.benchmark.traffic.Feed;
import io.serveflow.benchmark.traffic.Traffic;

/** The shipped routes, fed from memory by some threads. */
public final class MemoryRoutes implements Contender {

    private final Traffic traffic;
    private final RouteApplication application;
    private final Window window;
    private final int batch;
    private final Threads threads;

    /**
     * @param batch most records that are sent together
     */
    public MemoryRoutes(
            final Traffic traffic,
            final RouteApplication application,
            final Window window,
            final int batch,
            final int threads) {
        this.traffic = traffic;
        this.application = application;
        this.window = window;
        this.batch = batch;
        this.threads = new Threads(threads);
    }

    @Override
    public void decide(final long first, final long count) throws Exception {
        threads.run((part, parts) -> send(traffic.feed(first, count, part, parts)));
        window.awaitEnd();
    }

    private void send(final Feed feed) throws Exception {
        final Chunk chunk = feed.chunk();
        try (MemorySource source = new MemorySource(application, batch)) {
            while (feed.fill(chunk)) {
                window.begin(chunk.begins());
                source.read(chunk);
            }
            source.send();
        }
    }

    @Override
    public void close() {
        threads.close();
        application.close();
    }
}
