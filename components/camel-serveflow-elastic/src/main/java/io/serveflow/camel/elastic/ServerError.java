/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * An error as Elasticsearch states it, for a request or for a document in it.
 *
 * @param type its name, such as {@code cluster_block_exception}; empty if none is given
 * @param reason its own words, without its causes
 * @param index the index that it is about; empty if none is named
 * @param text type and reason with all causes, for people; empty if nothing is said
 */
record ServerError(String type, String reason, String index, String text) {

    static final ServerError NONE = new ServerError("", "", "", "");

    ServerError {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(index, "index");
        Objects.requireNonNull(text, "text");
    }

    /** The error in an {@code error} field, which may be an object or a text. */
    static ServerError of(final JsonNode error) {
        if (error.isTextual()) {
            return new ServerError("", error.asText(), "", error.asText());
        }
        final StringBuilder text = new StringBuilder();
        for (JsonNode cause = error; cause.isObject(); cause = cause.path("caused_by")) {
            text.append(text.length() == 0 ? "" : ", because of ")
                    .append(cause.path("type").asText("error"))
                    .append(": ")
                    .append(cause.path("reason").asText());
        }
        return new ServerError(
                error.path("type").asText(),
                error.path("reason").asText(),
                error.path("index").asText(),
                text.toString());
    }
}
