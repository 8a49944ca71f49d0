/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.roles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Counts the verdicts that a data stream of Elasticsearch holds, by document id. */
public final class StoredVerdicts {

    private static final JsonMapper JSON = new JsonMapper();

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
        final HttpRequest refresh =
                HttpRequest.newBuilder(server.resolve("/" + index + "/_refresh"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        http.send(refresh, HttpResponse.BodyHandlers.discarding());
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
}
