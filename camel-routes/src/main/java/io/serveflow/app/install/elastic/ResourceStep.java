/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.rest.RestCall;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.camel.elastic.ElasticResource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A document that Elasticsearch keeps under a path.
 *
 * @param missing what the server lacks for it, if it does
 * @param used what on the server needs it after all else is gone, if anything does
 */
record ResourceStep(
        RestServer server,
        ElasticResource resource,
        Optional<String> missing,
        Optional<String> used)
        implements Step {

    @Override
    public String subject() {
        return resource.path();
    }

    @Override
    public Plan toInstall() throws IOException {
        if (missing.isPresent()) {
            return new Plan.Skipped(missing.get());
        }
        final Optional<JsonNode> present = present();
        if (present.isEmpty()) {
            return changed(Verb.CREATE, "");
        }
        return switch (resource.standing(present.get(), path -> server.get("/" + path))) {
            case CURRENT -> new Plan.Unchanged("");
            case CHOSEN -> new Plan.Kept(resource.chosen(present.get()));
            case OUTDATED ->
                    changed(
                            Verb.UPDATE,
                            resource.path().contains("template")
                                    ? "data streams that exist take it up at their next rollover"
                                    : "");
            case FOREIGN ->
                    new Plan.Refused(
                            "there is one of this name that ServeFlow did not make; delete it or"
                                    + " give it another name, nothing was changed");
        };
    }

    private Plan changed(final Verb verb, final String note) {
        return new Plan.Changes(
                verb, List.of(RestCall.put(server, "/" + resource.path(), resource.body())), note);
    }

    @Override
    public Plan toUninstall() throws IOException {
        if (missing.isPresent()) {
            return new Plan.Skipped(missing.get());
        }
        final Optional<JsonNode> present = present();
        if (present.isEmpty()) {
            return new Plan.Unchanged("it is not there");
        }
        if (!resource.isOurs(present.get())) {
            return new Plan.Kept("ServeFlow did not make it");
        }
        return used.isPresent()
                ? new Plan.Kept(used.get())
                : new Plan.Changes(
                        Verb.REMOVE, List.of(RestCall.delete(server, "/" + resource.path())), "");
    }

    private Optional<JsonNode> present() throws IOException {
        // A server may also answer with an empty list.
        return server.get("/" + resource.path())
                .map(resource::in)
                .filter(found -> !found.isMissingNode());
    }
}
