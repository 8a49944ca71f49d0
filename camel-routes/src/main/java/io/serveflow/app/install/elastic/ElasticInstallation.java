/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.app.install.rest.Version;
import io.serveflow.camel.elastic.ElasticResource;
import io.serveflow.camel.elastic.ElasticResource.Needs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What is to be in an Elasticsearch: templates, lifecycle, pipeline, role and key, as far as it has
 * what these need.
 */
public final class ElasticInstallation {

    private static final ObjectMapper JSON = new JsonMapper();

    /** The oldest on which this is tried; Security Onion 2.4 has it. */
    private static final Version OLDEST = new Version(8, 14);

    private final RestServer server;

    /**
     * The API key that is wanted.
     *
     * @param name begins with {@code serveflow}
     * @param another whether a new one is made though there is one
     */
    public record Key(String name, boolean another, KeyHandOver handOver) {

        public Key {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(handOver, "handOver");
            if (!name.startsWith(ApiKeys.PREFIX)) {
                throw new IllegalArgumentException(
                        "the name of a key must begin with " + ApiKeys.PREFIX);
            }
        }
    }

    /**
     * @param server stays open
     */
    public ElasticInstallation(final RestServer server) {
        this.server = Objects.requireNonNull(server, "server");
    }

    /**
     * The steps of an installation.
     *
     * @param key empty for neither a role nor a key
     * @throws InstallException if the server is none for them, or does not let the user do them
     */
    public List<Step> toInstall(final Optional<Key> key) throws IOException {
        requireElasticsearch();
        final Abilities abilities = abilities();
        requireRights(abilities, true, key.isPresent());
        final List<Step> steps = resources(abilities, Optional.empty());
        if (key.isPresent()) {
            final ElasticResource role = ElasticResource.role();
            steps.add(new ResourceStep(server, role, abilities.missing(role), Optional.empty()));
            steps.add(
                    new ApiKeyStep(
                            new ApiKeys(server),
                            role,
                            key.get().name(),
                            key.get().another(),
                            key.get().handOver(),
                            abilities.missing(role)));
        }
        return steps;
    }

    /**
     * The steps of which each is taken back.
     *
     * @param keys whether the role and all keys go too
     * @param data whether the data streams go too, with all verdicts in them
     * @throws InstallException as {@link #toInstall}
     */
    public List<Step> toUninstall(final boolean keys, final boolean data) throws IOException {
        requireElasticsearch();
        final Abilities abilities = abilities();
        requireRights(abilities, true, keys);
        final DataStreams streams = DataStreams.on(server);
        final List<Step> steps = resources(abilities, used(streams, data));
        if (keys) {
            final ElasticResource role = ElasticResource.role();
            steps.add(new ResourceStep(server, role, abilities.missing(role), Optional.empty()));
            steps.add(
                    new ApiKeyRemovalStep(
                            new ApiKeys(server), ApiKeys.PREFIX + "*", abilities.missing(role)));
        }
        if (data) {
            steps.add(new DataStreamsStep(server, streams.names(), streams.removable()));
        }
        return steps;
    }

    /**
     * The step that takes the keys of one name away, and nothing else.
     *
     * @throws InstallException as {@link #toInstall}
     */
    public List<Step> toRevoke(final String name) throws IOException {
        requireElasticsearch();
        final Abilities abilities = abilities();
        requireRights(abilities, false, true);
        return List.of(
                new ApiKeyRemovalStep(
                        new ApiKeys(server), name, abilities.missing(ElasticResource.role())));
    }

    private static Optional<String> used(final DataStreams streams, final boolean data) {
        if (streams.names().isEmpty() || data && streams.removable()) {
            return Optional.empty();
        }
        return Optional.of(
                String.join(", ", streams.names())
                        + (streams.names().size() == 1 ? " needs" : " need")
                        + " it"
                        + (data ? "" : "; --data removes both"));
    }

    private List<Step> resources(final Abilities abilities, final Optional<String> used) {
        final List<Step> steps = new ArrayList<>();
        for (final ElasticResource resource : ElasticResource.templates()) {
            steps.add(new ResourceStep(server, resource, abilities.missing(resource), used));
        }
        final ElasticResource pipeline = ElasticResource.pipeline();
        steps.add(
                new ResourceStep(server, pipeline, abilities.missing(pipeline), Optional.empty()));
        return steps;
    }

