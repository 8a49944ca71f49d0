/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.install.Action;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.rest.RestCall;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.camel.elastic.ElasticResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The API keys of a server that were made by an installation. */
record ApiKeys(RestServer server) {

    static final String PATH = "/_security/api_key";
    static final String METADATA = "metadata";

    /** What the names of all keys begin with that are made here. */
    static final String PREFIX = "serveflow";

    private static final ObjectMapper JSON = new JsonMapper();

    /**
     * Those that are valid.
     *
     * @param name of the keys; a star at its end stands for anything
     */
    List<JsonNode> named(final String name) throws IOException {
        final List<JsonNode> keys = new ArrayList<>();
        final Optional<JsonNode> found = server.get(PATH + "?name=" + name);
        for (final JsonNode key : found.orElse(JSON.createObjectNode()).path("api_keys")) {
            final boolean ours =
                    key.path(METADATA)
                            .path(ElasticResource.OWNER)
                            .asText()
                            .equals(ElasticResource.OURS);
            if (ours && !key.path("invalidated").asBoolean()) {
                keys.add(key);
            }
        }
        return keys;
    }

    static ArrayNode ids(final List<JsonNode> keys) {
        final ArrayNode ids = JSON.createArrayNode();
        keys.forEach(key -> ids.add(key.path("id").asText()));
        return ids;
    }

    /** What makes keys useless for ever. */
    Action revocation(final List<JsonNode> keys) {
        final ObjectNode body = JSON.createObjectNode();
        body.set("ids", ids(keys));
        final RestCall call = new RestCall(server, "DELETE", PATH, Optional.of(body));
        return new Action() {
            @Override
            public String shown() {
                return call.shown();
            }

            @Override
            public Optional<String> perform() throws IOException {
                final Optional<JsonNode> answer = server.delete(PATH, call.body());
                // The server answers 200 where it could not revoke them.
                if (answer.isPresent() && answer.get().path("error_count").asInt() > 0) {
                    throw new InstallException(
                            server.address()
                                    + " did not revoke API keys; try again ("
                                    + answer.get().at("/error_details/0/reason").asText()
                                    + ")");
                }
                return Optional.empty();
            }
        };
    }
}
