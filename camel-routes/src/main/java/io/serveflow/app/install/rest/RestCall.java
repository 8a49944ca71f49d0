/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.install.Action;
import io.serveflow.app.install.InstallException;
import java.io.IOException;
import java.util.Optional;

/** A call that changes something on a server. */
public record RestCall(RestServer server, String method, String path, Optional<JsonNode> body)
        implements Action {

    /** One that puts a document under a path. */
    public static RestCall put(final RestServer server, final String path, final JsonNode body) {
        return new RestCall(server, "PUT", path, Optional.of(body));
    }

    /** One that takes away what is under a path. */
    public static RestCall delete(final RestServer server, final String path) {
        return new RestCall(server, "DELETE", path, Optional.empty());
    }

    /** As the console of Kibana takes it. */
    @Override
    public String shown() {
        return method
                + " "
                + path
                + body.map(JsonNode::toPrettyString).map("\n"::concat).orElse("");
    }

    /** What is to go stays where the server says that it is in use. */
    @Override
    public Optional<String> perform() throws IOException {
        if (!method.equals("DELETE")) {
            server.call(method, path, body);
            return Optional.empty();
        }
        try {
            server.delete(path, body);
            return Optional.empty();
        } catch (final InstallException e) {
            final Optional<String> use = RestServer.use(e);
            if (use.isEmpty()) {
                throw e;
            }
            return use;
        }
    }
}
