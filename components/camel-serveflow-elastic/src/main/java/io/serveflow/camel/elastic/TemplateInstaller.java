/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.camel.elastic.TemplateInstaller.Change.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/**
 * Brings the templates and the lifecycle policy of {@code elastic-templates/} to an Elasticsearch,
 * and takes them away again.
 *
 * <p>What is on the server is compared first and written only where it differs, so installing twice
 * changes nothing the second time. A server without index lifecycle management gets the templates
 * alone.
 */
public final class TemplateInstaller {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What servers add of their own to the templates they return. */
    private static final Set<String> ADDED_BY_SERVERS =
            Set.of("created_date", "created_date_millis", "modified_date", "modified_date_millis");

    private static final List<Asset> ASSETS =
            List.of(
                    new Asset("ilm-policy.json", "_ilm/policy/serveflow", true),
                    new Asset(
                            "component/serveflow-lifecycle.json",
                            "_component_template/serveflow-lifecycle",
                            true),
                    new Asset(
                            "component/serveflow-mappings.json",
                            "_component_template/serveflow-mappings",
                            false),
                    new Asset("index-template.json", "_index_template/serveflow", false));

    private final RestClient client;

    /**
     * What became of one resource, or would become of it in a dry run.
     *
     * @param resource its path below the server's address, such as {@code
     *     _index_template/serveflow}
     * @param note a remark for people, or empty
     */
    public record Change(String resource, Outcome outcome, String note) {

        public Change {
            Objects.requireNonNull(resource, "resource");
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(note, "note");
        }

        /** What can become of a resource. */
        public enum Outcome {
            CREATED("created"),
            UPDATED("updated"),
            UNCHANGED("unchanged"),
            DELETED("deleted"),
            /** There was nothing to delete. */
            ABSENT("absent"),
            /** Not deleted, because something on the server uses it. */
            KEPT("kept"),
            /** The server has no such thing. */
            SKIPPED("skipped");

            private final String id;

            Outcome(final String id) {
                this.id = id;
            }

            /** The word in listings. */
            public String id() {
                return id;
            }
        }

        /** One line for people. */
        @Override
        public String toString() {
            return outcome.id() + " " + resource + (note.isEmpty() ? "" : " (" + note + ")");
        }
    }

    /**
     * @param client reaches the server with the right to manage index templates and, where there is
     *     index lifecycle management, its policies; stays open
     */
    public TemplateInstaller(final RestClient client) {
        this.client = Objects.requireNonNull(client, "client");
    }

    /**
     * Brings every resource to the state of this build.
     *
     * @param dryRun whether to look only
     * @return what became of each resource, in the order in which they depend on one another
     * @throws IOException if the server cannot be reached or refuses; what was done before stays
     */
    public List<Change> install(final boolean dryRun) throws IOException {
        final boolean lifecycle = hasLifecycle();
        final List<Change> changes = new ArrayList<>();
        for (final Asset asset : ASSETS) {
            changes.add(asset.lifecycle() && !lifecycle ? skipped(asset) : install(asset, dryRun));
        }
        return List.copyOf(changes);
    }

    /**
     * Takes every resource away that nothing on the server uses. Data streams stay, and with them
     * the templates that they were made from.
     *
     * @param dryRun whether to look only; what is in use shows only when it is tried
     * @return what became of each resource
     * @throws IOException if the server cannot be reached or refuses; what was done before stays
     */
    public List<Change> uninstall(final boolean dryRun) throws IOException {
        final boolean lifecycle = hasLifecycle();
        final List<Asset> usersFirst = new ArrayList<>(ASSETS);
        Collections.reverse(usersFirst);
        final List<Change> changes = new ArrayList<>();
        for (final Asset asset : usersFirst) {
            changes.add(
                    asset.lifecycle() && !lifecycle ? skipped(asset) : uninstall(asset, dryRun));
        }
        return List.copyOf(changes);
    }

    private Change install(final Asset asset, final boolean dryRun) throws IOException {
        final JsonNode wanted = asset.read();
        final Optional<JsonNode> present = get(asset.resource()).map(asset::unwrap);
        if (present.isPresent() && flatten(present.get()).equals(flatten(wanted))) {
            return new Change(asset.resource(), Outcome.UNCHANGED, "");
        }
        if (!dryRun) {
            final Request put = new Request("PUT", "/" + asset.resource());
            put.setJsonEntity(wanted.toString());
            perform(put);
        }
        if (present.isEmpty()) {
            return new Change(asset.resource(), Outcome.CREATED, "");
        }
        return new Change(
                asset.resource(),
                Outcome.UPDATED,
                asset.lifecycle()
                        ? ""
                        : "data streams that exist take it up at their next rollover");
    }

