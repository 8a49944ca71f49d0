/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.camel.support.WrongOptionException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.Optional;

/** Whether a server can listen where the settings say. */
public final class ServerPorts {

    private ServerPorts() {}

    /**
     * Refuses what a server cannot listen on; Camel's own would wait forever for a port that
     * another process has.
     *
     * @param option what the settings of the server begin with, such as {@code serveflow.console}
     * @throws WrongOptionException if the host is no address of this machine
     * @throws IOException if another process has the port
     */
    static void requireFree(final String option, final String host, final int port)
            throws IOException {
        requireFree(option, option + ".port", host, port);
    }

    /**
     * The same where the port is set by another option.
     *
     * @param portOption the option that a person would change
     */
    public static void requireFree(
            final String option, final String portOption, final String host, final int port)
            throws IOException {
        final Optional<String> faultOfHost = faultOfListening(host, 0);
        if (faultOfHost.isPresent()) {
            throw new WrongOptionException(
                    "setting "
                            + option
                            + ".host is '"
                            + host
                            + "', which is no address of this machine ("
                            + faultOfHost.get()
                            + "); set it to one, to 127.0.0.1 or to 0.0.0.0");
        }
        final Optional<String> fault = faultOfListening(host, port);
        if (fault.isPresent()) {
            throw new IOException(
                    "cannot listen on %s port %s (%s); set %s to a free port"
                            .formatted(host, port, fault.get(), portOption));
        }
    }

    /** A port that no process has now. */
    public static int free(final String host) throws IOException {
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new InetSocketAddress(host, 0));
            return free.getLocalPort();
        }
    }

    /** Why one cannot listen there; empty if one can. */
    private static Optional<String> faultOfListening(final String host, final int port)
            throws IOException {
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new InetSocketAddress(host, port));
            return Optional.empty();
        } catch (final SocketException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
