/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.ElasticConnection.Credentials;
import io.serveflow.camel.elastic.IndexProfile;
import io.serveflow.camel.elastic.TemplateInstaller;
import io.serveflow.camel.support.WrongOptionException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the application asks of Elasticsearch beside indexing: templates before, counts after. */
public final class ElasticsearchSetup {

    private static final Logger LOG = LoggerFactory.getLogger(ElasticsearchSetup.class);
    private static final ObjectMapper JSON = new JsonMapper();
    private static final long PAUSE_MILLIS = 2000;
    private static final int UNAUTHORIZED = 401;

    /** What the names of data streams begin with that the shipped template is for. */
    private static final List<String> OWN_NAMES =
            List.of("logs-serveflow-", "logs-serveflow.alerts-");

    private final ElasticConnection connection;
    private final String dataStream;
    private final IndexProfile profile;

    ElasticsearchSetup(final ElasticConnection connection, final String dataStream) {
        this(connection, dataStream, IndexProfile.ECS);
    }

    ElasticsearchSetup(
            final ElasticConnection connection,
            final String dataStream,
            final IndexProfile profile) {
        this.connection = connection;
        this.dataStream = dataStream;
        this.profile = profile;
    }

    /**
     * Installs the templates, waiting for the server as long as it takes: without them, the first
     * document would make an index with guessed types.
     *
     * @param pause waits between two tries; returns whether to give up
     * @throws IOException if the server is there and refuses
     */
    void installTemplates(final Pause pause) throws IOException, InterruptedException {
        try (RestClient client = connection.open()) {
            boolean warned = false;
            while (true) {
                try {
                    final List<TemplateInstaller.Change> changes =
                            new TemplateInstaller(client, profile).install(false);
                    changes.forEach(change -> LOG.info("Elasticsearch: {}", change));
                    return;
                } catch (final IOException e) {
                    final Optional<ResponseException> answer = answer(e);
                    if (answer.filter(ElasticsearchSetup::isUnauthorized).isPresent()) {
                        throw wrongPassword(answer.get());
                    }
                    if (answer.isPresent() && !isNotYetReady(answer.get())) {
                        throw e;
                    }
                    if (!warned) {
                        warnUnreached(answer.isPresent() ? answer.get() : e);
                        warned = true;
                    }
                }
                if (pause.await(PAUSE_MILLIS)) {
                    return;
                }
            }
        }
    }

    private void warnUnreached(final IOException e) {
        LOG.warn(
                "Elasticsearch at {} {}; trying again every {} s, nothing is read until then",
                connection.urls(),
                ElasticConnection.explain(e),
                PAUSE_MILLIS / 1000);
    }

    /**
     * Waits until the server answers, whatever it says but that it is not ready.
     *
     * @param pause waits between two tries; returns whether to give up
     * @return whether it has answered
     * @throws IOException if the server does not know the user, the password or the key
     */
    boolean awaitAnswer(final Pause pause) throws IOException, InterruptedException {
        try (RestClient client = connection.open()) {
            for (boolean warned = false; ; warned = true) {
                try {
                    client.performRequest(new Request("GET", "/_cluster/health"));
                    return true;
                } catch (final ResponseException e) {
                    if (isUnauthorized(e)) {
                        throw wrongPassword(e);
                    }
                    if (!isNotYetReady(e)) {
                        return true;
                    }
                    if (!warned) {
                        warnUnreached(e);
                    }
                } catch (final IOException e) {
                    if (!warned) {
                        warnUnreached(e);
                    }
                }
                if (pause.await(PAUSE_MILLIS)) {
                    return false;
                }
            }
        }
    }

    /**
     * Makes sure that documents can go where they are to: the templates that are installed here
     * make data streams of names that begin with one of {@link #OWN_NAMES}, those of others may
     * make more.
     *
     * @param setting that names the data stream
     * @throws WrongOptionException if no template makes a data stream of the name
     */
    void requireTemplate(final String setting) throws IOException {
        if (profile == IndexProfile.MALCOLM
                || OWN_NAMES.stream().anyMatch(dataStream::startsWith)) {
            return;
        }
        try (RestClient client = connection.open()) {
            if (exists(client, "/" + dataStream)) {
                return;
            }
            long highest = -1;
            boolean makesStream = false;
            for (final JsonNode one : get(client, "/_index_template").path("index_templates")) {
                final JsonNode template = one.path("index_template");
                final long priority = template.path("priority").asLong(0);
                if (priority > highest && covers(template.path("index_patterns"))) {
                    highest = priority;
                    makesStream = template.has("data_stream");
                }
            }
            if (!makesStream) {
                throw new WrongOptionException(
                        "setting "
                                + setting
                                + " is '"
                                + dataStream
                                + "', a name of which no index template of Elasticsearch makes a"
                                + " data stream; take a name that begins with "
                                + String.join(" or ", OWN_NAMES)
                                + ", such as logs-serveflow-so, or make a template with data_stream"
                                + " for it");
            }
        }
    }

