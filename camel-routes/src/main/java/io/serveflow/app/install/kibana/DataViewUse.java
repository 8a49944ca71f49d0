/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serveflow.app.install.rest.RestServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What in a space needs the data view beside our own dashboards, which Kibana does not heed. */
final class DataViewUse {

    private static final int PAGE = 100;

    /** How many are named, and how much of a title. */
    private static final int NAMED = 3;

    private static final int LONGEST_TITLE = 60;

    private DataViewUse() {}

    /**
     * The names of the first of them, as the part of a sentence; empty if there are none.
     *
     * @param view id of the data view
     * @param ours ids of objects that do not count
     */
    static Optional<String> of(
            final RestServer server, final Space space, final String view, final Set<String> ours)
            throws IOException {
        final String reference =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("type", StoredObject.DATA_VIEW_TYPE)
                        .put("id", view)
                        .toString();
        final JsonNode found =
                server.get(
                                space.path(
                                        "/api/saved_objects/_find?type=dashboard&type=lens"
                                                + "&type=visualization&type=search&type=map"
                                                + "&fields=title&per_page="
                                                + PAGE
                                                + "&page=1&has_reference="
                                                + URLEncoder.encode(
                                                        reference, StandardCharsets.UTF_8)))
                        .orElseThrow(
                                () ->
                                        server.strange(
                                                new IllegalStateException("no saved objects")));
        final List<String> names = new ArrayList<>();
        for (final JsonNode object : found.path("saved_objects")) {
            if (!ours.contains(object.path("id").asText())) {
                names.add(name(object));
            }
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                names.size() <= NAMED
                        ? String.join(", ", names)
                        : String.join(", ", names.subList(0, NAMED)) + " and others");
    }

    private static String name(final JsonNode object) {
        final String title =
                object.at("/attributes/title").asText(object.path("id").asText()).strip();
        return object.path("type").asText()
                + " '"
                + title.substring(0, Math.min(title.length(), LONGEST_TITLE))
                + "'";
    }
}
