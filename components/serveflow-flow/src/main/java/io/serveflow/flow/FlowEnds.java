/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Arrays;

/**
 * The endpoints that a sensor states for a packet, to be compared with those in the packet; set
 * anew for every packet.
 */
public final class FlowEnds {

    private static final int LONGEST_ADDRESS = 16;

    private final byte[] source = new byte[LONGEST_ADDRESS];
    private final byte[] destination = new byte[LONGEST_ADDRESS];
    private Transport transport = Transport.UDP;
    private int addressLength;
    private int sourcePort;
    private int destinationPort;

    /**
     * Sets the endpoints.
     *
     * @throws IllegalArgumentException if an address is none, or they are not of one version
     */
    public void set(
            final Transport newTransport,
            final CharSequence newSource,
            final int newSourcePort,
            final CharSequence newDestination,
            final int newDestinationPort) {
        transport = newTransport;
        sourcePort = newSourcePort;
        destinationPort = newDestinationPort;
        addressLength = IpAddress.parse(newSource, source);
        if (IpAddress.parse(newDestination, destination) != addressLength) {
            throw new IllegalArgumentException(
                    "'" + newSource + "' and '" + newDestination + "' are of different versions");
        }
    }

    /** Whether these are the endpoints, in either direction, of the packet that was read. */
    boolean areThoseOf(final IpHeaders headers, final byte[] bytes) {
        return headers.transport() == transport
                && headers.addressLength() == addressLength
                && (agree(headers, bytes, source, sourcePort, destination, destinationPort)
                        || agree(headers, bytes, destination, destinationPort, source, sourcePort));
    }

    private boolean agree(
            final IpHeaders headers,
            final byte[] bytes,
            final byte[] from,
            final int fromPort,
            final byte[] to,
            final int toPort) {
        return headers.sourcePort() == fromPort
                && headers.destinationPort() == toPort
                && isAt(bytes, headers.sourceOffset(), from)
                && isAt(bytes, headers.destinationOffset(), to);
    }

    private boolean isAt(final byte[] bytes, final int at, final byte[] address) {
        return Arrays.equals(bytes, at, at + addressLength, address, 0, addressLength);
    }
}
