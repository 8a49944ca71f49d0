/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.ledger.FailureLog;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Cancellable;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.ResponseListener;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks documents up in the backing indices of a data stream that are no longer written to: an id
 * guards a document only within one index, so that a create after a rollover would store it again.
 *
 * <p>A document cannot be older than its flow. So only those are looked up whose flow began before
 * the latest rollover that was noticed, or before this began, and only in indices that were still
 * written to on the day of its flow or later. In live traffic there are none, but for the minutes
 * after a start or a rollover; the names of the indices are asked for every ten seconds in which
 * documents are sent. Both need the right to {@code read}; without it nothing is looked up.
 *
 * <p>Source: <a
 * href="https://www.elastic.co/guide/en/elasticsearch/reference/8.19/data-streams.html" >data
 * streams</a>, the names of backing indices, and the multi get API, which also finds what no
 * refresh has made searchable. Safe for use by many threads.
 */
final class BackingIndices {

    /** How far a sensor's clock may be ahead of ours. */
    static final long CLOCK_SKEW_MILLIS = TimeUnit.MINUTES.toMillis(5);

    static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long nothing is asked after the right to ask was missing. */
    private static final long FORBIDDEN_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(BackingIndices.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("-(\\d{4}\\.\\d{2}\\.\\d{2})-(\\d{6,})$");

    private final RestClient client;
    private final String dataStream;
    private final LongSupplier nanoClock;
    private final Clock clock;
    private final FailureLog failures;
    private final AtomicLong nextLook;
    private volatile Known known = new Known(List.of(), List.of(), 0);
    private volatile boolean looked;
    private volatile boolean mayLook = true;

    /**
     * What the last look showed.
     *
     * @param names all backing indices, in no order
     * @param older those that are no longer written to, the newest first
     * @param beforeMillis documents of flows that began later are in none of them
     */
    private record Known(List<String> names, List<Older> older, long beforeMillis) {}

    /**
     * An index that is no longer written to.
     *
     * @param untilMillis it was written to no longer than until then
     */
    private record Older(String name, long untilMillis) {}

    BackingIndices(
            final RestClient client,
            final String dataStream,
            final LongSupplier nanoClock,
            final Clock clock) {
        this.client = Objects.requireNonNull(client, "client");
        this.dataStream = dataStream;
        this.nanoClock = nanoClock;
        this.clock = Objects.requireNonNull(clock, "clock");
        this.failures = new FailureLog(LOG::warn, LOG::info, nanoClock);
        this.nextLook = new AtomicLong(nanoClock.getAsLong());
    }

    /** Whether it is time to ask for the indices before documents are sent. */
    boolean isLookDue() {
        if (!looked) {
            return true;
        }
        final long due = nextLook.get();
        final long now = nanoClock.getAsLong();
        // One of those that send asks, the others go on.
        return now - due >= 0 && nextLook.compareAndSet(due, now + LOOK_NANOS);
    }

    /** Asks for the indices, and then finds as {@link #find(List)} does. */
    CompletableFuture<BitSet> lookAndFind(final List<IndexDocument> documents) {
        final CompletableFuture<BitSet> whole = new CompletableFuture<>();
        return completed(whole, look(whole).thenCompose(nothing -> find(documents, whole)));
    }

    /** Completes a future as its last step does. */
    private static CompletableFuture<BitSet> completed(
            final CompletableFuture<BitSet> whole, final CompletableFuture<BitSet> last) {
        last.whenComplete(
                (found, error) -> {
                    if (error == null) {
                        whole.complete(found);
                    } else {
                        whole.completeExceptionally(error);
                    }
                });
        return whole;
    }

    private CompletableFuture<Void> look(final CompletableFuture<BitSet> whole) {
        final Request request = new Request("GET", "/" + dataStream + "/_field_caps");
        request.addParameter("fields", "@timestamp");
        request.addParameter("filter_path", "indices");
        request.addParameter("ignore_unavailable", "true");
        request.addParameter("expand_wildcards", "all");
        return perform(request, whole)
                .thenAccept(
                        answer -> {
                            final List<String> names = new ArrayList<>();
                            answer.path("indices").forEach(name -> names.add(name.asText()));
                            learn(names);
                        });
    }

    /** Whether any of the documents may be in an index that is no longer written to. */
    boolean mayHold(final List<IndexDocument> documents) {
        final Known now = known;
        if (now.older.isEmpty()) {
            return false;
        }
        for (final IndexDocument document : documents) {
            if (mayHold(now, now.older.get(0), document)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayHold(
            final Known known, final Older index, final IndexDocument document) {
        final long began = document.startMillis();
        return began < known.beforeMillis && began < index.untilMillis;
    }

    /**
     * Finds the documents that are in an index that is no longer written to.
     *
     * @return the positions of those that are there; if it fails, with what the client threw.
     *     Cancelling it cancels the request that is under way, and no other follows.
     */
    CompletableFuture<BitSet> find(final List<IndexDocument> documents) {
        final CompletableFuture<BitSet> whole = new CompletableFuture<>();
        return completed(whole, find(documents, whole));
    }

    private CompletableFuture<BitSet> find(
            final List<IndexDocument> documents, final CompletableFuture<BitSet> whole) {
        final Known now = known;
        final BitSet found = new BitSet(documents.size());
        CompletableFuture<Void> searched = CompletableFuture.completedFuture(null);
        for (final Older index : now.older) {
            searched =
                    searched.thenCompose(
                            before -> {
                                final List<Integer> asked = new ArrayList<>();
                                for (int i = 0; i < documents.size(); i++) {
                                    if (!found.get(i) && mayHold(now, index, documents.get(i))) {
                                        asked.add(i);
                                    }
                                }
                                return find(index.name, documents, asked, found, whole);
                            });
        }
        return searched.thenApply(nothing -> found);
    }

    private CompletableFuture<Void> find(
            final String index,
            final List<IndexDocument> documents,
            final List<Integer> asked,
            final BitSet found,
            final CompletableFuture<BitSet> whole) {
        if (asked.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        final ObjectNode body = JSON.createObjectNode();
        final ArrayNode ids = body.putArray("ids");
        asked.forEach(i -> ids.add(documents.get(i).id()));
        final Request request = new Request("POST", "/" + index + "/_mget");
        request.addParameter("_source", "false");
        request.addParameter("filter_path", "docs.found,docs.error.type");
        request.setJsonEntity(body.toString());
        return perform(request, whole)
                .thenAccept(
                        answer -> {
                            final JsonNode docs = answer.path("docs");
                            for (int i = 0; i < Math.min(docs.size(), asked.size()); i++) {
                                if (docs.get(i).path("found").asBoolean()) {
                                    found.set(asked.get(i));
                                } else if (docs.get(i).has("error")) {
                                    unreadable(index, docs.get(i).at("/error/type").asText());
                                }
                            }
                        });
    }

    private void unreadable(final String index, final String error) {
        if (!error.equals("index_not_found_exception")) {
            failures.failed(
                    "unreadable",
                    "Documents cannot be looked up in "
                            + index
                            + " ("
                            + error
                            + "), so that those which are sent again may be stored twice");
        }
    }

    private void learn(final List<String> names) {
        final List<Named> newestFirst =
                names.stream()
                        .map(BackingIndices::named)
                        .flatMap(Optional::stream)
                        .sorted(Comparator.comparingLong(Named::generation).reversed())
                        .toList();
        final List<Older> older = new ArrayList<>();
        for (int i = 1; i < newestFirst.size(); i++) {
            older.add(new Older(newestFirst.get(i).name, newestFirst.get(i - 1).endOfFirstDay));
        }
        final Known before = known;
        if (!looked || !before.names.equals(names)) {
            known = new Known(names, older, clock.millis() + CLOCK_SKEW_MILLIS);
            looked = true;
        }
        nextLook.set(nanoClock.getAsLong() + (mayLook ? LOOK_NANOS : FORBIDDEN_NANOS));
    }

    /**
     * A backing index by the parts of its name.
     *
     * @param endOfFirstDay when the day was over on which it was made, with the skew of clocks
     */
    private record Named(String name, long generation, long endOfFirstDay) {}

    private static Optional<Named> named(final String name) {
        final Matcher matcher = NAME.matcher(name);
        if (!matcher.find()) {
            return Optional.empty();
        }
        long endOfDay = Long.MAX_VALUE;
        try {
            endOfDay =
                    LocalDate.parse(matcher.group(1), DateTimeFormatter.ofPattern("yyyy.MM.dd"))
                                    .plusDays(1)
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant()
                                    .toEpochMilli()
                            + CLOCK_SKEW_MILLIS;
        } catch (final DateTimeParseException noDate) {
            LOG.trace("an index without the date of its making may hold anything", noDate);
        }
        return Optional.of(new Named(name, Long.parseLong(matcher.group(2)), endOfDay));
    }

    /**
     * An answer as JSON; empty where the right to ask is missing or there is no such index.
     *
     * @param whole what the request is a step of: none is sent when that is cancelled, and one
     *     under way is cancelled with it
     */
    private CompletableFuture<JsonNode> perform(
            final Request request, final CompletableFuture<BitSet> whole) {
        final CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        if (whole.isCancelled()) {
            answer.cancel(false);
            return answer;
        }
        final Cancellable sent =
                client.performRequestAsync(
                        request,
                        new ResponseListener() {
                            @Override
                            public void onSuccess(final Response response) {
                                try {
                                    mayLook = true;
                                    answer.complete(
                                            JSON.readTree(
                                                    EntityUtils.toByteArray(response.getEntity())));
                                } catch (final IOException | RuntimeException e) {
                                    answer.completeExceptionally(
                                            new IllegalStateException("the answer is no JSON", e));
                                }
                            }

                            @Override
                            public void onFailure(final Exception e) {
                                final int status =
                                        e instanceof ResponseException refused
                                                ? refused.getResponse()
                                                        .getStatusLine()
                                                        .getStatusCode()
                                                : 0;
                                if (status == 403) {
                                    forbidden((ResponseException) e);
                                    answer.complete(JSON.createObjectNode());
                                } else if (status == 400 || status == 404) {
                                    answer.complete(JSON.createObjectNode());
                                } else {
                                    answer.completeExceptionally(e);
                                }
                            }
                        });
        whole.whenComplete(
                (done, error) -> {
                    if (whole.isCancelled()) {
                        sent.cancel();
                    }
                });
        return answer;
    }

    private void forbidden(final ResponseException e) {
        mayLook = false;
        failures.failed(
                "forbidden",
                "Documents cannot be looked up in older indices of "
                        + dataStream
                        + " (403, "
                        + RequestFailure.oneLine(ElasticFailure.reason(e))
                        + "): those which are sent again after a rollover may be stored twice;"
                        + " grant the user or API key read on the data stream");
    }
}
