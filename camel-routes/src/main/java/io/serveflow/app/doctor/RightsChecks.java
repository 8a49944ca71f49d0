/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.settings.Settings;
import io.serveflow.camel.elastic.IndexProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;

/**
 * Looks at what the user or key may do in Elasticsearch: store verdicts and alerts, and install the
 * templates where run does.
 */
final class RightsChecks {

    private static final String RIGHTS = "rights";

    private final Settings settings;
    private final IndexProfile profile;
    private final ServerAnswers server;

    RightsChecks(final Settings settings, final IndexProfile profile, final ServerAnswers server) {
        this.settings = settings;
        this.profile = profile;
        this.server = server;
    }

    /**
     * A server without security says that it has no such path.
     *
     * @param toInstall whether run has a template to write when it starts
     */
    List<Finding> examine(final boolean toInstall) throws IOException {
        final List<String> names = names();
        final ObjectNode asked = JsonNodeFactory.instance.objectNode();
        asked.putArray("cluster").add("monitor");
        if (settings.yes("serveflow.elasticsearch.templates")) {
            installing().forEach(asked.withArray("cluster")::add);
        }
        final ObjectNode index = asked.putArray("index").addObject();
        names.forEach(index.putArray("names")::add);
        final ArrayNode privileges = index.putArray("privileges").add("read");
        needed().forEach(privileges::add);
        final Request request = new Request("POST", "/_security/user/_has_privileges");
        request.setJsonEntity(asked.toString());
        final JsonNode answer;
        try {
            answer = server.read(request);
        } catch (final ResponseException e) {
            if (Set.of(400, 404, 405, 410).contains(ServerAnswers.status(e))) {
                return List.of(
                        Finding.skipped(
                                RIGHTS,
                                profile == IndexProfile.MALCOLM
                                        ? "this server tells nobody what they may do; where a right"
                                                + " is missing run holds the verdicts and says so"
                                        : "this Elasticsearch asks nobody who they are"));
            }
            throw e;
        }
        final List<Finding> findings = new ArrayList<>();
        for (final String name : names) {
            findings.addAll(onIndex(answer, name));
        }
        findings.addAll(rightsToInstall(answer, toInstall));
        return findings;
    }

    /**
     * What verdicts are written to, and alerts if there are any: data streams, or the indices of
     * all days.
     */
    private List<String> names() {
        final List<String> names = new ArrayList<>();
        names.add(settings.text("serveflow.index"));
        if (!settings.alerts().isEmpty()) {
            names.add(settings.text("serveflow.alerts.index"));
        }
        return profile == IndexProfile.MALCOLM
                ? names.stream().map(name -> name + "-*").toList()
                : List.copyOf(names);
    }

    /** The cluster privileges that installing takes on this server. */
    private List<String> installing() throws IOException {
        return profile == IndexProfile.ECS && hasLifecycles()
                ? List.of("manage_index_templates", "manage_ilm")
                : List.of("manage_index_templates");
    }

    /** A server without lifecycles knows no such path; one that refuses to say has them. */
    private boolean hasLifecycles() throws IOException {
        try {
            server.read(new Request("GET", TemplateChecks.LIFECYCLE));
            return true;
        } catch (final ResponseException e) {
            if (Set.of(403, 404).contains(ServerAnswers.status(e))) {
                return true;
            }
            if (Set.of(400, 405, 410).contains(ServerAnswers.status(e))) {
                return false;
            }
            throw e;
        }
    }

    private List<Finding> rightsToInstall(final JsonNode answer, final boolean toInstall) {
        final List<Finding> findings = new ArrayList<>();
        answer.path("cluster")
                .properties()
                .forEach(
                        right -> {
                            final String name = right.getKey();
                            if (name.startsWith("manage_") && !right.getValue().asBoolean()) {
                                final String said =
                                        "the user or key may not "
                                                + name
                                                + ", which installing the templates takes";
                                findings.add(
                                        toInstall
                                                ? Finding.failed(
                                                        RIGHTS,
                                                        said,
                                                        TemplateChecks.noInstalling(profile))
                                                : Finding.warning(
                                                        RIGHTS,
                                                        said
                                                                + "; those of this version are"
                                                                + " there, those of the next will"
                                                                + " not be",
                                                        TemplateChecks.noInstalling(profile)));
                            }
                        });
        return findings;
    }

    /** The privileges without which nothing is stored there. */
    private List<String> needed() {
        return List.of(
                "create_doc", profile == IndexProfile.MALCOLM ? "create_index" : "auto_configure");
    }

    private List<Finding> onIndex(final JsonNode answer, final String stream) {
        final List<Finding> findings = new ArrayList<>();
        final JsonNode index = answer.path("index").path(stream);
        for (final String needed : needed()) {
            if (!index.path(needed).asBoolean()) {
                findings.add(
                        Finding.failed(
                                RIGHTS,
                                "the user or key may not " + needed + " on " + stream,
                                "give it that privilege; until then verdicts are held"));
            }
        }
        if (!index.path("read").asBoolean()) {
            findings.add(
                    Finding.warning(
                            RIGHTS,
                            "the user or key may not read " + stream,
                            "with read, what is sent again after a rollover is not stored twice"));
        }
        if (findings.isEmpty()) {
            findings.add(
                    Finding.ok(RIGHTS, "the user or key may do all that is needed on " + stream));
        }
        return findings;
    }
}
