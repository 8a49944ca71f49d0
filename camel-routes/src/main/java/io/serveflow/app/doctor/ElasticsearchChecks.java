/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.serveflow.app.settings.Settings;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.ElasticConnection.Credentials;
import io.serveflow.camel.elastic.IndexProfile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/**
 * Looks at Elasticsearch or OpenSearch as the instance will: whether it can be reached and
 * believed, what the user or key may do there, whether the templates are those of this version, and
 * what time it has.
 */
final class ElasticsearchChecks {

    private static final String REACHED = "elasticsearch";
    private static final String RIGHTS = "rights";
    private static final String CLOCK = "clock";
    private static final String ELASTIC = "Elasticsearch";
    private static final String OPENSEARCH = "OpenSearch";
    private static final String SETTING = "camel.component.serveflow-index.";

    /** The cure of what is no fault. */
    static final String NOT_YET = "ask again in half a minute";

    private static final List<String> CREDENTIALS = List.of("apiKey", "username", "password");
    private static final Duration SKEW = Duration.ofSeconds(5);

    private final Settings settings;
    private final Clock clock;

    ElasticsearchChecks(final Settings settings, final Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    List<Finding> examine() {
        final List<Finding> findings = new ArrayList<>();
        Credentials credentials = new Credentials.Anonymous();
        try {
            final ElasticConnection connection = IndexConnection.of(settings);
            credentials = connection.credentials();
            try (RestClient client = connection.open()) {
                final ServerAnswers server = new ServerAnswers(client);
                final JsonNode node = node(server, "/_nodes/_local/none");
                final String product = product(server, node);
                findings.add(
                        reached(
                                connection,
                                product,
                                product + " " + node.path("version").asText()));
                if (isRightProduct(product)) {
                    final TemplateChecks.Seen templates =
                            new TemplateChecks(settings, profile(), client)
                                    .examine(product.equals(ELASTIC));
                    findings.addAll(
                            new RightsChecks(settings, profile(), server)
                                    .examine(templates.toInstall()));
                    findings.add(templates.finding());
                    findings.addAll(new IndexChecks(settings, clock, server).examine());
                }
                findings.add(time(server, product));
            }
        } catch (final ResponseException e) {
            findings.add(refused(e, credentials));
        } catch (final NotElasticsearchException | JsonProcessingException e) {
            findings.add(
                    Finding.failed(
                            REACHED,
                            settings.text("serveflow.elasticsearch.urls")
                                    + " answers, and not as "
                                    + expected()
                                    + " does",
                            "check serveflow.elasticsearch.urls: a proxy or something else is"
                                    + " there"));
        } catch (final IOException e) {
            findings.add(
                    Finding.failed(
                            REACHED,
                            settings.text("serveflow.elasticsearch.urls")
                                    + " "
                                    + ElasticConnection.explain(e),
                            meanwhile(e)));
        } catch (final IllegalArgumentException e) {
            findings.add(
                    Finding.failed(
                            REACHED, e.getMessage(), "correct the settings " + SETTING + "*"));
        }
        return findings;
    }

    /** What run does as long as there is no answer. */
    private String meanwhile(final IOException e) {
        if (settings.yes("serveflow.elasticsearch.templates")) {
            return "until then, run waits and reads nothing";
        }
        return ElasticConnection.isMistrust(e)
                ? "until then, run ends at its start"
                : "until then, run reads, and holds the verdicts as long as it has room for them";
    }

    /** One that does not say what it is may be any, also one behind a proxy. */
    private boolean isRightProduct(final String product) {
        return profile() != IndexProfile.ECS || !product.equals(OPENSEARCH);
    }

    private Finding reached(
            final ElasticConnection connection, final String product, final String server) {
        final String said = settings.text("serveflow.elasticsearch.urls") + " is " + server;
        if (!isRightProduct(product)) {
            return Finding.failed(
                    REACHED,
                    said + ", which takes no documents of serveflow.index.profile=ecs",
                    "set serveflow.profile=malcolm, or at least serveflow.index.profile=malcolm and"
                            + " names that begin with "
                            + IndexProfile.MALCOLM_NAMES
                            + "; or name an Elasticsearch in serveflow.elasticsearch.urls");
        }
        if (profile() == IndexProfile.ECS && !product.equals(ELASTIC)) {
            return Finding.warning(
                    REACHED,
                    said,
                    "serveflow.index.profile=ecs is tested with Elasticsearch alone; see whether"
                            + " serveflow.elasticsearch.urls names the right server");
        }
        final boolean open =
                connection.credentials() instanceof Credentials.Anonymous
                        && connection.urls().stream()
                                .anyMatch(url -> !"https".equalsIgnoreCase(url.getScheme()));
        return open
                ? Finding.ok(REACHED, said + ", without a password or TLS")
                : Finding.ok(REACHED, said);
    }

    /** Elasticsearch has a flavour, which a node says; of others the server says what it is. */
    private static String product(final ServerAnswers server, final JsonNode node)
            throws IOException {
        if (node.has("build_flavor")) {
            return ELASTIC;
        }
        final String distribution =
                server.read(new Request("GET", "/")).at("/version/distribution").asText();
        if (distribution.equalsIgnoreCase(OPENSEARCH)) {
            return OPENSEARCH;
        }
        return distribution.isEmpty() ? "a server that does not say what it is," : distribution;
    }

    private String expected() {
        return switch (profile()) {
            case ECS -> ELASTIC;
            case MALCOLM -> OPENSEARCH;
        };
    }

    private Finding refused(final ResponseException e, final Credentials credentials) {
        final int status = ServerAnswers.status(e);
        final String said = settings.text("serveflow.elasticsearch.urls") + " answered " + status;
        return switch (status) {
            case 401 -> unknownUser(said, credentials);
            case 403 ->
                    Finding.failed(
                            RIGHTS,
                            said + ": the user or key may not ask for the cluster's state",
                            switch (profile()) {
                                case ECS -> "give it the cluster privilege monitor";
                                case MALCOLM -> "give it the cluster permission cluster_monitor";
                            });
            case 408, 429, 502, 503, 504 ->
                    Finding.failed(
                            REACHED,
                            said + ": it is not ready yet, or has too much to do",
                            NOT_YET + "; if that lasts, look into its log");
            default ->
                    Finding.failed(
                            REACHED,
                            said + " to " + e.getResponse().getRequestLine().getUri(),
                            "look into its log; a proxy may have answered in its name");
        };
    }

    /** Who we say that we are decides what is wrong with it. */
    private Finding unknownUser(final String said, final Credentials credentials) {
        if (credentials instanceof Credentials.User user) {
            return Finding.failed(
                    REACHED,
                    said
                            + ": the password of user '"
                            + user.name()
                            + "' is wrong, or there is no such user",
                    "check " + SETTING + "username and password");
        }
        if (credentials instanceof Credentials.ApiKey) {
            return Finding.failed(
                    REACHED,
                    said + ": the API key is wrong, was revoked or has expired",
                    "let "
                            + SETTING
                            + "apiKey be its encoded form, which ./serveflow install elastic writes"
                            + " into --key-file; its id alone, or its key alone, is none");
        }
        return emptyCredential()
                .map(
                        empty ->
                                Finding.failed(
                                        REACHED,
                                        said + ": it asks who we are, and " + empty + " is empty",
                                        "with {{env:SERVEFLOW_KEY}}: has the variable a value?"
                                                + " systemctl show -p EnvironmentFiles serveflow"))
                .orElseGet(
                        () ->
                                Finding.failed(
                                        REACHED,
                                        said
                                                + ": it asks who we are, and no user and no key are"
                                                + " set",
                                        "set " + SETTING + "username and password, or apiKey"));
    }

    /** A credential that is set to nothing, as a variable without a value does. */
    private Optional<String> emptyCredential() {
        return settings.forCamel().stringPropertyNames().stream()
                .filter(
                        name ->
                                CREDENTIALS.stream()
                                        .anyMatch(one -> name.equalsIgnoreCase(SETTING + one)))
                .filter(settings::has)
                .filter(name -> settings.text(name).isBlank())
                .findFirst();
    }

    private IndexProfile profile() {
        return IndexProfile.named(settings.text("serveflow.index.profile")).orElseThrow();
    }

    private Finding time(final ServerAnswers server, final String product) throws IOException {
        final Instant before = clock.instant();
        final JsonNode node = node(server, "/_nodes/_local/stats/os");
        final Instant after = clock.instant();
        final Instant there = Instant.ofEpochMilli(node.path("timestamp").asLong());
        final Duration skew =
                there.isBefore(before)
                        ? Duration.between(there, before)
                        : there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
        return skew.compareTo(SKEW) > 0
                ? Finding.warning(
                        CLOCK,
                        "the clock of "
                                + product
                                + " and that of this machine are "
                                + skew.toSeconds()
                                + " s apart",
                        "set both by NTP, or views of the last minutes miss verdicts")
                : Finding.ok(
                        CLOCK, "as that of " + product + ", to within " + SKEW.toSeconds() + " s");
    }

    /** What the node that answers says of itself. */
    private static JsonNode node(final ServerAnswers server, final String path) throws IOException {
        final JsonNode nodes = server.read(new Request("GET", path)).path("nodes");
        if (nodes.isEmpty()) {
            throw new NotElasticsearchException();
        }
        return nodes.elements().next();
    }

    /** What answers has no nodes. */
    private static final class NotElasticsearchException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
