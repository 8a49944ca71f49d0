/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.install.InstallException;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.ElasticConnection.Credentials;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.http.HttpEntity;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/**
 * An Elasticsearch that is asked one thing at a time; whatever it or the way to it refuses is said
 * in one sentence with the option that cures it.
 */
public final class ElasticServer implements Closeable {

    private static final ObjectMapper JSON = new JsonMapper();
    private static final int MOST_TRIES = 20;

    /** The type of the error where an index has just been made, or its node is away. */
    private static final String WITHOUT_SHARDS = "unavailable_shards_exception";

    private static final long PAUSE_MILLIS = 500;

    private final ElasticConnection connection;
    private final RestClient client;

    /**
     * @throws IOException if a certificate that the connection names cannot be read
     */
    public ElasticServer(final ElasticConnection connection) throws IOException {
        this.connection = Objects.requireNonNull(connection, "connection");
        this.client = connection.open();
    }

    /** Where it is, for a sentence. */
    String address() {
        return "Elasticsearch at "
                + connection.urls().stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    /** Who asks, for a sentence. */
    String asker() {
        if (connection.credentials() instanceof Credentials.User user) {
            return "user '" + user.name() + "'";
        }
        return connection.credentials() instanceof Credentials.ApiKey
                ? "this API key"
                : "somebody without a name";
    }

    /** Whether an API key asks. */
    boolean isAskedByKey() {
        return connection.credentials() instanceof Credentials.ApiKey;
    }

    /**
     * What is at a path; empty if nothing is.
     *
     * @throws InstallException if the server says so, or cannot be reached
     */
    Optional<JsonNode> get(final String path) throws IOException {
        final Request request = new Request("GET", path);
        try {
            return Optional.of(perform(request));
        } catch (final ResponseException e) {
            if (status(e) == 404) {
                return Optional.empty();
            }
            throw refused(request, e);
        }
    }

    /**
     * What is at a path of an API that not every server has; empty where it has not.
     *
     * @throws InstallException as {@link #get}
     */
    Optional<JsonNode> getIfKnown(final String path) throws IOException {
        return callIfKnown("GET", path, Optional.empty());
    }

    /**
     * What a call answers of an API that not every server has; empty where it has not, which it
     * says with 400, 404, 405 or 410.
     *
     * @throws InstallException as {@link #get}
     */
    Optional<JsonNode> callIfKnown(
            final String method, final String path, final Optional<JsonNode> body)
            throws IOException {
        final Request request = request(method, path, body);
        try {
            return Optional.of(perform(request));
        } catch (final ResponseException e) {
            return switch (status(e)) {
                case 400, 405, 410 -> Optional.empty();
                // There is nothing of that name, which a server says that knows the API.
                case 404 -> Optional.of(JSON.createObjectNode());
                default -> throw refused(request, e);
            };
        }
    }

    /**
     * Makes a call.
     *
     * @throws InstallException if it is refused
     */
    JsonNode call(final String method, final String path, final Optional<JsonNode> body)
            throws IOException {
        final Request request = request(method, path, body);
        try {
            return perform(request);
        } catch (final ResponseException e) {
            throw refused(request, e);
        }
    }

    private static Request request(
            final String method, final String path, final Optional<JsonNode> body) {
        final Request request = new Request(method, path);
        body.map(JsonNode::toString).ifPresent(request::setJsonEntity);
        return request;
    }

    /**
     * Asks again for a while where the server says that it is not ready, as it does for some
     * moments after its start, and when it has just made its index of roles and keys. What must not
     * be done twice is asked for again only where that index was the reason: then nothing was done.
     */
    private HttpEntity answer(final Request request) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return client.performRequest(request).getEntity();
            } catch (final ResponseException e) {
                if (!isNotReady(request, e) || tries == MOST_TRIES) {
                    throw e;
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InstallException("interrupted while " + address() + " was not ready", e);
            }
        }
    }

    private static boolean isNotReady(final Request request, final ResponseException e) {
        return status(e) == 503
                && (!request.getMethod().equals("POST")
                        || ElasticConnection.said(e).startsWith(WITHOUT_SHARDS));
    }

    private JsonNode perform(final Request request) throws IOException {
        final HttpEntity answer;
        try {
            answer = answer(request);
        } catch (final ResponseException | InstallException e) {
            throw e;
        } catch (final IOException e) {
            throw new InstallException(address() + " " + ElasticConnection.explain(e), e);
        }
        try {
            return JSON.readTree(EntityUtils.toByteArray(answer));
        } catch (final IOException | IllegalArgumentException e) {
            throw strange(e);
        }
    }

    /** Something else is there. */
    InstallException strange(final Exception cause) {
        return new InstallException(
                address()
                        + " answers, and not as Elasticsearch does; check --url, a proxy or"
                        + " something else is there",
                cause);
    }

    private InstallException refused(final Request request, final ResponseException e) {
        final String said = ElasticConnection.said(e);
        final String call = request.getMethod() + " " + request.getEndpoint();
        return new InstallException(
                switch (status(e)) {
                    case 401 -> address() + " answered 401: " + unknown();
                    case 403 ->
                            address()
                                    + " does not let "
                                    + asker()
                                    + " do "
                                    + call
                                    + "; name a user with --username who may, such as elastic or"
                                    + " so_elastic ("
                                    + said
                                    + ")";
                    case 408, 429, 502, 503, 504 ->
                            address()
                                    + " is busy or not ready; try again ("
                                    + status(e)
                                    + ", "
                                    + said
                                    + ")";
                    default -> address() + " answered " + status(e) + " to " + call + ": " + said;
                },
                e);
    }

    private String unknown() {
        if (connection.credentials() instanceof Credentials.User user) {
            return "the password of user '"
                    + user.name()
                    + "' is wrong, or there is no such user; check --username and --password-file";
        }
        return connection.credentials() instanceof Credentials.ApiKey
                ? "the API key is wrong, revoked or has expired; check --api-key-file"
                : "it asks who we are; give --username with --password-file, or --api-key-file";
    }

    private static int status(final ResponseException e) {
        return e.getResponse().getStatusLine().getStatusCode();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
