/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A proxy before a real server that can lose an answer after the request has arrived. */
final class LosingProxy implements AutoCloseable {

    private final URI server;
    private final HttpServer proxy;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicReference<Optional<Runnable>> loss =
            new AtomicReference<>(Optional.empty());
    private final AtomicInteger lost = new AtomicInteger();

    LosingProxy(final URI server) throws IOException {
        this.server = server;
        proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.setExecutor(executor);
        proxy.createContext("/", this::handle);
        proxy.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
    }

    /** Loses the answer to the next bulk request, and does something meanwhile. */
    void loseNextBulkAnswer(final Runnable meanwhile) {
        loss.set(Optional.of(meanwhile));
    }

    int lost() {
        return lost.get();
    }

    @Override
    public void close() {
        proxy.stop(0);
        executor.shutdownNow();
    }

    private void handle(final HttpExchange exchange) throws IOException {
        try {
            final HttpResponse<byte[]> answer =
                    client.send(
                            HttpRequest.newBuilder(server.resolve(exchange.getRequestURI()))
                                    .method(
                                            exchange.getRequestMethod(),
                                            BodyPublishers.ofByteArray(
                                                    exchange.getRequestBody().readAllBytes()))
                                    .header(
                                            "Content-Type",
                                            Optional.ofNullable(
                                                            exchange.getRequestHeaders()
                                                                    .getFirst("Content-Type"))
                                                    .orElse("application/json"))
                                    .build(),
                            BodyHandlers.ofByteArray());
            if (exchange.getRequestURI().getPath().endsWith("/_bulk")) {
                final Optional<Runnable> meanwhile = loss.getAndSet(Optional.empty());
                if (meanwhile.isPresent()) {
                    meanwhile.get().run();
                    lost.incrementAndGet();
                    exchange.close();
                    return;
                }
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
            exchange.close();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
