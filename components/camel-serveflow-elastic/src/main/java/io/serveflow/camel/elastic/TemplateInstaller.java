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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/**
 * Brings the templates and the lifecycle policy of {@code elastic-templates/} to an Elasticsearch.
 *
 * <p>What is on the server is compared first and written only where it differs, so installing twice
 * changes nothing the second time. A server without index lifecycle management gets the templates
 * alone.
 */
public final class TemplateInstaller {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RestClient client;
    private final IndexProfile profile;
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
            /** Left as an operator has chosen it. */
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
        this.profile = profile;
        this.assets =
                switch (profile) {
                    case ECS -> ElasticResource.templates();
                    case MALCOLM -> ElasticResource.templatesOfMalcolm();
                };
    }

    /**
     * Brings every resource to the state of this build, but for what an operator has chosen.
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

    private Change install(final ElasticResource asset, final boolean dryRun) throws IOException {
        // A server may also answer with an empty list.
        final Optional<JsonNode> present =
                get(asset.path()).map(asset::in).filter(found -> !found.isMissingNode());
        if (present.isEmpty()) {
            put(asset, dryRun);
            return new Change(asset.path(), Outcome.CREATED, "");
        }
        return switch (asset.standing(present.get(), this::get)) {
            case CURRENT -> new Change(asset.path(), Outcome.UNCHANGED, "");
            case CHOSEN -> new Change(asset.path(), Outcome.KEPT, asset.chosen(present.get()));
            case OUTDATED -> {
                put(asset, dryRun);
                yield new Change(
                        asset.path(),
                        Outcome.UPDATED,
                        needsLifecycle(asset)
                                ? ""
                                : "data streams that exist take it up at their next rollover");
            }
            case FOREIGN ->
                    throw new TemplateException(
                            asset.path()
                                    + " is there and was not made by ServeFlow, so it is not"
                                    + " replaced",
                            "delete or rename it, or install the templates under other names by"
                                    + " hand and set serveflow.elasticsearch.templates=false");
        };
    }

    private void put(final ElasticResource asset, final boolean dryRun) throws IOException {
        if (!dryRun) {
            final Request put = new Request("PUT", "/" + asset.path());
            put.setJsonEntity(asset.body().toString());
            try {
                client.performRequest(put);
            } catch (final ResponseException e) {
                throw refused("PUT", asset.path(), e);
            }
        }
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

    private TemplateException refused(
            final String method, final String resource, final ResponseException e) {
        final String server =
                switch (profile) {
                    case ECS -> "Elasticsearch";
                    case MALCOLM -> "OpenSearch";
                };
        return new TemplateException(
                server
                        + " answered "
                        + status(e)
                        + " to "
                        + method
                        + " "
                        + resource
                        + ": "
                        + ElasticFailure.reason(e),
                cure(status(e)),
                e);
    }

    private String cure(final int status) {
        final boolean denied = status == 401 || status == 403;
        return switch (profile) {
            case ECS ->
                    denied
                            ? "installing needs the cluster privileges manage_index_templates and"
                                    + " manage_ilm, or ./serveflow install elastic by somebody who"
                                    + " has them and serveflow.elasticsearch.templates=false"
                            : "";
            case MALCOLM ->
                    denied
                            ? "installing needs the cluster permission"
                                    + " cluster_manage_index_templates, or ./serveflow install"
                                    + " malcolm by somebody who has it and"
                                    + " serveflow.elasticsearch.templates=false"
                            : status == 400
                                    ? "on Elasticsearch, put"
                                            + " elastic-templates/malcolm/index-template.json there"
                                            + " by hand with flattened instead of flat_object, and"
                                            + " set serveflow.elasticsearch.templates=false"
                                    : "";
        };
    }

    private static int status(final ResponseException e) {
        return e.getResponse().getStatusLine().getStatusCode();
    }
}
