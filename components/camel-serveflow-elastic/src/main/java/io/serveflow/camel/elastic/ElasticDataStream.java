/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.io.IOException;
import java.time.Clock;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data stream of Elasticsearch, in which an id guards a document only within one backing index:
 * those that may be in an older one are looked up first ({@link BackingIndices}).
 */
final class ElasticDataStream implements DocumentStore {

    private static final Logger LOG = LoggerFactory.getLogger(ElasticDataStream.class);

    private final BulkApi bulk;
    private final BackingIndices backing;
    private final String dataStream;
    private final Optional<TemplateInstaller> templates;

    /**
     * @param client stays open; its owner closes it
     * @param nanoClock {@link System#nanoTime()} or a test's own
     * @param clock tells which documents may have been sent before
     * @param templates installs the templates again when the server lacks them; empty if they are
     *     somebody else's
     */
    ElasticDataStream(
            final RestClient client,
            final String dataStream,
            final LongSupplier nanoClock,
            final Clock clock,
            final Optional<TemplateInstaller> templates) {
        this.bulk = new BulkApi(client, dataStream);
        this.backing = new BackingIndices(client, dataStream, nanoClock, clock);
        this.dataStream = dataStream;
        this.templates = Objects.requireNonNull(templates, "templates");
    }

    @Override
    public String server() {
        return "Elasticsearch";
    }

    @Override
    public String destination() {
        return dataStream;
    }

    @Override
    public CompletableFuture<List<BulkItem>> create(final List<IndexDocument> documents) {
        return bulk.create(documents);
    }

    @Override
    public Optional<CompletableFuture<BitSet>> findStored(
            final List<IndexDocument> documents, final boolean unsure) {
        if (unsure || backing.isLookDue()) {
            return Optional.of(backing.lookAndFind(documents));
        }
        return backing.mayHold(documents) ? Optional.of(backing.find(documents)) : Optional.empty();
    }

    @Override
    public RequestFailure failure(final Throwable thrown) {
        return ElasticFailure.of(thrown, Destination.dataStream(dataStream));
    }

    @Override
    public Optional<String> prepare() {
        return templates.map(ElasticDataStream::install);
    }

    private static String install(final TemplateInstaller templates) {
        try {
            final List<TemplateInstaller.Change> changes = templates.install(false);
            changes.stream()
                    .filter(ElasticDataStream::isChange)
                    .forEach(change -> LOG.info("Elasticsearch: {}", change));
            return "the templates have been installed";
        } catch (final IOException e) {
            return "the templates could not be installed ("
                    + RequestFailure.oneLine(e.getMessage())
                    + ")";
        }
    }

    /** Whether it is worth a line each time that documents wait for templates. */
    private static boolean isChange(final TemplateInstaller.Change change) {
        return change.outcome() == TemplateInstaller.Change.Outcome.CREATED
                || change.outcome() == TemplateInstaller.Change.Outcome.UPDATED;
    }
}
