/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

    /** Of how many indices it is remembered that the template was there before them. */
    private static final int MOST_PREPARED = 4_096;

    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final BulkApi bulk;
    private final String name;
    private final Destination to;
    private final Optional<TemplateInstaller> templates;
    private final Executor waiting;

    /** The days whose indices the template was there for. */
    private final Set<Long> prepared = ConcurrentHashMap.newKeySet();

    /** That nothing was sent, as the template is missing. */
    private static final class UnpreparedException extends IOException {

        private static final long serialVersionUID = 1;

        private UnpreparedException(final IOException why) {
            super(why.getMessage(), why);
        }
    }

    /**
     * @param client stays open; its owner closes it
     * @param name what the names of the indices begin with
     * @param templates installs the template before the first document of each index, as the server
     *     makes an index without one too, with guessed types; empty if it is somebody else's
     * @param waiting where the server is waited for while it takes the template
     */
    DailyIndices(
            final RestClient client,
            final String name,
            final Optional<TemplateInstaller> templates,
            final Executor waiting) {
        this.to = Destination.indices(name);
        this.bulk = new BulkApi(client, to, document -> index(name, document));
        this.name = name;
        this.templates = Objects.requireNonNull(templates, "templates");
        this.waiting = Objects.requireNonNull(waiting, "waiting");
    }

    /** The index of a document; one without a time goes to that of 1970, and not to today's. */
    private static String index(final String name, final IndexDocument document) {
        return name + "-" + DAY.format(Instant.ofEpochMilli(Math.max(0, document.startMillis())));
    }

    private static long day(final IndexDocument document) {
        return Math.max(0, document.startMillis()) / DAY_MILLIS;
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
        if (templates.isEmpty()) {
            return bulk.create(documents);
        }
        final Set<Long> days =
                documents.stream().map(DailyIndices::day).collect(Collectors.toSet());
        if (prepared.containsAll(days)) {
            return bulk.create(documents);
        }
        final CompletableFuture<List<BulkItem>> items = new CompletableFuture<>();
        try {
            waiting.execute(() -> createPrepared(templates.get(), days, documents, items));
        } catch (final RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new UnpreparedException(new IOException("the sink is stopping", e)));
        }
        return items;
    }

    private void createPrepared(
            final TemplateInstaller installer,
            final Set<Long> days,
            final List<IndexDocument> documents,
            final CompletableFuture<List<BulkItem>> items) {
        try {
            // One at a time: what one has installed the next one need not ask about.
            synchronized (prepared) {
                if (!items.isDone() && !prepared.containsAll(days)) {
                    install(installer);
                    if (prepared.size() > MOST_PREPARED) {
                        prepared.clear();
                    }
                    prepared.addAll(days);
                }
            }
            // It may have been given up while the server was asked.
            if (items.isDone()) {
                return;
            }
            final CompletableFuture<List<BulkItem>> sent = bulk.create(documents);
            items.whenComplete(
                    (done, failure) -> {
                        if (items.isCancelled()) {
                            sent.cancel(false);
                        }
                    });
            sent.whenComplete(
                    (done, failure) -> {
                        if (failure == null) {
                            items.complete(done);
                        } else {
                            items.completeExceptionally(failure);
                        }
                    });
        } catch (final IOException e) {
            items.completeExceptionally(new UnpreparedException(e));
        } catch (final RuntimeException | Error e) {
            items.completeExceptionally(e);
        }
    }

    @Override
    public Optional<CompletableFuture<BitSet>> findStored(
            final List<IndexDocument> documents, final boolean unsure) {
        return Optional.empty();
    }

    /** Where the template is missing, no document is to blame, however many there are. */
    @Override
    public RequestFailure failure(final Throwable thrown) {
        final Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null
                        ? thrown.getCause()
                        : thrown;
        if (!(cause instanceof UnpreparedException)) {
            return ElasticFailure.of(cause, to);
        }
        if (cause.getCause() instanceof TemplateException template) {
            return new RequestFailure(
                    RequestFailure.Remedy.RETRY,
                    Reason.INDEX_TEMPLATE.code(),
                    "lacks the template of " + to.name() + " (" + template.oneLine() + ")",
                    false,
                    false);
        }
        final RequestFailure unreached = ElasticFailure.of(cause.getCause(), to);
        return new RequestFailure(
                RequestFailure.Remedy.RETRY, unreached.reason(), unreached.message(), false, false);
    }

    @Override
    public Optional<String> prepare() {
        return templates.map(
                installer -> {
                    try {
                        install(installer);
                        return "the template has been installed";
                    } catch (final IOException e) {
                        return "the template could not be installed ("
                                + RequestFailure.oneLine(e.getMessage())
                                + ")";
                    }
                });
    }

    private static void install(final TemplateInstaller installer) throws IOException {
        installer.install(false).stream()
                .filter(change -> change.outcome() != TemplateInstaller.Change.Outcome.UNCHANGED)
                .forEach(change -> LOG.info("OpenSearch: {}", change));
    }
}
