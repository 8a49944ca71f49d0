/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.roles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Counts the verdicts that a data stream of Elasticsearch holds: documents, and their flows. */
public final class StoredVerdicts {

    private static final JsonMapper JSON = new JsonMapper();

    /** How many flows one answer may have. */
    private static final int PAGE = 10_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI server;
    private final String index;

    public StoredVerdicts(final URI server, final String index) {
        this.server = server;
        this.index = index;
    }

    /**
     * How many documents a query finds; none while there is no such data stream.
     *
     * @param query in the syntax of Lucene
     */
    public long count(final String query) throws IOException, InterruptedException {
        refresh();
        final HttpRequest count =
                HttpRequest.newBuilder(
                                server.resolve(
                                        "/"
                                                + index
                                                + "/_count?q="
                                                + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                        .build();
        final JsonNode answer =
                JSON.readTree(http.send(count, HttpResponse.BodyHandlers.ofString()).body());
        return answer.path("count").asLong();
    }

    /**
     * Of how many flows the documents are that a query finds, each counted, none estimated.
     *
     * @param query in the syntax of Lucene
     */
    public long flows(final String query) throws IOException, InterruptedException {
        refresh();
        long flows = 0;
        JsonNode page = page(query, Optional.empty());
        while (!page.path("buckets").isEmpty()) {
            flows += page.path("buckets").size();
            page = page(query, Optional.of(page.path("after_key")));
        }
        return flows;
    }

    /** The flows behind one, in an order of their own. */
    private JsonNode page(final String query, final Optional<JsonNode> after)
            throws IOException, InterruptedException {
        final ObjectNode request = JSON.createObjectNode().put("size", 0);
        request.putObject("query").putObject("query_string").put("query", query);
        final ObjectNode flows =
                request.putObject("aggs").putObject("flows").putObject("composite");
        flows.put("size", PAGE);
        final ArrayNode parts = flows.putArray("sources");
        parts.addObject().putObject("observer").putObject("terms").put("field", "observer.name");
        parts.addObject().putObject("uid").putObject("terms").put("field", "log.id.uid");
        after.ifPresent(key -> flows.set("after", key));
        final HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(server.resolve("/" + index + "/_search"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("Elasticsearch did not count flows: " + answer.body());
        }
        return JSON.readTree(answer.body()).at("/aggregations/flows");
    }

    private void refresh() throws IOException, InterruptedException {
        final HttpRequest refresh =
                HttpRequest.newBuilder(server.resolve("/" + index + "/_refresh"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        http.send(refresh, HttpResponse.BodyHandlers.discarding());
    }
}
