/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.install.InstallException;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.ElasticConnection.Credentials;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.http.HttpEntity;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/**
 * A server that is asked one thing at a time; whatever it or the way to it refuses is said in one
 * sentence with the option that cures it.
 *
 * <p>A request goes to another node, or is repeated, only if nothing is done twice thereby.
 */
public final class RestServer implements Closeable {

    private static final ObjectMapper JSON = new JsonMapper();

    /** The type of the error where an index has just been made, or its node is away. */
    private static final String WITHOUT_SHARDS = "unavailable_shards_exception";

    /** What Elasticsearch says where something cannot go because of something else. */
    private static final List<String> IN_USE =
            List.of("in use", "cannot be deleted because it is the ");

    private static final int LONGEST_SAID = 500;

    private final Product product;
    private final ElasticConnection connection;
    private final Patience patience;
    private final List<RestClient> nodes = new ArrayList<>();
    private int asked;

    /**
     * @throws IOException if a certificate that the connection names cannot be read
     */
    public RestServer(
            final Product product, final ElasticConnection connection, final Patience patience)
            throws IOException {
        this.product = Objects.requireNonNull(product, "product");
        this.connection = Objects.requireNonNull(connection, "connection");
        this.patience = Objects.requireNonNull(patience, "patience");
        for (final ElasticConnection node : connection.nodes()) {
            nodes.add(node.open());
        }
    }

