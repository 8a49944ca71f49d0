/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.install.rest.AnsweringServer;
import io.serveflow.app.install.rest.AnsweringServer.Answer;
import io.serveflow.app.install.rest.AnsweringServer.Asked;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Answers as Kibana documents it: status, spaces, and the import, search and deletion of saved
 * objects, whose ids are unique over all spaces.
 */
final class WholeKibana implements Closeable {

    private static final ObjectMapper JSON = new JsonMapper();
    private static final Set<String> TO_BE_RESOLVED =
            Set.of("conflict", "ambiguous_conflict", "missing_references");
    private static final Pattern CALL =
            Pattern.compile("(\\S+) (?:/s/([^/]+))?(/api/[^?]+)(?:\\?(.*))?");

    private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
    private final Set<String> copies = ConcurrentHashMap.newKeySet();
    private final List<String> changes = new CopyOnWriteArrayList<>();
    private final AnsweringServer server;
    private final String version;
    private volatile Optional<String> failing = Optional.empty();
    private volatile ObjectNode failure = JSON.createObjectNode();
    private volatile Optional<String> hidden = Optional.empty();
    private volatile boolean shared;
    private volatile boolean denied;

    WholeKibana(final String version) throws IOException {
        this.version = version;
        server = new AnsweringServer(this::answer);
    }

    AnsweringServer server() {
        return server;
    }

    URI uri() {
        return server.uri();
    }

    /** What it has, as {@code space type id}. */
    List<String> stored() {
        return List.copyOf(objects.keySet());
    }

    /** What it was asked that is not to look alone, by method and path. */
    List<String> changes() {
        return List.copyOf(changes);
    }

    /** An object of a space, by {@code space type id}. */
    ObjectNode object(final String key) {
        return objects.get(key);
    }

    /** Has somebody add an object. */
    void add(final String key) {
        final String[] parts = key.split(" ");
        objects.put(key, JSON.createObjectNode().put("type", parts[1]).put("id", parts[2]));
    }

    /** Has somebody add an object with a title that refers to a data view. */
    void add(final String key, final String title, final String view) {
        add(key);
        object(key).putObject("attributes").put("title", title);
        refer(key, view);
    }

    /** Has an object refer to one data view alone. */
    void refer(final String key, final String view) {
        object(key)
                .putArray("references")
                .addObject()
                .put("type", "index-pattern")
                .put("id", view)
                .put("name", "panel");
    }

    /** The ids of all data views that the dashboards of a space refer to. */
    Set<String> referred(final String space) {
        final Set<String> ids = new TreeSet<>();
        objects.forEach(
                (key, object) -> {
                    if (key.startsWith(space + " dashboard ")) {
                        ids.addAll(object.path("references").findValuesAsText("id"));
                    }
                });
        return ids;
    }

    /** Has somebody take an object away. */
    void remove(final String key) {
        objects.remove(key);
    }

    /** Has the import of one object fail with an error in JSON. */
    void failing(final String id, final String error) {
        failure = read(error);
        failing = Optional.of(id);
    }

    /** Has an object be found only when it is imported. */
    void hide(final String key) {
        hidden = Optional.of(key);
    }

    /** Has whoever asks have no rights to saved objects. */
    void denyAll() {
        denied = true;
    }

    /** Has all objects be shared with another space. */
    void shareAll() {
        shared = true;
    }

