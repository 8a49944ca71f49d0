/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.app.panel.SavedObjects;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The objects of ours that a space of Kibana has.
 *
 * @param byId by the id that they were imported with
 * @param missing the ids of data views that they refer to and that are not there
 */
record StoredObjects(Map<String, StoredObject> byId, Set<String> missing) {

    private static final int PAGE = 1_000;

    /** The most that Kibana looks through. */
    private static final int MOST = 10_000;

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    StoredObjects {
        byId = Map.copyOf(byId);
        missing = Set.copyOf(missing);
    }

    /**
     * Those of a space.
     *
     * @param objects those that are looked for
     * @throws InstallException if the user may not see them
     */
    static StoredObjects in(
            final RestServer server, final Space space, final List<ObjectNode> objects)
            throws IOException {
        final Map<String, StoredObject> found =
                search(
                        server,
                        space,
                        objects.stream()
                                .map(object -> object.path("id").asText())
                                .collect(Collectors.toUnmodifiableSet()));
        final ArrayNode asked = JsonNodeFactory.instance.arrayNode();
        final Set<String> unseen = new HashSet<>();
        for (final ObjectNode object : objects) {
            final String id = object.path("id").asText();
            if (!found.containsKey(id)) {
                unseen.add(id);
                asked.addObject().put("type", object.path("type").asText()).put("id", id);
            }
        }
        final Set<String> views = new HashSet<>();
        found.values().forEach(one -> views.addAll(one.views()));
        Optional.ofNullable(found.get(SavedObjects.DATA_VIEW))
                .ifPresent(view -> views.remove(view.id()));
        views.stream()
                .filter(view -> !unseen.contains(view))
                .forEach(
                        view ->
                                asked.addObject()
                                        .put("type", StoredObject.DATA_VIEW_TYPE)
                                        .put("id", view));
        final Set<String> missing = new HashSet<>();
        for (final JsonNode object : look(server, space, asked)) {
            final String id = object.path("id").asText();
            if (!object.has("error")) {
                if (unseen.contains(id)) {
                    found.put(id, StoredObject.of(object));
                }
            } else if (object.at("/error/statusCode").asInt() == NOT_FOUND && views.contains(id)) {
                missing.add(id);
            }
        }
        return new StoredObjects(found, missing);
    }

    private static Map<String, StoredObject> search(
            final RestServer server, final Space space, final Set<String> ids) throws IOException {
        final Map<String, StoredObject> found = new HashMap<>();
        for (int page = 1; (page - 1) * PAGE < MOST; page++) {
            final JsonNode answer =
                    server.get(
                                    space.path(
                                            "/api/saved_objects/_find?type=index-pattern"
                                                    + "&type=dashboard&fields=title&per_page="
                                                    + PAGE
                                                    + "&page="
                                                    + page))
                            .orElseThrow(
                                    () ->
                                            server.strange(
                                                    new IllegalStateException("no saved objects")));
            for (final JsonNode object : answer.path("saved_objects")) {
                final StoredObject stored = StoredObject.of(object);
                final String origin = object.path("originId").asText();
                if (ids.contains(stored.id())) {
                    found.put(stored.id(), stored);
                } else if (ids.contains(origin)) {
                    found.putIfAbsent(origin, stored);
                }
            }
            if (answer.path("total").asInt() <= page * PAGE) {
                break;
            }
        }
        return found;
    }

    /**
     * Asks by type and id, which Kibana refuses to those who have no rights; to a search it answers
     * them that there is nothing.
     */
    private static JsonNode look(final RestServer server, final Space space, final ArrayNode asked)
            throws IOException {
        if (asked.isEmpty()) {
            return asked;
        }
        final JsonNode answer;
        try {
            answer =
                    server.call(
                                    "POST",
                                    space.path("/api/saved_objects/_bulk_get"),
                                    Optional.of(asked))
                            .path("saved_objects");
        } catch (final InstallException e) {
            throw RestServer.status(e) == FORBIDDEN ? unseen(server, space, e) : e;
        }
        for (final JsonNode object : answer) {
            if (object.at("/error/statusCode").asInt() == FORBIDDEN) {
                throw unseen(
                        server,
                        space,
                        new IllegalStateException(object.at("/error/message").asText()));
            }
        }
        return answer;
    }

    private static InstallException unseen(
            final RestServer server, final Space space, final Exception cause) {
        return new InstallException(
                server.address()
                        + " does not let "
                        + server.asker()
                        + " see the data views and dashboards of space '"
                        + space.id()
                        + "', so that nobody knows what is there; name a user with --username who"
                        + " may see and change them, such as "
                        + server.privileged(),
                cause);
    }

    /** One of them, if it is there. */
    Optional<StoredObject> of(final JsonNode object) {
        return Optional.ofNullable(byId.get(object.path("id").asText()));
    }

    /**
     * The id that the data view has, or is to have so that dashboards find it which are there
     * already.
     */
    String view() {
        final StoredObject view = byId.get(SavedObjects.DATA_VIEW);
        if (view != null) {
            return view.id();
        }
        return missing.size() == 1 ? missing.iterator().next() : SavedObjects.DATA_VIEW;
    }

    /**
     * Whether a missing data view is, or may be, ours: where ours has another id, and where nobody
     * knows which of several missing ones it was.
     */
    boolean isOfAnotherId(final String view) {
        return !view.equals(view())
                && (view.equals(SavedObjects.DATA_VIEW)
                        || !byId.containsKey(SavedObjects.DATA_VIEW) && !missing.contains(view()));
    }
}
