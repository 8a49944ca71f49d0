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
import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import io.serveflow.app.install.Step;
import io.serveflow.camel.elastic.ElasticResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The API key that {@code run} stores verdicts with: it may do what the role may, whatever else its
 * maker may.
 *
 * @param name one key of this name is made; those of others with the same name are left alone
 * @param another whether a new one is made though there is one
 * @param missing what the server lacks for it, if it does
 */
record ApiKeyStep(
        ElasticServer server,
        ElasticResource role,
        String name,
        boolean another,
        KeyHandOver handOver,
        Optional<String> missing)
        implements Step {

    private static final ObjectMapper JSON = new JsonMapper();
    private static final String PATH = "/_security/api_key";
    private static final String METADATA = "metadata";

    /** What the names of all keys begin with that are made here. */
    static final String PREFIX = "serveflow";

    @Override
    public String subject() {
        return "API key " + name;
    }

    @Override
    public Plan toInstall() throws IOException {
        if (missing.isPresent()) {
            return new Plan.Skipped(missing.get());
        }
        final List<JsonNode> keys = keys(name);
        if (keys.isEmpty() || another) {
            return newKey(keys);
        }
        final List<Action> updates = new ArrayList<>();
        for (final JsonNode key : keys) {
            if (!isCurrent(key)) {
                updates.add(update(key));
            }
        }
        return updates.isEmpty()
                ? new Plan.Unchanged(
                        "id "
                                + ids(keys)
                                + "; --new-key makes another, if it is not known any more")
                : new Plan.Changes(Verb.UPDATE, updates, "id " + ids(keys) + ", the same key");
    }

    private Plan newKey(final List<JsonNode> before) {
        if (server.isAskedByKey()) {
            return new Plan.Refused(
                    "with an API key nobody can make another one that may do something; name a user"
                            + " with --username, or leave it out with --without-key");
        }
        final Optional<String> fault = handOver.fault();
        if (fault.isPresent()) {
            return new Plan.Refused(fault.get());
        }
        return new Plan.Changes(
                Verb.CREATE,
                List.of(new NewKey()),
                handOver.destination()
                        + (before.isEmpty()
                                ? ""
                                : "; once it is in use, take the one before away: DELETE "
                                        + PATH
                                        + " {\"ids\":"
                                        + ids(before)
                                        + "}"));
    }

    @Override
    public Plan toUninstall() throws IOException {
        if (missing.isPresent()) {
            return new Plan.Skipped(missing.get());
        }
        final List<JsonNode> keys = keys(PREFIX + "*");
        if (keys.isEmpty()) {
            return new Plan.Unchanged("it is not there");
        }
        final ObjectNode body = JSON.createObjectNode();
        body.set("ids", ids(keys));
        return new Plan.Changes(
                Verb.REMOVE,
                List.of(new ElasticCall(server, "DELETE", PATH, Optional.of(body))),
                "id " + ids(keys));
    }

    /** The keys of ours that are valid. */
    private List<JsonNode> keys(final String pattern) throws IOException {
        final List<JsonNode> keys = new ArrayList<>();
        final Optional<JsonNode> found = server.get(PATH + "?name=" + pattern);
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

    private static ArrayNode ids(final List<JsonNode> keys) {
        final ArrayNode ids = JSON.createArrayNode();
        keys.forEach(key -> ids.add(key.path("id").asText()));
        return ids;
    }

    /** Whether a key may do what it has to; servers before 8.5 do not say what it may. */
    private boolean isCurrent(final JsonNode key) {
        final JsonNode descriptors = key.path("role_descriptors");
        if (descriptors.isMissingNode()) {
            return true;
        }
        final JsonNode descriptor = descriptors.path(role.name());
        if (descriptors.size() != 1 || !descriptor.isObject()) {
            return false;
        }
        final ObjectNode comparable = descriptor.deepCopy();
        comparable.set(METADATA, role.body().path(METADATA));
        return role.isCurrent(comparable);
    }

    private ObjectNode rights() {
        final ObjectNode body = JSON.createObjectNode();
        final ObjectNode descriptor = (ObjectNode) role.body();
        descriptor.remove(METADATA);
        body.putObject("role_descriptors").set(role.name(), descriptor);
        body.putObject(METADATA).put(ElasticResource.OWNER, ElasticResource.OURS);
        return body;
    }

    private Action update(final JsonNode key) {
        final ElasticCall call =
                ElasticCall.put(server, PATH + "/" + key.path("id").asText(), rights());
        return new Action() {
            @Override
            public String shown() {
                return call.shown();
            }

            @Override
            public void perform() throws IOException {
                try {
                    call.perform();
                } catch (final InstallException e) {
                    throw new InstallException(
                            subject()
                                    + ": only "
                                    + key.path("username").asText("who made it")
                                    + " may change what it may do; name that user with --username,"
                                    + " or make another key with --new-key",
                            e);
                }
            }
        };
    }

    /** Makes a key, or none: one that cannot be handed over is taken back. */
    private final class NewKey implements Action {

        private final ObjectNode body = JSON.createObjectNode().put("name", name);

        private NewKey() {
            body.setAll(rights());
        }

        @Override
        public String shown() {
            return new ElasticCall(server, "POST", PATH, Optional.of(body)).shown();
        }

        @Override
        public void perform() throws IOException {
            handOver.prepare();
            final JsonNode made;
            try {
                made = server.call("POST", PATH, Optional.of(body));
            } catch (final IOException e) {
                handOver.abandon();
                throw e;
            }
            try {
                handOver.accept(made.path("encoded").asText());
            } catch (final IOException e) {
                handOver.abandon();
                final ObjectNode back = JSON.createObjectNode();
                back.set("ids", ids(List.of(made)));
                server.call("DELETE", PATH, Optional.of(back));
                throw new InstallException(
                        subject()
                                + ": it could not be handed over "
                                + handOver.destination()
                                + ", and was taken back: "
                                + e.getMessage(),
                        e);
            }
        }
    }
}
