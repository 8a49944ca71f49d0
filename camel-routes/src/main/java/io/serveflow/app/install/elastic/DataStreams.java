/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.camel.elastic.ElasticResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The data streams that were made from our index template.
 *
 * @param removable whether the server can take data streams away
 */
record DataStreams(List<String> names, boolean removable) {

    /** What their names are like, those of verdicts and those of alerts. */
    static final String PATTERNS = patterns();

    DataStreams {
        names = names.stream().sorted().toList();
    }

    private static String patterns() {
        return ElasticResource.templates().stream()
                .flatMap(
                        resource ->
                                StreamSupport.stream(
                                        resource.body().path("index_patterns").spliterator(),
                                        false))
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }

    /** Those that are there; a server without their API is asked for what such names lead to. */
    static DataStreams on(final RestServer server) throws IOException {
        final List<String> names = new ArrayList<>();
        final Optional<JsonNode> known =
                server.getIfKnown("/_data_stream/" + PATTERNS + "?expand_wildcards=all");
        if (known.isPresent()) {
            for (final JsonNode stream : known.get().path("data_streams")) {
                if (stream.path("template").asText().equals("serveflow")) {
                    names.add(stream.path("name").asText());
                }
            }
            return new DataStreams(names, true);
        }
        server.getIfKnown("/_resolve/index/" + PATTERNS + "?expand_wildcards=all")
                .ifPresent(
                        found ->
                                found.path("data_streams")
                                        .forEach(
                                                stream -> names.add(stream.path("name").asText())));
        return new DataStreams(names, false);
    }
}
