/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;

/** What a data stream on a server holds, asked of the server. */
final class DataStreamReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private DataStreamReader() {}

    /** How many documents the stream holds; 0 if there is no such stream. */
    static long count(final LocalElasticsearch server, final String dataStream) throws IOException {
        ask(server, "POST", "/" + dataStream + "/_refresh?ignore_unavailable=true");
        return ask(server, "GET", "/" + dataStream + "/_count?ignore_unavailable=true")
                .path("count")
                .asLong(-1);
    }

    /** The first hit of a query in the syntax of {@code q}. */
    static JsonNode first(
            final LocalElasticsearch server, final String dataStream, final String query)
            throws IOException {
        ask(server, "POST", "/" + dataStream + "/_refresh");
        return ask(server, "GET", "/" + dataStream + "/_search?q=" + query).at("/hits/hits/0");
    }

    /** The properties of the mapping of the stream's only backing index. */
    static JsonNode mapping(final LocalElasticsearch server, final String dataStream)
            throws IOException {
        return ask(server, "GET", "/" + dataStream + "/_mapping")
                .elements()
                .next()
                .at("/mappings/properties");
    }

    /** Names of the stream's backing indices, the oldest first. */
    static List<String> backingIndices(final LocalElasticsearch server, final String dataStream)
            throws IOException {
        final List<String> names = new ArrayList<>();
        ask(server, "GET", "/" + dataStream + "/_field_caps?fields=@timestamp")
                .path("indices")
                .forEach(name -> names.add(name.asText()));
        Collections.sort(names);
        return names;
    }

    static JsonNode ask(final LocalElasticsearch server, final String method, final String path)
            throws IOException {
        return ask(server, method, path, "");
    }

    /** The answer to a request, which must be a good one. */
    static JsonNode ask(
            final LocalElasticsearch server,
            final String method,
            final String path,
            final String body)
            throws IOException {
        final Request request = new Request(method, path);
        if (!body.isEmpty()) {
            request.setJsonEntity(body);
        }
        try (RestClient client = ElasticConnection.to(server.uri()).open()) {
            return JSON.readTree(
                    EntityUtils.toByteArray(client.performRequest(request).getEntity()));
        }
    }
}
