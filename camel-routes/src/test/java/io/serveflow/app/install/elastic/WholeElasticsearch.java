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
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serveflow.app.install.rest.Patience;
import io.serveflow.app.install.rest.Product;
import io.serveflow.app.install.rest.RestServer;
import io.serveflow.camel.elastic.ElasticConnection;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Answers as an Elasticsearch does that has all that the one for integration tests lacks: index
 * lifecycle management, ingest processors, the API of data streams; it keeps what is put, refuses
 * to delete what is in use, and knows no users.
 */
final class WholeElasticsearch implements Closeable {

    private static final ObjectMapper JSON = new JsonMapper();

    private final Map<String, JsonNode> stored = new ConcurrentSkipListMap<>();
    private final AtomicInteger notReady = new AtomicInteger();
    private final HttpServer server;
    private final String node;
    private volatile String error = "";

    /**
     * @param node what a node says of itself, in JSON
     */
    WholeElasticsearch(final String node) throws IOException {
        this.node = node;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    RestServer client() throws IOException {
        return new RestServer(
                Product.ELASTICSEARCH,
                ElasticConnection.to(uri()),
                new Patience(
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        System::nanoTime,
                        time -> {},
                        notice -> {}));
    }

    /** Has it say that it is not ready to the next calls, with an error of this type. */
    void notReady(final int calls, final String type) {
        error = type;
        notReady.set(calls);
    }

    /** How many calls it still says so to. */
    int stillNotReady() {
        return notReady.get();
    }

    /** What is kept, by path. */
    Map<String, JsonNode> stored() {
        return stored;
    }

    private void handle(final HttpExchange exchange) throws IOException {
        final String path = exchange.getRequestURI().getPath();
        if (notReady.getAndUpdate(calls -> Math.max(0, calls - 1)) > 0) {
            answer(
                    exchange,
                    503,
                    "{\"error\":{\"type\":\"" + error + "\",\"reason\":\"not yet\"}}");
        } else if (path.startsWith("/_nodes")) {
            answer(exchange, 200, "{\"nodes\":{\"one\":" + node + "}}");
        } else if (path.startsWith("/_security")) {
            answer(exchange, 400, "{\"error\":\"no handler found for uri [" + path + "]\"}");
        } else if (path.startsWith("/_data_stream/") && exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 200, streams(path.substring("/_data_stream/".length())));
        } else {
            keep(exchange, path);
        }
    }

    private String streams(final String patterns) {
        final ObjectNode answer = JSON.createObjectNode();
        answer.putArray("data_streams");
        streamPaths()
                .filter(
                        path ->
                                Stream.of(patterns.split(","))
                                        .anyMatch(
                                                pattern ->
                                                        path.substring("/_data_stream/".length())
                                                                .startsWith(
                                                                        pattern.replace("*", ""))))
                .forEach(
                        path ->
                                answer.withArray("data_streams")
                                        .addObject()
                                        .put("name", path.substring("/_data_stream/".length()))
                                        .put("template", stored.get(path).asText()));
        return answer.toString();
    }

    private Stream<String> streamPaths() {
        return stored.keySet().stream().filter(path -> path.startsWith("/_data_stream/"));
    }

    /** What needs a thing, in the words of Elasticsearch; empty if nothing does. */
    private Optional<String> use(final String path) {
        final String name = path.substring(path.lastIndexOf('/') + 1);
        final List<String> streams =
                streamPaths()
                        .filter(stream -> stored.get(stream).asText().equals("serveflow"))
                        .map(stream -> stream.substring("/_data_stream/".length()))
                        .toList();
        final List<String> templates =
                stored.entrySet().stream()
                        .filter(one -> one.getKey().startsWith("/_index_template/"))
                        .filter(one -> one.getValue().path("composed_of").toString().contains(name))
                        .map(one -> one.getKey().substring("/_index_template/".length()))
                        .toList();
        final List<String> indices =
                stored.entrySet().stream()
                        .filter(
                                one ->
                                        one.getValue()
                                                .at("/settings/index/default_pipeline")
                                                .asText()
                                                .equals(name))
                        .map(one -> one.getKey().substring(1))
                        .toList();
        if (path.startsWith("/_ingest/pipeline/") && !indices.isEmpty()) {
            return Optional.of(
                    "pipeline [%s] cannot be deleted because it is the default pipeline for"
                                    .formatted(name)
                            + " "
                            + indices.size()
                            + " index(es) including "
                            + indices);
        }
        if (path.equals("/_index_template/serveflow") && !streams.isEmpty()) {
            return Optional.of(
                    "unable to remove composable templates [%s] as they are in use by a data"
                                    .formatted(name)
                            + " streams "
                            + streams);
        }
        if (path.startsWith("/_component_template/") && !templates.isEmpty()) {
            return Optional.of(
                    "component templates [%s] cannot be removed as they are still in use by index"
                                    .formatted(name)
                            + " templates "
                            + templates);
        }
        return path.startsWith("/_ilm/") && !streams.isEmpty()
                ? Optional.of(
                        "Cannot delete policy [%s]. It is in use by one or more indices: "
                                        .formatted(name)
                                + streams)
                : Optional.empty();
    }

    private void keep(final HttpExchange exchange, final String path) throws IOException {
        final JsonNode known = stored.get(path);
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                stored.put(path, JSON.readTree(exchange.getRequestBody()));
                answer(exchange, 200, "{\"acknowledged\":true}");
            }
            case "DELETE" -> {
                final Optional<String> use = use(path);
                if (use.isPresent()) {
                    final ObjectNode refusal = JSON.createObjectNode();
                    refusal.putObject("error")
                            .put("type", "illegal_argument_exception")
                            .put("reason", use.get());
                    answer(exchange, 400, refusal.toString());
                    return;
                }
                stored.remove(path);
                answer(exchange, known == null ? 404 : 200, "{\"acknowledged\":true}");
            }
            default -> {
                if (known == null) {
                    answer(exchange, 404, "{\"error\":{\"type\":\"x\",\"reason\":\"missing\"}}");
                } else {
                    answer(exchange, 200, wrapped(path, known.deepCopy()).toString());
                }
            }
        }
    }

    private static JsonNode wrapped(final String path, final ObjectNode known) {
        final ObjectNode answer = JSON.createObjectNode();
        if (path.contains("template")) {
            final String kind = path.substring(2, path.indexOf('/', 1));
            known.put("created_date_millis", 1_700_000_000_000L);
            answer.putArray(kind + "s").addObject().set(kind, known);
        } else {
            known.put("created_date_millis", 1_700_000_000_000L);
            answer.set(path.substring(path.lastIndexOf('/') + 1), known);
        }
        return answer;
    }

    private static void answer(final HttpExchange exchange, final int status, final String body)
            throws IOException {
        final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