    private void requireElasticsearch() throws IOException {
        final JsonNode nodes =
                server.call("GET", "/_nodes/_local/none", Optional.empty()).path("nodes");
        if (nodes.isEmpty()) {
            throw server.strange(new IllegalStateException("no node in the answer"));
        }
        final JsonNode first = nodes.elements().next();
        final String version = first.path("version").asText();
        if (!first.has("build_flavor")) {
            throw new InstallException(
                    server.address()
                            + " is OpenSearch or something else, of version "
                            + version
                            + "; this is for Elasticsearch");
        }
        final Version known =
                Version.in(version)
                        .orElseThrow(
                                () ->
                                        server.strange(
                                                new IllegalStateException(
                                                        "no version: " + version)));
        if (known.isBefore(OLDEST)) {
            throw new InstallException(
                    server.address()
                            + " is of version "
                            + version
                            + "; Elasticsearch "
                            + OLDEST
                            + " or later is needed");
        }
    }

    /**
     * What the server lacks, as the reasons why something is left out.
     *
     * @param lifecycle why there is no lifecycle; empty if there is
     * @param ingest why there is no pipeline
     * @param security why there are no users
     */
    private record Abilities(
            Optional<String> lifecycle, Optional<String> ingest, Optional<String> security) {

        private Optional<String> missing(final ElasticResource resource) {
            return switch (resource.needs()) {
                case NOTHING -> Optional.empty();
                case LIFECYCLE -> lifecycle;
                case INGEST -> ingest;
                case SECURITY -> security;
            };
        }

        private boolean has(final Needs needs) {
            return switch (needs) {
                case NOTHING -> true;
                case LIFECYCLE -> lifecycle.isEmpty();
                case INGEST -> ingest.isEmpty();
                case SECURITY -> security.isEmpty();
            };
        }
    }

    private Abilities abilities() throws IOException {
        return new Abilities(
                server.getIfKnown("/_ilm/policy/serveflow").isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                "this server has no index lifecycle management; documents stay"
                                        + " until you delete them"),
                ingest(),
                server.getIfKnown("/_security/_authenticate")
                                .filter(who -> who.has("username"))
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of("this server asks nobody who they are"));
    }

    private Optional<String> ingest() throws IOException {
        final Set<String> known = new LinkedHashSet<>();
        for (final JsonNode node :
                server.call("GET", "/_nodes/_local/ingest", Optional.empty()).path("nodes")) {
            node.at("/ingest/processors")
                    .forEach(processor -> known.add(processor.path("type").asText()));
        }
        final List<String> missing =
                processors(ElasticResource.pipeline().body())
                        .filter(type -> !known.contains(type))
                        .distinct()
                        .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "this server has no ingest processors "
                                + String.join(", ", missing)
                                + "; only verdicts that come by an agent need them");
    }

    private static Stream<String> processors(final JsonNode pipeline) {
        return Stream.of("processors", "on_failure")
                .flatMap(list -> StreamSupport.stream(pipeline.path(list).spliterator(), false))
                .map(processor -> processor.fieldNames().next());
    }

    private void requireRights(
            final Abilities abilities, final boolean resources, final boolean keys)
            throws IOException {
        if (!abilities.has(Needs.SECURITY)) {
            return;
        }
        final ObjectNode asked = JSON.createObjectNode();
        if (resources) {
            asked.withArray("cluster").add("manage_index_templates");
            if (abilities.has(Needs.LIFECYCLE)) {
                asked.withArray("cluster").add("manage_ilm");
            }
            if (abilities.has(Needs.INGEST)) {
                asked.withArray("cluster").add("manage_ingest_pipelines");
            }
        }
        if (keys) {
            asked.withArray("cluster").add("manage_security");
        }
        final JsonNode may =
                server.call("POST", "/_security/user/_has_privileges", Optional.of(asked))
                        .path("cluster");
        final List<String> lacking = new ArrayList<>();
        may.properties()
                .forEach(
                        right -> {
                            if (!right.getValue().asBoolean()) {
                                lacking.add(right.getKey());
                            }
                        });
        if (!lacking.isEmpty()) {
            throw new InstallException(
                    server.asker()
                            + " lacks the cluster privileges "
                            + String.join(", ", lacking)
                            + " on "
                            + server.address()
                            + "; name a user with --username who has them, such as "
                            + server.privileged()
                            + (resources && lacking.equals(List.of("manage_security"))
                                    ? ", or leave role and key out with --without-key"
                                    : ""));
        }
    }
}