    private Answer answer(final Asked asked) {
        final Matcher call = CALL.matcher(asked.call());
        if (!call.matches()) {
            return error(404, "Not Found", "Not Found");
        }
        final String method = call.group(1);
        final String space = Optional.ofNullable(call.group(2)).orElse("default");
        final String path = call.group(3);
        final boolean looks = method.equals("GET") || path.endsWith("/_bulk_get");
        if (!looks) {
            changes.add(method + " " + path);
        }
        if (!method.equals("GET")) {
            if (!asked.headers().containsKey("kbn-xsrf")) {
                return error(400, "Bad Request", "Request must contain a kbn-xsrf header.");
            }
        }
        if (path.equals("/api/status")) {
            return status(asked);
        }
        if (!asked.headers().containsKey("authorization")) {
            return error(401, "Unauthorized", "Unauthorized");
        }
        if (path.startsWith("/api/spaces/space/")) {
            return path.endsWith("/soc")
                    ? Answer.ok("{\"id\":\"soc\",\"name\":\"SOC\",\"disabledFeatures\":[]}")
                    : error(404, "Not Found", "Not Found");
        }
        return switch (path) {
            case "/api/saved_objects/_find" -> found(space, call.group(4));
            case "/api/saved_objects/_bulk_get" -> got(space, asked);
            case "/api/saved_objects/_import" ->
                    imported(space, asked, call.group(4).equals("overwrite=true"));
            default -> deleted(space, path.replaceFirst("/api/saved_objects/", ""));
        };
    }

    private Answer status(final Asked asked) {
        final ObjectNode status = JSON.createObjectNode();
        if (asked.headers().containsKey("authorization")) {
            status.put("name", "kibana").putObject("version").put("number", version);
        }
        status.putObject("status").putObject("overall").put("level", "available");
        return Answer.ok(status.toString());
    }

    /** Those who have no rights are answered that there is nothing. */
    private Answer found(final String space, final String query) {
        final ObjectNode answer = JSON.createObjectNode();
        answer.put("page", 1).put("per_page", 1000);
        final ArrayNode list = answer.putArray("saved_objects");
        final List<String> types = parameters(query, "type").toList();
        final Optional<ObjectNode> reference =
                parameters(query, "has_reference").map(WholeKibana::read).findFirst();
        objects.forEach(
                (key, object) -> {
                    if (isSeen(space, key)
                            && types.contains(object.path("type").asText())
                            && reference.filter(to -> !refers(object, to)).isEmpty()) {
                        list.add(object);
                    }
                });
        answer.put("total", list.size());
        return Answer.ok(answer.toString());
    }

