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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

    private final RestClient client;
    private final List<ElasticResource> assets;

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
            /** Not deleted, because something on the server uses it, or somebody else made it. */
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
        this(client, IndexProfile.ECS);
    }

    /**
     * @param client as above
     * @param profile of the documents that the templates are for
     */
    public TemplateInstaller(final RestClient client, final IndexProfile profile) {
        this.client = Objects.requireNonNull(client, "client");
        this.assets =
                switch (profile) {
                    case ECS -> ElasticResource.templates();
                    case MALCOLM -> ElasticResource.templatesOfMalcolm();
                };
    }

    /**
     * Brings every resource to the state of this build.
     *
     * @param dryRun whether to look only
     * @return what became of each resource, in the order in which they depend on one another
     * @throws IOException if the server cannot be reached or refuses; what was done before stays
     */
    public List<Change> install(final boolean dryRun) throws IOException {
        final Optional<String> missing = missingLifecycle(dryRun);
        final List<Change> changes = new ArrayList<>();
        for (final ElasticResource asset : assets) {
            changes.add(
                    needsLifecycle(asset) && missing.isPresent()
                            ? skipped(asset, missing.get())
                            : install(asset, dryRun));
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
        final Optional<String> missing = missingLifecycle(dryRun);
        final List<ElasticResource> usersFirst = new ArrayList<>(assets);
        Collections.reverse(usersFirst);
        final List<Change> changes = new ArrayList<>();
        for (final ElasticResource asset : usersFirst) {
            changes.add(
                    needsLifecycle(asset) && missing.isPresent()
                            ? skipped(asset, missing.get())
                            : uninstall(asset, dryRun));
        }
        return List.copyOf(changes);
    }

    private Change install(final ElasticResource asset, final boolean dryRun) throws IOException {
        final Optional<JsonNode> present = get(asset.path()).map(asset::in);
        if (present.filter(asset::isCurrent).isPresent()) {
            return new Change(asset.path(), Outcome.UNCHANGED, "");
        }
        if (present.isPresent() && !asset.isOurs(present.get())) {
            throw new IOException(
                    asset.path()
                            + " is there and was not made by ServeFlow, so it is not replaced;"
                            + " delete or rename it, or install the templates under other names by"
                            + " hand and set serveflow.elasticsearch.templates=false");
        }
        if (!dryRun) {
            final Request put = new Request("PUT", "/" + asset.path());
            put.setJsonEntity(asset.body().toString());
            perform(put);
        }
        if (present.isEmpty()) {
            return new Change(asset.path(), Outcome.CREATED, "");
        }
        return new Change(
                asset.path(),
                Outcome.UPDATED,
                needsLifecycle(asset)
                        ? ""
                        : "data streams that exist take it up at their next rollover");
    }

    private Change uninstall(final ElasticResource asset, final boolean dryRun) throws IOException {
        final Optional<JsonNode> present = get(asset.path()).map(asset::in);
        if (present.isEmpty()) {
            return new Change(asset.path(), Outcome.ABSENT, "");
        }
        if (!asset.isOurs(present.get())) {
            return new Change(asset.path(), Outcome.KEPT, "it was not made by ServeFlow");
        }
        if (!dryRun) {
            try {
                client.performRequest(new Request("DELETE", "/" + asset.path()));
            } catch (final ResponseException e) {
                final String reason = ElasticFailure.reason(e);
                if (status(e) == 400 && reason.contains("in use")) {
                    return new Change(asset.path(), Outcome.KEPT, reason);
                }
                throw refused("DELETE", asset.path(), e);
            }
        }
        return new Change(asset.path(), Outcome.DELETED, "");
    }

    private static boolean needsLifecycle(final ElasticResource asset) {
        return asset.needs() == ElasticResource.Needs.LIFECYCLE;
    }

    private static Change skipped(final ElasticResource asset, final String missing) {
        return new Change(asset.path(), Outcome.SKIPPED, missing);
    }

    /**
     * Why lifecycles are left out; empty if they are not. Servers without them know no such path,
     * which they say with 400, 405 or 410.
     *
     * @param dryRun whether one that may not be looked at is left out too
     */
    private Optional<String> missingLifecycle(final boolean dryRun) throws IOException {
        if (assets.stream().noneMatch(TemplateInstaller::needsLifecycle)) {
            return Optional.empty();
        }
        try {
            client.performRequest(new Request("GET", "/_ilm/policy/serveflow"));
            return Optional.empty();
        } catch (final ResponseException e) {
            return switch (status(e)) {
                case 404 -> Optional.empty();
                case 400, 405, 410 ->
                        Optional.of(
                                "this server has no index lifecycle management; documents stay"
                                        + " until you delete them");
                case 403 -> {
                    if (dryRun) {
                        yield Optional.of("this user or key may not look at it");
                    }
                    throw refused("GET", "_ilm/policy/serveflow", e);
                }
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
                                        + " manage_index_templates and manage_ilm, or ./serveflow"
                                        + " install elastic by somebody who has them and"
                                        + " serveflow.elasticsearch.templates=false"
                                : ""),
                e);
    }

    private static int status(final ResponseException e) {
        return e.getResponse().getStatusLine().getStatusCode();
    }
}
