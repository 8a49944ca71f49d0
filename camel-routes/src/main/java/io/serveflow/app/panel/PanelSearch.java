/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.panel.VerdictStore.Index;
import io.serveflow.app.terminal.PlainText;
import io.serveflow.camel.elastic.ElasticConnection;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NStringEntity;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Elasticsearch what the panels show, and nothing else: the searches are those that are
 * declared, narrowed to a {@link Scope}.
 *
 * <p>What keeps a panel from being shown is in the answer as a sentence, so that the page goes on.
 * At most {@value #AT_ONCE} dashboards are asked for at once. Safe for use by more than one thread.
 */
public final class PanelSearch implements Closeable {

    /** Dashboards that are asked for at once; Elasticsearch has other work. */
    private static final int AT_ONCE = 4;

    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 15_000;
    private static final int MOST_DOCUMENTS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(PanelSearch.class);
    private static final ObjectMapper JSON = new JsonMapper();

    private final Supplier<VerdictStore> store;
    private final Supplier<List<String>> tasks;
    private final AtomicInteger asked = new AtomicInteger();
    private RestClient client;
    private boolean closed;

    /**
     * @param store where the verdicts are, asked for when it is needed
     * @param tasks of this process; where there are documents of several and nobody has chosen one,
     *     the first of these is shown
     */
    public PanelSearch(final Supplier<VerdictStore> store, final Supplier<List<String>> tasks) {
        this.store = store;
        this.tasks = tasks;
    }

    /** What all panels of a dashboard show. */
    public ObjectNode show(final Dashboard dashboard, final Scope scope) {
        final ObjectNode answer = JSON.createObjectNode();
        answer.put("dashboard", dashboard.id());
        return guarded(answer, index -> show(index, dashboard, scope, answer));
    }

    private void show(
            final Index index,
            final Dashboard dashboard,
            final Scope asked,
            final ObjectNode answer)
            throws IOException {
        final Extent extent = extent(index, asked, answer);
        final Optional<String> task = asked.task().or(() -> extent.preselected(tasks.get()));
        final Scope scope = task.map(asked::of).orElse(asked);
        task.ifPresent(one -> answer.put("task", one));
        final ArrayNode all = answer.putArray("tasks");
        extent.spans().keySet().forEach(all::add);
        final Optional<TimeSpan> span = extent.span(task);
        final ObjectNode panels = answer.putObject("panels");
        if (span.isEmpty()) {
            answer.put(
                    "problem",
                    answer.has("note")
                            ? answer.get("note").asText()
                            : nothingYet(index, asked, answer));
            return;
        }
        final Reading reading = Reading.of(index.profile());
        final TimeSpan time = span.get();
        answer.putObject("span")
                .put("from", time.from())
                .put("to", time.to())
                .put("interval", time.interval().toMillis());
        final Repairs repairs = repairs(index, scope, answer);
        final List<PanelQuery> queries =
                dashboard.panels().stream()
                        .map(panel -> new PanelQuery(panel, reading.with(repairs)))
                        .toList();
        final StringBuilder searches = new StringBuilder();
        for (int i = 0; i < queries.size(); i++) {
            // Votes are of one task each, and shown with it.
            final Scope own = dashboard.panels().get(i).isOfHosts() ? asked : scope;
            searches.append("{}\n")
                    .append(queries.get(i).search(own, time.interval()))
                    .append('\n');
        }
        final JsonNode answers =
                post(index, "/_msearch", searches.toString(), "application/x-ndjson")
                        .path("responses");
        for (int i = 0; i < dashboard.panels().size(); i++) {
            final Panel panel = dashboard.panels().get(i);
            fill(index, queries.get(i), answers.path(i), panels.putObject(panel.id()));
        }
    }

    private static void fill(
            final Index index,
            final PanelQuery query,
            final JsonNode answer,
            final ObjectNode shown) {
        if (answer.has("error")) {
            shown.put(
                    "problem",
                    index.server()
                            + " refused this search: "
                            + answer.at("/error/root_cause/0/reason")
                                    .asText(answer.at("/error/reason").asText()));
            return;
        }
        try {
            query.table(answer).writeTo(shown);
            noteGap(index, answer, shown);
        } catch (final RuntimeException e) {
            shown.put("problem", unexpected(e));
        }
    }

    /** Adds what an answer lacks to what is shown of it. */
    private static void noteGap(final Index index, final JsonNode answer, final ObjectNode shown) {
        PartialAnswer.fault(index, answer).ifPresent(fault -> note(shown, fault));
    }

    private static void note(final ObjectNode shown, final String sentence) {
        final String before = shown.path("note").asText();
        if (!before.contains(sentence)) {
            shown.put("note", before.isEmpty() ? sentence : before + ". " + sentence);
        }
    }

    private Repairs repairs(final Index index, final Scope scope, final ObjectNode answer)
            throws IOException {
        final JsonNode found = search(index, Repairs.search(scope, Reading.of(index.profile())));
        final Optional<String> gap = PartialAnswer.fault(index, found);
        if (gap.isPresent()) {
            note(answer, gap.get());
            return Repairs.UNKNOWN;
        }
        final Repairs repairs = Repairs.of(found);
        if (!repairs.areAll()) {
            note(
                    answer,
                    "More than "
                            + Repairs.MOST
                            + " flows of this search were repaired; all count with the verdict that"
                            + " they had first. Narrow the time to see the later ones");
        }
        return repairs;
    }

    /** From when documents are, and of which tasks. */
    private Extent extent(final Index index, final Scope scope, final ObjectNode answer)
            throws IOException {
        final JsonNode found = search(index, Extent.search(scope));
        noteGap(index, found, answer);
        return Extent.of(found);
    }

    private String nothingYet(final Index index, final Scope scope, final ObjectNode answer)
            throws IOException {
        final Scope ever = scope.ofAnyTime();
        final Optional<TimeSpan> before =
                ever.equals(scope)
                        ? Optional.empty()
                        : extent(index, ever, answer).span(ever.task());
        if (before.isPresent()) {
            return "Nothing in "
                    + index.pattern()
                    + " is of this time ("
                    + scope.time()
                    + "); the first flow that is like that began at "
                    + Instant.ofEpochMilli(before.get().from())
                    + ", the last at "
                    + Instant.ofEpochMilli(before.get().to());
        }
        return ever.equals(Scope.ALL)
                ? index.pattern()
                        + " has no documents yet; they are there some seconds after the verdicts"
                : "Nothing in " + index.pattern() + " is like that; take a wider search";
    }

    /** The documents of one flow, oldest first, at most {@value #MOST_DOCUMENTS}. */
    public ObjectNode flow(final String observer, final String uid) {
        final ObjectNode answer = JSON.createObjectNode();
        return guarded(
                answer,
                index -> {
                    final ObjectNode search = JSON.createObjectNode();
                    search.put("size", MOST_DOCUMENTS);
                    search.putArray("sort")
                            .addObject()
                            .putObject("event.created")
                            .put("order", "asc")
                            .put("unmapped_type", "date");
                    final ArrayNode filters =
                            search.putObject("query").putObject("bool").putArray("filter");
                    filters.addObject().putObject("term").put("log.id.uid", uid);
                    filters.addObject().putObject("term").put("observer.name", observer);
                    final ArrayNode documents = answer.putArray("documents");
                    final JsonNode found = search(index, search);
                    noteGap(index, found, answer);
                    found.at("/hits/hits").forEach(hit -> documents.add(hit.path("_source")));
                    if (documents.isEmpty()) {
                        answer.put(
                                "problem",
                                answer.has("note")
                                        ? answer.get("note").asText()
                                        : index.pattern() + " has no document of this flow");
                    }
                });
    }

    /** Something that asks an index. */
    @FunctionalInterface
    private interface Question {
        void ask(Index index) throws IOException;
    }

    private ObjectNode guarded(final ObjectNode answer, final Question question) {
        if (asked.incrementAndGet() > AT_ONCE) {
            asked.decrementAndGet();
            return answer.put("busy", true)
                    .put(
                            "problem",
                            AT_ONCE
                                    + " questions are being asked already; this one is asked again"
                                    + " in a moment");
        }
        try {
            final VerdictStore verdicts = store.get();
            if (verdicts instanceof VerdictStore.Elsewhere elsewhere) {
                answer.put("problem", elsewhere.sentence());
            } else {
                ask((Index) verdicts, question, answer);
            }
        } catch (final RuntimeException e) {
            answer.put("problem", unexpected(e));
        } finally {
            asked.decrementAndGet();
        }
        return answer;
    }

    private static void ask(final Index index, final Question question, final ObjectNode answer) {
        try {
            question.ask(index);
        } catch (final ResponseException e) {
            answer.put("problem", refusal(index, e));
        } catch (final IOException e) {
            answer.put("problem", failure(index, e));
        }
    }

    /** The page goes on, and so does the next question. */
    private static String unexpected(final RuntimeException e) {
        LOG.debug("The console cannot show an answer", e);
        return "The console cannot show this ("
                + PlainText.of(e.toString())
                + "); the log has more at level DEBUG";
    }

    private static String failure(final Index index, final IOException e) {
        return index.server()
                + " at "
                + index.connection().urls()
                + " "
                + ElasticConnection.explain(e);
    }

    private static String refusal(final Index index, final ResponseException e) {
        return switch (e.getResponse().getStatusLine().getStatusCode()) {
            case 401 ->
                    index.server()
                            + " knows the user, password or key of"
                            + " camel.component.serveflow-index not; check them";
            case 403 ->
                    "The user or key of camel.component.serveflow-index may not read "
                            + index.pattern()
                            + "; give it the privilege read to see this here";
            case 404 ->
                    index.server()
                            + " has no data stream "
                            + index.pattern()
                            + " yet; the first verdict makes it";
            default -> failure(index, e);
        };
    }

    private JsonNode search(final Index index, final ObjectNode search) throws IOException {
        return post(index, "/_search", search.toString(), "application/json");
    }

    private JsonNode post(
            final Index index, final String path, final String body, final String type)
            throws IOException {
        final Request request = new Request("POST", "/" + index.pattern() + path);
        request.setEntity(new NStringEntity(body, ContentType.create(type, "UTF-8")));
        return JSON.readTree(
                EntityUtils.toByteArray(
                        client(index.connection()).performRequest(request).getEntity()));
    }

    private synchronized RestClient client(final ElasticConnection as) throws IOException {
        if (closed) {
            throw new IOException("the console is closed");
        }
        if (client == null) {
            client =
                    new ElasticConnection(
                                    as.urls(),
                                    as.credentials(),
                                    as.trust(),
                                    CONNECT_TIMEOUT_MILLIS,
                                    REQUEST_TIMEOUT_MILLIS,
                                    as.compression())
                            .open();
        }
        return client;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (client != null) {
            client.close();
        }
    }
}
