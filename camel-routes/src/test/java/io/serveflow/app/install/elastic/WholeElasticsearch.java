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
import io.serveflow.camel.elastic.ElasticConnection;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers as an Elasticsearch does that has all that the one for integration tests lacks: index
 * lifecycle management, ingest processors, the API of data streams; it keeps what is put, and knows
 * no users.
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

    ElasticServer client() throws IOException {
        return new ElasticServer(
                ElasticConnection.to(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
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
            answer(exchange, 200, streams());
        } else {
            keep(exchange, path);
        }
    }

    private String streams() {
        final ObjectNode answer = JSON.createObjectNode();
        answer.putArray("data_streams");
        stored.keySet().stream()
                .filter(path -> path.startsWith("/_data_stream/"))
                .forEach(
                        path ->
                                answer.withArray("data_streams")
                                        .addObject()
                                        .put("name", path.substring("/_data_stream/".length()))
                                        .put("template", stored.get(path).asText()));
        return answer.toString();
    }

    private void keep(final HttpExchange exchange, final String path) throws IOException {
        final JsonNode known = stored.get(path);
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                stored.put(path, JSON.readTree(exchange.getRequestBody()));
                answer(exchange, 200, "{\"acknowledged\":true}");
            }
            case "DELETE" -> {
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
