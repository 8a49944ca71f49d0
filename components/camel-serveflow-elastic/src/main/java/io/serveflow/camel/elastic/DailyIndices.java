/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plain indices of OpenSearch, or of Elasticsearch, one for each day on which flows began, named as
 * Malcolm names them: {@code NAME-yyMMdd}. As the day follows from the document, one that is sent
 * again goes to the same index, where its id guards it.
 */
final class DailyIndices implements DocumentStore {

    private static final Logger LOG = LoggerFactory.getLogger(DailyIndices.class);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyMMdd").withZone(ZoneOffset.UTC);

    private final BulkApi bulk;
    private final String name;
    private final Optional<TemplateInstaller> templates;
    private final AtomicBoolean prepared = new AtomicBoolean();

    /**
     * @param client stays open; its owner closes it
     * @param name what the names of the indices begin with
     * @param templates installs the template before the first document, as the server makes an
     *     index without one too, with guessed types; empty if it is somebody else's
     */
    DailyIndices(
            final RestClient client,
            final String name,
            final Optional<TemplateInstaller> templates) {
        this.bulk = new BulkApi(client, name, document -> index(name, document));
        this.name = name;
        this.templates = Objects.requireNonNull(templates, "templates");
    }

    /** The index of a document; one without a time goes to that of 1970, and not to today's. */
    private static String index(final String name, final IndexDocument document) {
        return name + "-" + DAY.format(Instant.ofEpochMilli(Math.max(0, document.startMillis())));
    }

    @Override
    public String server() {
        return "OpenSearch";
    }

    @Override
    public String destination() {
        return name;
    }

    @Override
    public CompletableFuture<List<BulkItem>> create(final List<IndexDocument> documents) {
        if (templates.isPresent() && !prepared.get()) {
            try {
                templates.get().install(false).forEach(DailyIndices::log);
                prepared.set(true);
            } catch (final IOException e) {
                return CompletableFuture.failedFuture(
                        e.getCause() instanceof ResponseException ? e.getCause() : e);
            }
        }
        return bulk.create(documents);
    }

    @Override
    public Optional<CompletableFuture<BitSet>> findStored(
            final List<IndexDocument> documents, final boolean unsure) {
        return Optional.empty();
    }

    @Override
    public RequestFailure failure(final Throwable thrown) {
        return ElasticFailure.of(thrown, name);
    }

    @Override
    public Optional<String> prepare() {
        return templates.map(
                installer -> {
                    try {
                        installer.install(false).forEach(DailyIndices::log);
                        return "the template has been installed";
                    } catch (final IOException e) {
                        return "the template could not be installed ("
                                + RequestFailure.oneLine(e.getMessage())
                                + ")";
                    }
                });
    }

    private static void log(final TemplateInstaller.Change change) {
        LOG.info("OpenSearch: {}", change);
    }
}
