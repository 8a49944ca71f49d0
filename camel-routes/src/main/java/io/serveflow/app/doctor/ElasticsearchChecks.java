/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.settings.Settings;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.ElasticConnection.Credentials;
import io.serveflow.camel.elastic.IndexProfile;
import io.serveflow.camel.elastic.TemplateInstaller;
import io.serveflow.camel.elastic.TemplateInstaller.Change;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/**
 * Looks at Elasticsearch as the instance will: whether it can be reached and believed, what the
 * user or key may do there, whether the templates are those of this version, and what time it has.
 */
final class ElasticsearchChecks {

    private static final String REACHED = "elasticsearch";
    private static final String RIGHTS = "rights";
    private static final String TEMPLATES = "templates";
    private static final String CLOCK = "clock";
    private static final String SETTING = "camel.component.serveflow-index.";
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new JsonMapper();

    private final Settings settings;
    private final Clock clock;

    ElasticsearchChecks(final Settings settings, final Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    List<Finding> examine() {
        final List<Finding> findings = new ArrayList<>();
        try {
            final ElasticConnection connection = IndexConnection.of(settings);
            try (RestClient client = connection.open()) {
                findings.add(reached(connection, client));
                findings.addAll(rights(client));
                findings.add(templates(client));
                findings.add(time(client));
            }
        } catch (final ResponseException e) {
            findings.add(refused(e));
        } catch (final NotElasticsearchException | JsonProcessingException e) {
            findings.add(
                    Finding.failed(
                            REACHED,
                            settings.text("serveflow.elasticsearch.urls")
                                    + " answers, and not as Elasticsearch does",
                            "check serveflow.elasticsearch.urls: a proxy or something else is"
                                    + " there"));
        } catch (final IOException e) {
            findings.add(
                    Finding.failed(
                            REACHED,
                            settings.text("serveflow.elasticsearch.urls")
                                    + " "
                                    + ElasticConnection.explain(e),
                            "until then, run waits and reads nothing"));
        } catch (final IllegalArgumentException e) {
            findings.add(
                    Finding.failed(
                            REACHED, e.getMessage(), "correct the settings " + SETTING + "*"));
        }
        return findings;
    }

    private Finding reached(final ElasticConnection connection, final RestClient client)
            throws IOException {
        final String version = node(client, "/_nodes/_local/none").path("version").asText();
        final String said =
                settings.text("serveflow.elasticsearch.urls") + " is Elasticsearch " + version;
        final boolean open =
                connection.credentials() instanceof Credentials.Anonymous
                        && connection.urls().stream()
                                .anyMatch(url -> !"https".equalsIgnoreCase(url.getScheme()));
        return open
                ? Finding.ok(REACHED, said + ", without a password or TLS")
                : Finding.ok(REACHED, said);
    }

    private Finding refused(final ResponseException e) {
        final int status = e.getResponse().getStatusLine().getStatusCode();
        final String said = settings.text("serveflow.elasticsearch.urls") + " answered " + status;
        return switch (status) {
            case 401 ->
                    Finding.failed(
                            REACHED,
                            said + ": it does not know the user, the password or the key",
                            "check " + SETTING + "username and password, or apiKey");
            case 403 ->
                    Finding.failed(
                            RIGHTS,
                            said + ": the user or key may not ask for the cluster's state",
                            "give it the cluster privilege monitor");
            default ->
                    Finding.failed(
                            REACHED,
                            said + " to " + e.getResponse().getRequestLine().getUri(),
                            "look into its log; a proxy may have answered in its name");
        };
    }

    /** A server without security says that it has no such path. */
    private List<Finding> rights(final RestClient client) throws IOException {
        final String stream = settings.text("serveflow.index");
        final ObjectNode asked = JSON.createObjectNode();
        final boolean installs = settings.yes("serveflow.elasticsearch.templates");
        asked.putArray("cluster").add("monitor");
        if (installs) {
            asked.withArray("cluster").add("manage_index_templates");
        }
        final ObjectNode index = asked.putArray("index").addObject();
        index.putArray("names").add(stream);
        index.putArray("privileges").add("create_doc").add("auto_configure").add("read");
        final Request request = new Request("POST", "/_security/user/_has_privileges");
        request.setJsonEntity(asked.toString());
        final JsonNode answer;
        try {
            answer = read(client, request);
        } catch (final ResponseException e) {
            if (Set.of(400, 404, 405, 410).contains(status(e))) {
                return List.of(
                        Finding.skipped(RIGHTS, "this Elasticsearch asks nobody who they are"));
            }
            throw e;
        }
        return rights(answer, stream);
    }

    private static List<Finding> rights(final JsonNode answer, final String stream) {
        final List<Finding> findings = new ArrayList<>();
        final JsonNode index = answer.path("index").path(stream);
        for (final String needed : List.of("create_doc", "auto_configure")) {
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
        if (answer.path("cluster").has("manage_index_templates")
                && !answer.path("cluster").path("manage_index_templates").asBoolean()) {
            findings.add(
                    Finding.failed(
                            RIGHTS,
                            "the user or key may not manage index templates, which run installs",
                            "have somebody who may put them there, and set"
                                    + " serveflow.elasticsearch.templates=false"));
        }
        if (findings.isEmpty()) {
            findings.add(
                    Finding.ok(RIGHTS, "the user or key may do all that is needed on " + stream));
        }
        return findings;
    }

    private Finding templates(final RestClient client) {
        try {
            final List<String> differing =
                    new TemplateInstaller(client, profile())
                            .install(true).stream()
                                    .filter(ElasticsearchChecks::differs)
                                    .map(Change::resource)
                                    .toList();
            if (differing.isEmpty()) {
                return Finding.ok(TEMPLATES, "they are those of this version");
            }
            final String said = "missing, or of another version: " + String.join(", ", differing);
            return settings.yes("serveflow.elasticsearch.templates")
                    ? Finding.warning(TEMPLATES, said, "the next start of run installs them")
                    : Finding.failed(
                            TEMPLATES,
                            said,
                            "put them there with ./serveflow install elastic, or by hand as"
                                    + " elastic-templates/README.md says, or set"
                                    + " serveflow.elasticsearch.templates=true");
        } catch (final IOException e) {
            return Finding.skipped(TEMPLATES, "they cannot be looked at: " + e.getMessage());
        }
    }

    private IndexProfile profile() {
        return IndexProfile.named(settings.text("serveflow.index.profile")).orElseThrow();
    }

    private static boolean differs(final Change change) {
        return change.outcome() == Change.Outcome.CREATED
                || change.outcome() == Change.Outcome.UPDATED;
    }

    private Finding time(final RestClient client) throws IOException {
        final Instant before = clock.instant();
        final JsonNode node = node(client, "/_nodes/_local/stats/os");
        final Instant after = clock.instant();
        final Instant there = Instant.ofEpochMilli(node.path("timestamp").asLong());
        final Duration skew =
                there.isBefore(before)
                        ? Duration.between(there, before)
                        : there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
        return skew.compareTo(SKEW) > 0
                ? Finding.warning(
                        CLOCK,
                        "the clock of Elasticsearch and that of this machine are "
                                + skew.toSeconds()
                                + " s apart",
                        "set both by NTP, or views of the last minutes miss verdicts")
                : Finding.ok(
                        CLOCK, "as that of Elasticsearch, to within " + SKEW.toSeconds() + " s");
    }

    /** What the node that answers says of itself. */
    private static JsonNode node(final RestClient client, final String path) throws IOException {
        final JsonNode nodes = read(client, new Request("GET", path)).path("nodes");
        if (nodes.isEmpty()) {
            throw new NotElasticsearchException();
        }
        return nodes.elements().next();
    }

    private static JsonNode read(final RestClient client, final Request request)
            throws IOException {
        return JSON.readTree(EntityUtils.toByteArray(client.performRequest(request).getEntity()));
    }

    /** What answers has no nodes. */
    private static final class NotElasticsearchException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static int status(final ResponseException e) {
        return e.getResponse().getStatusLine().getStatusCode();
    }
}
