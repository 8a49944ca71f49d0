/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The data streams that were made from our index template.
 *
 * @param removable whether the server can take data streams away
 */
record DataStreams(List<String> names, boolean removable) {

    static final String PATTERN = "logs-serveflow-*";

    DataStreams {
        names = List.copyOf(names);
    }

    /** Those that are there; a server without their API is asked for what such names lead to. */
    static DataStreams on(final ElasticServer server) throws IOException {
        final List<String> names = new ArrayList<>();
        final Optional<JsonNode> known =
                server.getIfKnown("/_data_stream/" + PATTERN + "?expand_wildcards=all");
        if (known.isPresent()) {
            for (final JsonNode stream : known.get().path("data_streams")) {
                if (stream.path("template").asText().equals("serveflow")) {
                    names.add(stream.path("name").asText());
                }
            }
            return new DataStreams(names, true);
        }
        server.getIfKnown("/_resolve/index/" + PATTERN + "?expand_wildcards=all")
                .ifPresent(
                        found ->
                                found.path("data_streams")
                                        .forEach(
                                                stream -> names.add(stream.path("name").asText())));
        return new DataStreams(names, false);
    }
}
