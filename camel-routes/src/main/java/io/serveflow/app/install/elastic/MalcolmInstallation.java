/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.camel.elastic.ElasticResource;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What is to be in the OpenSearch of Malcolm: the template of the indices of verdicts. */
public final class MalcolmInstallation {

    private final RestServer server;

    /**
     * @param server stays open
     */
    public MalcolmInstallation(final RestServer server) {
        this.server = Objects.requireNonNull(server, "server");
    }

    /**
     * The steps of an installation, each of which can be taken back: indices that are there need no
     * template.
     *
     * @throws InstallException if the server is none for them, or does not let the user do them
     */
    public List<Step> steps() throws IOException {
        requireOpenSearch();
        return ElasticResource.templatesOfMalcolm().stream()
                .<Step>map(
                        resource ->
                                new ResourceStep(
                                        server, resource, Optional.empty(), Optional.empty()))
                .toList();
    }

    private void requireOpenSearch() throws IOException {
        final JsonNode nodes =
                server.call("GET", "/_nodes/_local/none", Optional.empty()).path("nodes");
        if (nodes.isEmpty()) {
            throw server.strange(new IllegalStateException("no node in the answer"));
        }
        final JsonNode first = nodes.elements().next();
        if (first.has("build_flavor")) {
            throw new InstallException(
                    server.address()
                            + " is Elasticsearch "
                            + first.path("version").asText()
                            + ", which does not know the types of this template; where"
                            + " OPENSEARCH_PRIMARY is elasticsearch-remote, docs/malcolm.md says"
                            + " what to put there instead");
        }
    }
}
