/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Passes connections on to a server, and can let those that there are fall silent. */
final class SilentProxy implements AutoCloseable {

    private static final int BUFFER_BYTES = 8192;

    private final int target;
    private final ServerSocket listening;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private SilentProxy(final int target, final ServerSocket listening) {
        this.target = target;
        this.listening = listening;
    }

    /** One before a server on this machine. */
    static SilentProxy before(final int port) throws IOException {
        final SilentProxy proxy =
                new SilentProxy(port, new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
        proxy.threads.execute(proxy::accept);
        return proxy;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Connections so far. */
    int connections() {
        return connections.size();
    }

    /** No byte of a connection that there is gets through any more, and none of them ends. */
    void silence() {
        connections.forEach(connection -> connection.silent = true);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                final Connection connection =
                        new Connection(
                                listening.accept(),
                                new Socket(InetAddress.getLoopbackAddress(), target));
                connections.add(connection);
                threads.execute(() -> connection.copy(connection.client, connection.server));
                threads.execute(() -> connection.copy(connection.server, connection.client));
            } catch (final IOException e) {
                // It is closed, or the server is; who has connected sees it.
            }
        }
    }

    private static final class Connection {

        private final Socket client;
        private final Socket server;
        private volatile boolean silent;

        private Connection(final Socket client, final Socket server) {
            this.client = client;
            this.server = server;
        }

        private void copy(final Socket from, final Socket to) {
            final byte[] buffer = new byte[BUFFER_BYTES];
            try {
                final InputStream in = from.getInputStream();
                final OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!silent) {
                        out.write(buffer, 0, n);
                    }
                }
            } catch (final IOException e) {
                // The connection has ended.
            } finally {
                if (!silent) {
                    close();
                }
            }
        }

        private void close() {
            for (final Socket socket : List.of(client, server)) {
                try {
                    socket.close();
                } catch (final IOException e) {
                    // It is not used any more.
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.forEach(Connection::close);
        threads.shutdownNow();
    }
}
