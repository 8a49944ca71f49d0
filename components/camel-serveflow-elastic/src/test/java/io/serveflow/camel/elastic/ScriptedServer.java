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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bulk API that gives the answers it was scripted to, in order, and afterwards takes every
 * document: for answers that a healthy Elasticsearch on one node does not give.
 */
final class ScriptedServer implements AutoCloseable {

    private static final Pattern ID =
            Pattern.compile("\\{\"create\":\\{\"_id\":\"([^\"]*)\"\\}\\}");

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Answer put = new Answer(404, "{}");
    private volatile int heldFrom = Integer.MAX_VALUE;
    private volatile String poison = "";
    private volatile int poisonStatus;

    /** A request that came: the ids in it, and its length in bytes. */
    record Received(List<String> ids, int length) {}

    private record Answer(int status, String body) {}

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Answers the next request as a whole with a status and an error. */
    ScriptedServer thenFail(final int status) {
        script.add(failure(status));
        return this;
    }

    /** Answers so many requests as a whole with a status and an error. */
    ScriptedServer thenFail(final int status, final int times) {
        for (int i = 0; i < times; i++) {
            thenFail(status);
        }
        return this;
    }

    private static Answer failure(final int status) {
        return new Answer(
                status,
                "{\"error\":{\"type\":\"scripted_exception\",\"reason\":\"as"
                        + " scripted\"},\"status\":"
                        + status
                        + "}");
    }

    /** Answers the next request with a body as it is. */
    ScriptedServer thenAnswer(final int status, final String body) {
        script.add(new Answer(status, body));
        return this;
    }

    /** Answers the next request with these items, such as {@code "status":201}. */
    ScriptedServer thenItems(final String... items) {
        final List<String> all = new ArrayList<>();
        for (final String item : items) {
            all.add("{\"create\":{\"_index\":\".ds-x\"," + item + "}}");
        }
        script.add(
                new Answer(
                        200,
                        "{\"took\":1,\"errors\":true,\"items\":[" + String.join(",", all) + "]}"));
        return this;
    }

    /** Answers requests to put a template, of which it has none. */
    ScriptedServer putting(final int status, final String body) {
        put = new Answer(status, body);
        return this;
    }

    /** Keeps all requests waiting for their answer until {@link #release()}. */
    void hold() {
        holdAfter(0);
    }

    /**
     * Keeps requests behind the first so many waiting for their answer until {@link #release()}.
     */
    ScriptedServer holdAfter(final int requests) {
        heldFrom = requests;
        return this;
    }

    /** Answers every request that has a document of this id with a status and an error. */
    void failOn(final String id, final int status) {
        poisonStatus = status;
        poison = id;
    }

    void release() {
        released.countDown();
    }

    List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        executor.shutdownNow();
    }

    private void handle(final HttpExchange exchange) throws IOException {
        final byte[] body = exchange.getRequestBody().readAllBytes();
        if (!exchange.getRequestURI().getPath().endsWith("/_bulk")) {
            answer(
                    exchange,
                    exchange.getRequestMethod().equals("PUT") ? put : new Answer(404, "{}"));
            return;
        }
        final List<String> ids = new ArrayList<>();
        final Matcher matcher = ID.matcher(new String(body, StandardCharsets.UTF_8));
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        received.add(new Received(ids, body.length));
        if (received.size() > heldFrom) {
            try {
                released.await();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        final Answer scripted = ids.contains(poison) ? failure(poisonStatus) : script.poll();
        final Answer answer = scripted == null ? allCreated(ids.size()) : scripted;
        answer(exchange, answer);
    }

    private static void answer(final HttpExchange exchange, final Answer answer)
            throws IOException {
        final byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Answer allCreated(final int n) {
        final String item = "{\"create\":{\"_index\":\".ds-x\",\"status\":201}}";
        return new Answer(
                200,
                "{\"took\":1,\"errors\":false,\"items\":["
                        + String.join(",", Collections.nCopies(n, item))
                        + "]}");
    }
}
