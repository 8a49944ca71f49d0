/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.camel.support.Backoff;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Ledger.Entry;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.elasticsearch.client.RestClient;

/**
 * An {@link BulkDelivery} with everything around it, whose clock stands still until it is moved.
 */
final class IndexFixture implements AutoCloseable {

    static final BulkDelivery.Options OPTIONS =
            new BulkDelivery.Options(2, 5 * 1024 * 1024, 0, new Backoff(10, 200, () -> 0.5));

    final Ledger ledger = new Ledger();
    final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    final AtomicLong nanos = new AtomicLong();
    final BulkDelivery index;
    private final RestClient client;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    private IndexFixture(
            final ElasticConnection connection,
            final String dataStream,
            final BulkDelivery.Options options,
            final DeadLetterSink sink,
            final boolean installTemplates)
            throws IOException {
        client = connection.open();
        index =
                new BulkDelivery(
                        new ElasticDataStream(
                                client,
                                dataStream,
                                nanos::get,
                                Clock.systemUTC(),
                                installTemplates
                                        ? Optional.of(new TemplateInstaller(client))
                                        : Optional.empty()),
                        options,
                        scheduler,
                        nanos::get,
                        ledger,
                        letter -> {
                            sink.accept(letter);
                            deadLetters.add(letter);
                        });
    }

    /** An index that installs the templates again when they are missing. */
    static IndexFixture owningTemplates(final URI server, final String dataStream)
            throws IOException {
        return new IndexFixture(
                ElasticConnection.to(server), dataStream, OPTIONS, letter -> {}, true);
    }

    IndexFixture(
            final URI server,
            final String dataStream,
            final BulkDelivery.Options options,
            final DeadLetterSink sink)
            throws IOException {
        this(ElasticConnection.to(server), dataStream, options, sink, false);
    }

    IndexFixture(final URI server, final String dataStream, final BulkDelivery.Options options)
            throws IOException {
        this(server, dataStream, options, letter -> {});
    }

    IndexFixture(final ElasticConnection connection, final String dataStream) throws IOException {
        this(connection, dataStream, OPTIONS, letter -> {}, false);
    }

    IndexFixture(final URI server, final String dataStream) throws IOException {
        this(server, dataStream, OPTIONS);
    }

    long retried(final String reason) {
        return ledger.byDetail(Entry.RETRIED).getOrDefault(reason, 0L);
    }

    /** Waits until what was given to the scheduler so far has run. */
    void awaitScheduled() throws Exception {
        scheduler.submit(() -> {}).get();
    }

    @Override
    public void close() throws IOException {
        index.close();
        scheduler.shutdownNow();
        client.close();
    }
}
