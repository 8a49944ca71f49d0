/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether something takes connections at an address. */
final class Connections {

    private static final int CONNECT_MILLIS = 3_000;

    private Connections() {}

    /**
     * What a connection found, which ends at once.
     *
     * @param address HOST:PORT
     */
    static Finding finding(final String check, final String address, final String cure) {
        final int colon = address.lastIndexOf(':');
        final String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        try (Socket socket = new Socket()) {
            final InetSocketAddress to =
                    new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
            if (to.isUnresolved()) {
                return Finding.failed(
                        check, address + " cannot be reached: no name server knows " + host, cure);
            }
            socket.connect(to, CONNECT_MILLIS);
            return Finding.ok(check, address + " takes connections");
        } catch (final IOException | IllegalArgumentException e) {
            return Finding.failed(check, address + " cannot be reached: " + e.getMessage(), cure);
        }
    }

    static boolean isOk(final Finding one) {
        return one.outcome() == Finding.Outcome.OK;
    }
}