    /** Where it is, for a sentence. */
    public String address() {
        return product.name()
                + " at "
                + connection.urls().stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    /** Who asks, for a sentence. */
    public String asker() {
        if (connection.credentials() instanceof Credentials.User user) {
            return "user '" + user.name() + "'";
        }
        return connection.credentials() instanceof Credentials.ApiKey
                ? "this API key"
                : "somebody without a name";
    }

    /** Whether an API key asks. */
    public boolean isAskedByKey() {
        return connection.credentials() instanceof Credentials.ApiKey;
    }

    /** Who may do everything there, for a sentence. */
    public String privileged() {
        return product.privileged();
    }

    /**
     * What is at a path; empty if nothing is.
     *
     * @throws InstallException if the server says so, or cannot be reached
     */
    public Optional<JsonNode> get(final String path) throws IOException {
        final Request request = request("GET", path, Optional.empty());
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
     * What is at a path of an API that not every server has; empty where it has not, which it says
     * with 400, 405 or 410.
     *
     * @throws InstallException as {@link #get}
     */
    public Optional<JsonNode> getIfKnown(final String path) throws IOException {
        final Request request = request("GET", path, Optional.empty());
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
    public JsonNode call(final String method, final String path, final Optional<JsonNode> body)
            throws IOException {
        return call(request(method, path, body));
    }

    /**
     * Posts something that is no JSON.
     *
     * @throws InstallException if it is refused
     */
    public JsonNode post(final String path, final HttpEntity content) throws IOException {
        final Request request = request("POST", path, Optional.empty());
        request.setEntity(content);
        return call(request);
    }

    private JsonNode call(final Request request) throws IOException {
        try {
            return perform(request);
        } catch (final ResponseException e) {
            throw refused(request, e);
        }
    }

    /**
     * Takes something away. What is not there is gone already, as it is where the answer to an
     * earlier try was lost.
     *
     * @return what the server says of it; empty if it was not there
     * @throws InstallException if it is refused
     */
    public Optional<JsonNode> delete(final String path, final Optional<JsonNode> body)
            throws IOException {
        final Request request = request("DELETE", path, body);
        try {
            return Optional.of(perform(request));
        } catch (final ResponseException e) {
            if (status(e) == 404) {
                return Optional.empty();
            }
            throw refused(request, e);
        }
    }

    /** What the server answered, of what a call threw; 0 if there was no answer. */
    public static int status(final InstallException thrown) {
        return thrown.getCause() instanceof ResponseException answer ? status(answer) : 0;
    }

    /** Whether a request may have been done all the same, of what a call threw. */
    public static boolean mayBeDone(final InstallException thrown) {
        final int status = status(thrown);
        return status == 0 ? !isUnreached(thrown) : status >= 500;
    }

    /** What needs the thing that was to go, of what a call threw; empty if that is not why. */
    static Optional<String> use(final InstallException thrown) {
        return thrown.getCause() instanceof ResponseException answer && status(answer) == 400
                ? Optional.of(said(answer)).filter(said -> IN_USE.stream().anyMatch(said::contains))
                : Optional.empty();
    }

    private Request request(final String method, final String path, final Optional<JsonNode> body) {
        final Request request = new Request(method, path);
        final RequestOptions.Builder options = RequestOptions.DEFAULT.toBuilder();
        product.headers().forEach(options::addHeader);
        request.setOptions(options);
        body.map(JsonNode::toString).ifPresent(request::setJsonEntity);
        return request;
    }

    /**
     * Asks again for a while where the server says that it is not ready, as it does for some
     * moments after its start, and when it has just made its index of roles and keys.
     */
    private HttpEntity answer(final Request request) throws IOException {
        final long began = patience.nanoClock().getAsLong();
        for (boolean said = false; ; said = true) {
            try {
                return answerOfANode(request);
            } catch (final ResponseException e) {
                if (status(e) != 503
                        || !mayRepeat(request, e)
                        || patience.nanoClock().getAsLong() - began
                                >= patience.longest().toNanos()) {
                    throw e;
                }
                if (!said) {
                    patience.notices()
                            .accept(
                                    address()
                                            + " is not ready ("
                                            + said(e)
                                            + "); it is asked again for up to "
                                            + patience.longest().toSeconds()
                                            + " s");
                }
            }
            try {
                patience.pause().of(patience.between());
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InstallException("interrupted while " + address() + " was not ready", e);
            }
        }
    }

    /** Asks the node that answered last, and where that does not, each other one once. */
    private HttpEntity answerOfANode(final Request request) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return nodes.get(asked).performRequest(request).getEntity();
            } catch (final IOException e) {
                if (!isOfThisNode(e) || !mayRepeat(request, e) || tries == nodes.size()) {
                    throw e;
                }
                asked = (asked + 1) % nodes.size();
            }
        }
    }

    /** Whether another node may say something else. */
    private static boolean isOfThisNode(final IOException e) {
        return !(e instanceof ResponseException answer)
                || status(answer) == 502
                || status(answer) == 503
                || status(answer) == 504;
    }

    /** Whether nothing is done twice if a request that ended so is made again. */
    private static boolean mayRepeat(final Request request, final IOException e) {
        return !request.getMethod().equals("POST")
                || (e instanceof ResponseException answer
                        ? said(answer).startsWith(WITHOUT_SHARDS)
                        : isUnreached(e));
    }

    private static boolean isUnreached(final Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof ConnectTimeoutException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
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
            return answer == null
                    ? JSON.createObjectNode()
                    : JSON.readTree(EntityUtils.toByteArray(answer));
        } catch (final IOException | IllegalArgumentException e) {
            throw strange(e);
        }
    }

    /** Something else is there. */
    public InstallException strange(final Exception cause) {
        return new InstallException(
                address()
                        + " answers, and not as "
                        + product.name()
                        + " does; check --url, a proxy or something else is there",
                cause);
    }

    private InstallException refused(final Request request, final ResponseException e) {
        final String said = said(e);
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
                                    + "; name a user with --username who may, such as "
                                    + privileged()
                                    + " ("
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

    /** Kibana has what it says beside the name of the error. */
    private static String said(final ResponseException e) {
        try {
            final JsonNode body =
                    JSON.readTree(EntityUtils.toByteArray(e.getResponse().getEntity()));
            if (body.path("message").isTextual()) {
                final String message =
                        body.path("message").asText().replaceAll("\\s+", " ").strip();
                return message.substring(0, Math.min(message.length(), LONGEST_SAID));
            }
        } catch (final IOException | IllegalArgumentException noJson) {
            // Something between here and the server may answer in its own words.
        }
        return ElasticConnection.said(e);
    }

    private static int status(final ResponseException e) {
        return e.getResponse().getStatusLine().getStatusCode();
    }

    @Override
    public void close() throws IOException {
        for (final RestClient node : nodes) {
            node.close();
        }
    }
}