    private static boolean exists(final RestClient client, final String path) throws IOException {
        return client.performRequest(new Request("HEAD", path)).getStatusLine().getStatusCode()
                < 300;
    }

    private boolean covers(final JsonNode patterns) {
        for (final JsonNode pattern : patterns) {
            final String expression =
                    Arrays.stream(pattern.asText().split("\\*", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".*"));
            if (dataStream.matches(expression)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Asks who we are, where nothing else is asked at the start: with a wrong password everything
     * would start, and nothing be stored. A server that cannot be reached yet is no error: where
     * all machines start together, the network and its name servers may come after this.
     *
     * @throws IOException if the server does not know the user, the password or the key
     * @throws WrongOptionException if it is no server that is trusted
     */
    void requireRightPassword() throws IOException {
        try (RestClient client = connection.open()) {
            askWhoWeAre(client);
        }
    }

    private void askWhoWeAre(final RestClient client) throws IOException {
        try {
            client.performRequest(new Request("GET", "/_security/_authenticate"));
        } catch (final ResponseException e) {
            if (isUnauthorized(e)) {
                throw wrongPassword(e);
            }
            LOG.debug("Elasticsearch does not say who we are", e);
        } catch (final IOException e) {
            if (ElasticConnection.isMistrust(e)) {
                throw new WrongOptionException(
                        "setting serveflow.elasticsearch.urls: Elasticsearch at "
                                + connection.urls()
                                + " "
                                + ElasticConnection.explain(e),
                        e);
            }
            LOG.warn(
                    "Elasticsearch at {} {}; the routes start all the same, and verdicts wait until"
                            + " it answers",
                    connection.urls(),
                    ElasticConnection.explain(e));
        }
    }

    /** What the server answered, if it did. */
    private static Optional<ResponseException> answer(final IOException e) {
        return e instanceof ResponseException answer
                ? Optional.of(answer)
                : e.getCause() instanceof ResponseException answer
                        ? Optional.of(answer)
                        : Optional.empty();
    }

    private static boolean isUnauthorized(final ResponseException answer) {
        return answer.getResponse().getStatusLine().getStatusCode() == UNAUTHORIZED;
    }

    /**
     * Whether a server, or a proxy before it, says that it will answer later, as Elasticsearch does
     * until a master is elected.
     */
    private static boolean isNotYetReady(final ResponseException answer) {
        return switch (answer.getResponse().getStatusLine().getStatusCode()) {
            case 408, 429, 502, 503, 504 -> true;
            default -> false;
        };
    }

    private IOException wrongPassword(final ResponseException answer) {
        final String cure =
                connection.credentials() instanceof Credentials.Anonymous
                        ? "it asks who we are; set camel.component.serveflow-index.username and"
                                + " password, or apiKey"
                        : connection.credentials() instanceof Credentials.User user
                                ? "the password of user '"
                                        + user.name()
                                        + "' is wrong, or there is no such user; check"
                                        + " camel.component.serveflow-index.username and password"
                                : "the API key is wrong, or has expired; check"
                                        + " camel.component.serveflow-index.apiKey";
        return new IOException(
                "Elasticsearch at " + connection.urls() + " answered 401: " + cure, answer);
    }

    /** How many documents the data stream has, as the server counts them now. */
    public long documents() throws IOException {
        final String all = profile == IndexProfile.MALCOLM ? dataStream + "-*" : dataStream;
        try (RestClient client = connection.open()) {
            client.performRequest(new Request("POST", "/" + all + "/_refresh"));
            return get(client, "/" + all + "/_count").path("count").asLong();
        }
    }

    /** The version of the server. */
    public String serverVersion() throws IOException {
        try (RestClient client = connection.open()) {
            return get(client, "/_nodes/_local/none")
                    .path("nodes")
                    .elements()
                    .next()
                    .path("version")
                    .asText();
        }
    }

    private static JsonNode get(final RestClient client, final String path) throws IOException {
        return JSON.readTree(
                EntityUtils.toByteArray(
                        client.performRequest(new Request("GET", path)).getEntity()));
    }

    /** A wait that may be cut short. */
    interface Pause {

        /** Waits so many milliseconds; returns whether to give up. */
        boolean await(long millis) throws InterruptedException;
    }
}
