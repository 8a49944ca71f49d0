/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.testing.elasticsearch.LocalElasticsearch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An address at which one server or another answers, or none: a client sees what it sees where a
 * server ends and another one takes its address, and no server has to start for that.
 *
 * <p>It listens all its life. Where nobody is to answer, connections are reset as soon as they are
 * made: an address that is closed and opened again can be refused, as a thread that still waits for
 * connections holds the old socket for a moment longer.
 */
final class SwitchedAddress implements AutoCloseable {

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> open = new ArrayList<>();
    private OptionalInt target = OptionalInt.empty();

    /** One where nobody answers yet. */
    SwitchedAddress() throws IOException {
        listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** Has a server answer from now on. */
    synchronized void leadTo(final LocalElasticsearch server) throws IOException {
        leadNowhere();
        target = OptionalInt.of(server.uri().getPort());
    }

    /** Resets connections, those that there are too. */
    synchronized void leadNowhere() throws IOException {
        target = OptionalInt.empty();
        for (final Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                connect(listening.accept());
            } catch (final IOException e) {
                // It is closed, or the server is; who has connected sees it.
            }
        }
    }

    private synchronized void connect(final Socket client) throws IOException {
        if (target.isEmpty()) {
            client.setSoLinger(true, 0);
            client.close();
            return;
        }
        open.add(client);
        final Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt());
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
        listening.close();
        leadNowhere();
        threads.shutdownNow();
    }
}
