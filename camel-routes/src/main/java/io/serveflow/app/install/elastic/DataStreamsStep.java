/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import io.serveflow.app.install.Action;
import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.rest.RestCall;
import io.serveflow.app.install.rest.RestServer;
import java.util.List;

/**
 * The data streams with all verdicts in them, which are made by the first verdict and go only where
 * somebody says so.
 *
 * @param removable whether the server can take data streams away
 */
record DataStreamsStep(RestServer server, List<String> names, boolean removable) implements Step {

    DataStreamsStep {
        names = List.copyOf(names);
    }

    @Override
    public String subject() {
        return "data streams "
                + (names.isEmpty() ? DataStreams.PATTERNS : String.join(", ", names));
    }

    @Override
    public Plan toInstall() {
        return new Plan.Unchanged("the first verdict makes them");
    }

    @Override
    public Plan toUninstall() {
        if (names.isEmpty()) {
            return new Plan.Unchanged("there are none");
        }
        return removable
                ? new Plan.Changes(
                        Verb.REMOVE,
                        names.stream()
                                .map(name -> RestCall.delete(server, "/_data_stream/" + name))
                                .map(Action.class::cast)
                                .toList(),
                        "with all verdicts in them")
                : new Plan.Kept("this server has no API to delete data streams");
    }
}
