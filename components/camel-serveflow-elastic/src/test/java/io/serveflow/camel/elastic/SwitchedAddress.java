/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import static org.awaitility.Awaitility.await;

import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An address at which one server or another answers, or none: a client sees what it sees where a
 * server ends and another one takes its address, and no server has to start for that.
 */
final class SwitchedAddress implements AutoCloseable {

    private static final int FIRST_PORT = 20_000;
    private static final int PORTS_END = 32_000;
    private static final int MOST_TRIES = 20;

    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private Optional<Listening> listening = Optional.empty();

    /** What waits for connections, and the end of the thread that does so. */
    private record Listening(ServerSocket socket, Future<?> end) {}

    /**
     * One where nobody answers yet. Its port is none of those that systems give to connections by
     * themselves, or one of them could have it while nobody listens there.
     */
    SwitchedAddress() throws IOException {
        port = freePort(0);
    }

    private static int freePort(final int failed) throws IOException {
        final int tried = ThreadLocalRandom.current().nextInt(FIRST_PORT, PORTS_END);
        try (ServerSocket socket = new ServerSocket(tried, 0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (final BindException e) {
            if (failed == MOST_TRIES) {
                throw e;
            }
            return freePort(failed + 1);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Has a server answer from now on. */
    void leadTo(final LocalElasticsearch server) throws IOException {
        leadNowhere();
        final ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        final int target = server.uri().getPort();
        listening =
                Optional.of(new Listening(socket, threads.submit(() -> accept(socket, target))));
    }

    /**
     * Refuses connections, and ends those that there are. The port is free when this returns: the
     * system keeps a closed socket until the thread has left it that waits for connections.
     */
    void leadNowhere() throws IOException {
        if (listening.isPresent()) {
            listening.get().socket().close();
            await().until(listening.get().end()::isDone);
            listening = Optional.empty();
        }
        for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
            socket.close();
        }
    }

    private void accept(final ServerSocket socket, final int target) {
        while (!socket.isClosed()) {
            try {
                connect(socket.accept(), target);
            } catch (final IOException e) {
                // It is closed, or the server is; who has connected sees it.
            }
        }
    }

    private void connect(final Socket client, final int target) throws IOException {
        open.add(client);
        final Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(server);
        threads.execute(() -> copy(client, server));
        threads.execute(() -> copy(server, client));
    }

    private static void copy(final Socket from, final Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (final IOException e) {
            // The connection has ended.
        }
    }

    @Override
    public void close() throws IOException {
        leadNowhere();
        threads.shutdownNow();
    }
}
