/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serveflow.camel.elastic.ElasticConnection;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server that answers each request as a test says, and remembers what it was asked. */
public final class AnsweringServer implements Closeable {

    private final HttpServer server;
    private final Function<Asked, Answer> answers;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /**
     * A request.
     *
     * @param call method, path and query, as {@code GET /path?query}
     * @param headers by name in small letters
     */
    public record Asked(String call, Map<String, String> headers, String body) {}

    /**
     * An answer.
     *
     * @param status 0 for a connection that ends without any
     */
    public record Answer(int status, String body) {

        /** Yes. */
        public static Answer ok(final String body) {
            return new Answer(200, body);
        }

        /** The connection ends. */
        public static Answer none() {
            return new Answer(0, "");
        }
    }

    /**
     * @param answers called by one thread
     */
    public AnsweringServer(final Function<Asked, Answer> answers) throws IOException {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Asks it as a command does, which waits for nothing. */
    public RestServer client(final Product product) throws IOException {
        return new RestServer(
                product,
                ElasticConnection.to(uri()),
                new Patience(
                        Duration.ZERO, Duration.ZERO, System::nanoTime, time -> {}, notice -> {}));
    }

    /** What it was asked so far. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** The calls that it was asked so far. */
    public List<String> calls() {
        return asked.stream().map(Asked::call).toList();
    }

    private void handle(final HttpExchange exchange) throws IOException {
        final Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) ->
                                headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        final Asked one =
                new Asked(
                        exchange.getRequestMethod()
                                + " "
                                + exchange.getRequestURI().getRawPath()
                                + Optional.ofNullable(exchange.getRequestURI().getRawQuery())
                                        .map("?"::concat)
                                        .orElse(""),
                        headers,
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        asked.add(one);
        final Answer answer = answers.apply(one);
        if (answer.status() != 0) {
            final byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