    private static Stream<String> parameters(final String query, final String name) {
        return Stream.of(query.split("&"))
                .filter(one -> one.startsWith(name + "="))
                .map(one -> one.substring(name.length() + 1))
                .map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8));
    }

    private static boolean refers(final ObjectNode object, final ObjectNode to) {
        return StreamSupport.stream(object.path("references").spliterator(), false)
                .anyMatch(
                        one ->
                                one.path("type").equals(to.path("type"))
                                        && one.path("id").equals(to.path("id")));
    }

    private boolean isSeen(final String space, final String key) {
        return !denied && key.startsWith(space + " ") && hidden.filter(key::equals).isEmpty();
    }

    private Answer got(final String space, final Asked asked) {
        if (denied) {
            return error(403, "Forbidden", "Unable to bulk_get dashboard,index-pattern");
        }
        final ObjectNode answer = JSON.createObjectNode();
        final ArrayNode list = answer.putArray("saved_objects");
        for (final JsonNode one : tree(asked.body())) {
            final String key = key(space, one.path("type").asText(), one.path("id").asText());
            if (objects.containsKey(key) && isSeen(space, key)) {
                list.add(objects.get(key));
            } else {
                final ObjectNode missing = one.deepCopy();
                missing.putObject("error").put("statusCode", 404).put("error", "Not Found");
                list.add(missing);
            }
        }
        return Answer.ok(answer.toString());
    }

    private Answer imported(final String space, final Asked asked, final boolean overwrite) {
        if (!asked.headers().get("content-type").startsWith("multipart/form-data; boundary=")) {
            return error(415, "Unsupported Media Type", "Unsupported Media Type");
        }
        final ObjectNode answer = JSON.createObjectNode();
        final ArrayNode successes = answer.putArray("successResults");
        final ArrayNode errors = JSON.createArrayNode();
        final Map<String, ObjectNode> taken = new TreeMap<>();
        asked.body()
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(WholeKibana::read)
                .forEach(object -> take(space, object, overwrite, taken, successes, errors));
        // As create_saved_objects.ts of Kibana: what could be resolved holds up all of them.
        if (errors.findValuesAsText("type").stream().noneMatch(TO_BE_RESOLVED::contains)) {
            successes.forEach(
                    success -> taken.values().forEach(object -> referAnew(object, success)));
            objects.putAll(taken);
        }
        answer.put("success", errors.isEmpty()).put("successCount", successes.size());
        if (!errors.isEmpty()) {
            answer.set("errors", errors);
        }
        return Answer.ok(answer.toString());
    }

    private void take(
            final String space,
            final ObjectNode object,
            final boolean overwrite,
            final Map<String, ObjectNode> taken,
            final ArrayNode successes,
            final ArrayNode errors) {
        final String id = object.path("id").asText();
        final String type = object.path("type").asText();
        final ObjectNode result = JSON.createObjectNode().put("id", id).put("type", type);
        if (failing.filter(id::equals).isPresent()) {
            result.set("error", failure);
            errors.add(result);
            return;
        }
        final Optional<String> twin = twin(space, type, object.path("originId").asText(id));
        final boolean here = objects.containsKey(key(space, type, id));
        if ((here || twin.isPresent()) && !overwrite) {
            result.putObject("error").put("type", "conflict");
            errors.add(result);
            return;
        }
        final boolean elsewhere =
                !here && objects.keySet().stream().anyMatch(key -> key.endsWith(" " + id));
        final String stored =
                here ? id : twin.orElseGet(() -> elsewhere ? copy(type + "-" + id) : id);
        if (!stored.equals(id)) {
            object.put("id", stored);
            if (!object.has("originId")) {
                object.put("originId", id);
            }
            result.put("destinationId", stored);
        }
        taken.put(key(space, type, stored), object);
        successes.add(result);
    }

    /** The id of the object of a space that has the same origin. */
    private Optional<String> twin(final String space, final String type, final String origin) {
        return objects.entrySet().stream()
                .filter(one -> one.getKey().startsWith(space + " " + type + " "))
                .filter(one -> one.getValue().path("originId").asText().equals(origin))
                .map(one -> one.getValue().path("id").asText())
                .findFirst();
    }

    /** An id that no object has had yet. */
    private String copy(final String name) {
        int number = 4_000;
        while (!copies.add(number + "-" + name)) {
            number++;
        }
        return number + "-" + name;
    }

    /** Objects that are imported together stay together. */
    private static void referAnew(final ObjectNode object, final JsonNode success) {
        if (success.has("destinationId")) {
            for (final JsonNode to : object.path("references")) {
                if (to.path("type").equals(success.path("type"))
                        && to.path("id").equals(success.path("id"))) {
                    ((ObjectNode) to).set("id", success.path("destinationId"));
                }
            }
        }
    }

    private Answer deleted(final String space, final String typeAndId) {
        final String key = space + " " + typeAndId.replace('/', ' ');
        if (!objects.containsKey(key)) {
            return error(404, "Not Found", "Saved object [" + typeAndId + "] not found");
        }
        if (shared) {
            return error(
                    400,
                    "Bad Request",
                    "Unable to delete saved object that exists in multiple namespaces, use the"
                            + " `force` option to delete it anyway: Bad Request");
        }
        objects.remove(key);
        return Answer.ok("{}");
    }

    private static String key(final String space, final String type, final String id) {
        return space + " " + type + " " + id;
    }

    private static ObjectNode read(final String line) {
        return (ObjectNode) tree(line);
    }

    private static JsonNode tree(final String text) {
        try {
            return JSON.readTree(text);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer error(final int status, final String error, final String message) {
        final JsonNode body =
                JSON.createObjectNode()
                        .put("statusCode", status)
                        .put("error", error)
                        .put("message", message);
        return new Answer(status, body.toString());
    }

    @Override
    public void close() {
        server.close();
    }
}
