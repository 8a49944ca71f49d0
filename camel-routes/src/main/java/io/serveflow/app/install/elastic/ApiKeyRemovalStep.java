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
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * API keys that are only ever taken away.
 *
 * @param name of the keys; a star at its end stands for anything
 * @param missing what the server lacks for them, if it does
 */
record ApiKeyRemovalStep(ApiKeys keys, String name, Optional<String> missing) implements Step {

    @Override
    public String subject() {
        return "API key " + name;
    }

    @Override
    public Plan toInstall() {
        return new Plan.Unchanged("");
    }

    @Override
    public Plan toUninstall() throws IOException {
        if (missing.isPresent()) {
            return new Plan.Skipped(missing.get());
        }
        final List<JsonNode> valid = keys.named(name);
        return valid.isEmpty()
                ? new Plan.Unchanged("it is not there")
                : new Plan.Changes(
                        Verb.REMOVE, List.of(keys.revocation(valid)), "id " + ApiKeys.ids(valid));
    }
}
