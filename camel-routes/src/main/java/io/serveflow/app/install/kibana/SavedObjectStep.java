/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.install.Action;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.rest.RestCall;
import io.serveflow.app.install.rest.RestServer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A data view or a dashboard.
 *
 * @param stored what is there of it, if it is
 * @param imported what brings it; empty for one that stays as it is
 * @param instead the plan of it whatever else is so; empty if nothing is in its way
 */
record SavedObjectStep(
        RestServer server,
        Space space,
        JsonNode object,
        Optional<StoredObject> stored,
        Optional<Action> imported,
        Optional<Plan> instead)
        implements Step {

    private static final int BAD_REQUEST = 400;

    @Override
    public String subject() {
        return object.path("type").asText() + " " + object.path("id").asText();
    }

    @Override
    public Plan toInstall() {
        if (instead.isPresent()) {
            return instead.get();
        }
        if (imported.isEmpty()) {
            return new Plan.Unchanged(
                    "it is there; --replace brings that of this version, and what was changed in it"
                            + " is lost");
        }
        return new Plan.Changes(
                stored.isPresent() ? Verb.UPDATE : Verb.CREATE,
                List.of(imported.get()),
                object.at("/attributes/name").asText(object.at("/attributes/title").asText()));
    }

    @Override
    public Plan toUninstall() {
        if (instead.isPresent()) {
            return instead.get();
        }
        return stored.isEmpty()
                ? new Plan.Unchanged("it is not there")
                : new Plan.Changes(
                        Verb.REMOVE,
                        List.of(new Removal(RestCall.delete(server, stored.get().path(space)))),
                        object.path("id").asText().equals(stored.get().id())
                                ? ""
                                : "id " + stored.get().id());
    }

    /** The removal of an object that may be shared with other spaces, which stays then. */
    private record Removal(RestCall call) implements Action {

        @Override
        public String shown() {
            return call.shown();
        }

        @Override
        public Optional<String> perform() throws IOException {
            try {
                return call.perform();
            } catch (final InstallException e) {
                if (RestServer.status(e) == BAD_REQUEST && e.getMessage().contains("multiple")) {
                    return Optional.of(
                            "it is shared with other spaces; take it out of this one in Kibana,"
                                    + " Stack Management, Saved Objects");
                }
                throw e;
            }
        }
    }
}