    private Change uninstall(final Asset asset, final boolean dryRun) throws IOException {
        if (get(asset.resource()).isEmpty()) {
            return new Change(asset.resource(), Outcome.ABSENT, "");
        }
        if (!dryRun) {
            try {
                client.performRequest(new Request("DELETE", "/" + asset.resource()));
            } catch (final ResponseException e) {
                final String reason = ElasticFailure.reason(e);
                if (status(e) == 400 && reason.contains("in use")) {
                    return new Change(asset.resource(), Outcome.KEPT, reason);
                }
                throw refused("DELETE", asset.resource(), e);
            }
        }
        return new Change(asset.resource(), Outcome.DELETED, "");
    }

    private static Change skipped(final Asset asset) {
        return new Change(
                asset.resource(),
                Outcome.SKIPPED,
                "this server has no index lifecycle management; documents stay until you delete"
                        + " them");
    }

    /** Servers without it know no such path, which they say with 400, 405 or 410. */
    private boolean hasLifecycle() throws IOException {
        try {
            client.performRequest(new Request("GET", "/_ilm/policy/serveflow"));
            return true;
        } catch (final ResponseException e) {
            return switch (status(e)) {
                case 404 -> true;
                case 400, 405, 410 -> false;
                default -> throw refused("GET", "_ilm/policy/serveflow", e);
            };
        }
    }

    private Optional<JsonNode> get(final String resource) throws IOException {
        try {
            final Response response = client.performRequest(new Request("GET", "/" + resource));
            return Optional.of(JSON.readTree(EntityUtils.toByteArray(response.getEntity())));
        } catch (final ResponseException e) {
            if (status(e) == 404) {
                return Optional.empty();
            }
            throw refused("GET", resource, e);
        }
    }

    private void perform(final Request request) throws IOException {
        try {
            client.performRequest(request);
        } catch (final ResponseException e) {
            throw refused(request.getMethod(), request.getEndpoint().substring(1), e);
        }
    }

    private static IOException refused(
            final String method, final String resource, final ResponseException e) {
        return new IOException(
                "Elasticsearch answered "
                        + status(e)
                        + " to "
                        + method
                        + " "
                        + resource
                        + ": "
                        + ElasticFailure.reason(e)
                        + (status(e) == 401 || status(e) == 403
                                ? "; installing needs the cluster privileges"
                                        + " manage_index_templates and manage_ilm"
                                : ""),
                e);
    }

    private static int status(final ResponseException e) {
        return e.getResponse().getStatusLine().getStatusCode();
    }

    /**
     * A document as path to value, all values as text, so that {@code "index.mode"} equals {@code
     * {"index": {"mode": ..}}} and the number 1 equals the text "1", as they do for the server.
     */
    private static Map<String, String> flatten(final JsonNode document) {
        final Map<String, String> flat = new TreeMap<>();
        flatten("", document, flat);
        return flat;
    }

    private static void flatten(
            final String path, final JsonNode node, final Map<String, String> flat) {
        if (node.isObject() && !node.isEmpty()) {
            for (final Map.Entry<String, JsonNode> field : node.properties()) {
                if (!ADDED_BY_SERVERS.contains(field.getKey())) {
                    flatten(path + "." + field.getKey(), field.getValue(), flat);
                }
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "." + i, node.get(i), flat);
            }
        } else {
            flat.put(path, node.asText());
        }
    }

    /**
     * One file and the place where its content goes.
     *
     * @param lifecycle whether it makes sense only with index lifecycle management
     */
    private record Asset(String file, String resource, boolean lifecycle) {

        private JsonNode read() {
            try (InputStream in =
                    TemplateInstaller.class.getResourceAsStream("templates/" + file)) {
                return JSON.readTree(Objects.requireNonNull(in, file));
            } catch (final IOException e) {
                throw new UncheckedIOException("cannot read templates/" + file, e);
            }
        }

        /** The part of an answer to GET that has the form of the file. */
        private JsonNode unwrap(final JsonNode answer) {
            final String kind = resource.substring(0, resource.indexOf('/'));
            return switch (kind) {
                case "_component_template" ->
                        answer.at("/component_templates/0/component_template");
                case "_index_template" -> answer.at("/index_templates/0/index_template");
                default -> JSON.createObjectNode().set("policy", answer.at("/serveflow/policy"));
            };
        }
    }
}
