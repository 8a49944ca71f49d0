/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.install.Action;
import java.io.IOException;
import java.util.Optional;

/** A call that changes something in Elasticsearch. */
record ElasticCall(ElasticServer server, String method, String path, Optional<JsonNode> body)
        implements Action {

    static ElasticCall put(final ElasticServer server, final String path, final JsonNode body) {
        return new ElasticCall(server, "PUT", path, Optional.of(body));
    }

    static ElasticCall delete(final ElasticServer server, final String path) {
        return new ElasticCall(server, "DELETE", path, Optional.empty());
    }

    /** As the console of Kibana takes it. */
    @Override
    public String shown() {
        return method
                + " "
                + path
                + body.map(JsonNode::toPrettyString).map("\n"::concat).orElse("");
    }

    @Override
    public void perform() throws IOException {
        server.call(method, path, body);
    }
}
