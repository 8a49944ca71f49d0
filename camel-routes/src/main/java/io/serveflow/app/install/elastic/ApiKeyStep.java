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
import io.serveflow.app.install.Action;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Plan;
import io.serveflow.app.install.Plan.Verb;
import io.serveflow.app.install.Step;
import io.serveflow.app.install.rest.RestCall;
import io.serveflow.app.install.rest.RestServer;
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
        ApiKeys keys,
        ElasticResource role,
        String name,
        boolean another,
        KeyHandOver handOver,
        Optional<String> missing)
        implements Step {

    private static final ObjectMapper JSON = new JsonMapper();

    @Override
    public String subject() {
        return "API key " + name;
    }

    @Override
    public Plan toInstall() throws IOException {
        if (missing.isPresent()) {
            return new Plan.Skipped(missing.get());
        }
        final List<JsonNode> valid = keys.named(name);
        if (valid.isEmpty() || another) {
            return newKey(valid);
        }
        final List<Action> updates = new ArrayList<>();
        for (final JsonNode key : valid) {
            if (!isCurrent(key)) {
                updates.add(update(key));
            }
        }
        return updates.isEmpty()
                ? new Plan.Unchanged(
                        "id "
                                + ApiKeys.ids(valid)
                                + "; --new-key makes another, if it is not known any more")
                : new Plan.Changes(
                        Verb.UPDATE, updates, "id " + ApiKeys.ids(valid) + ", the same key");
    }

    private Plan newKey(final List<JsonNode> before) {
        if (keys.server().isAskedByKey()) {
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
                                        + ApiKeys.PATH
                                        + " {\"ids\":"
                                        + ApiKeys.ids(before)
                                        + "}"));
    }

    @Override
    public Plan toUninstall() throws IOException {
        return new ApiKeyRemovalStep(keys, name, missing).toUninstall();
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
        comparable.set(ApiKeys.METADATA, role.body().path(ApiKeys.METADATA));
        return role.isCurrent(comparable);
    }

    private ObjectNode rights() {
        final ObjectNode body = JSON.createObjectNode();
        final ObjectNode descriptor = (ObjectNode) role.body();
        descriptor.remove(ApiKeys.METADATA);
        body.putObject("role_descriptors").set(role.name(), descriptor);
        body.putObject(ApiKeys.METADATA).put(ElasticResource.OWNER, ElasticResource.OURS);
        return body;
    }

    private Action update(final JsonNode key) {
        final RestCall call =
                RestCall.put(keys.server(), ApiKeys.PATH + "/" + key.path("id").asText(), rights());
        return new Action() {
            @Override
            public String shown() {
                return call.shown();
            }

            @Override
            public Optional<String> perform() throws IOException {
                try {
                    return call.perform();
                } catch (final InstallException e) {
                    // The server knows no such key of whoever did not make it.
                    final int status = RestServer.status(e);
                    if (status != 403 && status != 404) {
                        throw e;
                    }
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
            return new RestCall(keys.server(), "POST", ApiKeys.PATH, Optional.of(body)).shown();
        }

        @Override
        public Optional<String> perform() throws IOException {
            handOver.prepare();
            final JsonNode made = make();
            try {
                handOver.accept(made.path("encoded").asText());
            } catch (final IOException e) {
                throw takenBack(made, e);
            }
            return Optional.empty();
        }

        private JsonNode make() throws IOException {
            try {
                return keys.server().call("POST", ApiKeys.PATH, Optional.of(body));
            } catch (final InstallException e) {
                abandon(e);
                if (!RestServer.mayBeDone(e)) {
                    throw e;
                }
                throw new InstallException(
                        subject()
                                + ": it may have been made all the same, and nobody has it; look"
                                + " with GET "
                                + ApiKeys.PATH
                                + "?name="
                                + name
                                + ", and revoke it with --uninstall --key-name "
                                + name
                                + " if no other key of this name is in use: "
                                + e.getMessage(),
                        e);
            } catch (final IOException e) {
                abandon(e);
                throw e;
            }
        }

        /** First of all the key goes, which somebody could have seen. */
        private InstallException takenBack(final JsonNode made, final IOException cause) {
            String end = ", and was revoked";
            try {
                keys.revocation(List.of(made)).perform();
            } catch (final IOException e) {
                cause.addSuppressed(e);
                end =
                        ", and could not be revoked either ("
                                + e.getMessage()
                                + "); do that with DELETE "
                                + ApiKeys.PATH
                                + " {\"ids\":"
                                + ApiKeys.ids(List.of(made))
                                + "}";
            }
            abandon(cause);
            return new InstallException(
                    subject()
                            + ": it could not be handed over "
                            + handOver.destination()
                            + " ("
                            + cause.getMessage()
                            + ")"
                            + end,
                    cause);
        }

        private void abandon(final IOException cause) {
            try {
                handOver.abandon();
            } catch (final IOException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
