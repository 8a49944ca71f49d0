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
import io.serveflow.camel.elastic.ElasticConnection;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NStringEntity;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

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
    private static final int MOST_DOCUMENTS = 10;

    private static final ObjectMapper JSON = new JsonMapper();

    private final Supplier<Optional<ElasticConnection>> connection;
    private final String index;
    private final AtomicInteger asked = new AtomicInteger();
    private RestClient client;
    private boolean closed;

    /**
     * @param connection how Elasticsearch is reached, asked for when it is needed; empty where
     *     verdicts go elsewhere
     * @param index the data stream of the verdicts
     */
    public PanelSearch(final Supplier<Optional<ElasticConnection>> connection, final String index) {
        this.connection = connection;
        this.index = index;
    }

    /** What all panels of a dashboard show. */
    public ObjectNode show(final Dashboard dashboard, final Scope scope) {
        final ObjectNode answer = JSON.createObjectNode();
        answer.put("dashboard", dashboard.id());
        return guarded(answer, () -> show(dashboard, scope, answer));
    }

    private void show(final Dashboard dashboard, final Scope scope, final ObjectNode answer)
            throws IOException {
        final Optional<TimeSpan> span = span(scope);
        final ObjectNode panels = answer.putObject("panels");
        if (span.isEmpty()) {
            answer.put("problem", nothingYet(scope));
            return;
        }
        final TimeSpan time = span.get();
        answer.putObject("span")
                .put("from", time.from())
                .put("to", time.to())
                .put("interval", time.interval().toMillis());
        final StringBuilder searches = new StringBuilder();
        for (final Panel panel : dashboard.panels()) {
            searches.append("{}\n")
                    .append(new PanelQuery(panel).search(scope, time.interval()))
                    .append('\n');
        }
        final JsonNode answers =
                post("/_msearch", searches.toString(), "application/x-ndjson").path("responses");
        for (int i = 0; i < dashboard.panels().size(); i++) {
            final Panel panel = dashboard.panels().get(i);
            final ObjectNode shown = panels.putObject(panel.id());
            final JsonNode one = answers.path(i);
            if (one.has("error")) {
                shown.put(
                        "problem",
                        "Elasticsearch refused this search: "
                                + one.at("/error/root_cause/0/reason")
                                        .asText(one.at("/error/reason").asText()));
            } else {
                new PanelQuery(panel).table(one).writeTo(shown);
                if (one.path("timed_out").asBoolean()) {
                    shown.put("note", "Elasticsearch ran out of time; narrow the search");
                }
            }
        }
    }

    /** The time of the first and of the last document; empty where there is none. */
    private Optional<TimeSpan> span(final Scope scope) throws IOException {
        final ObjectNode search = JSON.createObjectNode();
        search.put("size", 0);
        scope.addTo(search.putObject("query").putObject("bool").putArray("filter"));
        final ObjectNode ends = search.putObject("aggs");
        ends.putObject("from").putObject("min").put("field", "@timestamp");
        ends.putObject("to").putObject("max").put("field", "@timestamp");
        final JsonNode found =
                post("/_search", search.toString(), "application/json").path("aggregations");
        return found.at("/from/value").isNumber()
                ? Optional.of(
                        new TimeSpan(
                                found.at("/from/value").asLong(), found.at("/to/value").asLong()))
                : Optional.empty();
    }

    private String nothingYet(final Scope scope) {
        return scope.equals(Scope.ALL)
                ? index + " has no documents yet; they are there some seconds after the verdicts"
                : "Nothing in " + index + " is like that; take a wider search";
    }

    /** The documents of one flow, oldest first, at most {@value #MOST_DOCUMENTS}. */
    public ObjectNode flow(final String observer, final String uid) {
        final ObjectNode answer = JSON.createObjectNode();
        return guarded(
                answer,
                () -> {
                    final ObjectNode search = JSON.createObjectNode();
                    search.put("size", MOST_DOCUMENTS);
                    search.putArray("sort").addObject().put("event.created", "asc");
                    final ArrayNode filters =
                            search.putObject("query").putObject("bool").putArray("filter");
                    filters.addObject().putObject("term").put("log.id.uid", uid);
                    filters.addObject().putObject("term").put("observer.name", observer);
                    final ArrayNode documents = answer.putArray("documents");
                    post("/_search", search.toString(), "application/json")
                            .at("/hits/hits")
                            .forEach(hit -> documents.add(hit.path("_source")));
                    if (documents.isEmpty()) {
                        answer.put("problem", index + " has no document of this flow");
                    }
                });
    }

    /** Something that asks Elasticsearch. */
    @FunctionalInterface
    private interface Question {
        void ask() throws IOException;
    }

    private ObjectNode guarded(final ObjectNode answer, final Question question) {
        if (connection.get().isEmpty()) {
            return answer.put(
                    "problem",
                    "This process puts no verdicts into Elasticsearch, so it has none to show; see"
                            + " Live for what it does");
        }
        if (asked.incrementAndGet() > AT_ONCE) {
            asked.decrementAndGet();
            return answer.put(
                    "problem",
                    AT_ONCE
                            + " dashboards are being asked for already; this one is asked for"
                            + " again");
        }
        try {
            question.ask();
        } catch (final ResponseException e) {
            answer.put("problem", refusal(e));
        } catch (final IOException e) {
            answer.put(
                    "problem", "Elasticsearch at " + urls() + " " + ElasticConnection.explain(e));
        } finally {
            asked.decrementAndGet();
        }
        return answer;
    }

    private String urls() {
        return connection.get().orElseThrow().urls().toString();
    }

    private String refusal(final ResponseException e) {
        return switch (e.getResponse().getStatusLine().getStatusCode()) {
            case 401 ->
                    "Elasticsearch knows the user, password or key of"
                            + " camel.component.serveflow-index not; check them";
            case 403 ->
                    "The user or key of camel.component.serveflow-index may not read "
                            + index
                            + "; give it the privilege read to see this here";
            case 404 ->
                    "Elasticsearch has no data stream "
                            + index
                            + " yet; the first verdict makes it";
            default -> "Elasticsearch at " + urls() + " " + ElasticConnection.explain(e);
        };
    }

    private JsonNode post(final String path, final String body, final String type)
            throws IOException {
        final Request request = new Request("POST", "/" + index + path);
        request.setEntity(new NStringEntity(body, ContentType.create(type, "UTF-8")));
        return JSON.readTree(EntityUtils.toByteArray(client().performRequest(request).getEntity()));
    }

    private synchronized RestClient client() throws IOException {
        if (closed) {
            throw new IOException("the console is closed");
        }
        if (client == null) {
            final ElasticConnection as = connection.get().orElseThrow();
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
