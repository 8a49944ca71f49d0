/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * An object of ours that Kibana has.
 *
 * @param id under which it is there: another one where a second space has the object too
 * @param views the ids of the data views that it refers to
 */
record StoredObject(String type, String id, Set<String> views) {

    static final String DATA_VIEW_TYPE = "index-pattern";

    StoredObject {
        views = Set.copyOf(views);
    }

    /** That of an answer. */
    static StoredObject of(final JsonNode object) {
        return new StoredObject(
                object.path("type").asText(),
                object.path("id").asText(),
                StreamSupport.stream(object.path("references").spliterator(), false)
                        .filter(to -> to.path("type").asText().equals(DATA_VIEW_TYPE))
                        .map(to -> to.path("id").asText())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** The path of the object below the address of Kibana. */
    String path(final Space space) {
        return space.path("/api/saved_objects/" + type + "/" + id);
    }
}
