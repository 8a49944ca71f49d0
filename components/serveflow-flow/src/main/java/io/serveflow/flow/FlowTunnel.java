/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Objects;

/**
 * The tunnel that a flow's first packet came in: the outermost one, where there are several inside
 * each other, as Suricata has it.
 *
 * @param type what the outermost tunnel is
 * @param depth how many tunnels are inside each other, 1 for a single one
 * @param id what the outermost tunnel calls itself in the first packet: the VNI of VXLAN and
 *     GENEVE, the TEID of GTP-U, the key of GRE, the call of PPTP, the session of ERSPAN; {@link
 *     #UNKNOWN} where it has no such number or the sensor does not say
 * @param source address of the end from which the originator's packets come
 * @param sourcePort its UDP port in the first packet, {@link #UNKNOWN} for a tunnel without ports
 * @param destination address of the other end
 * @param destinationPort its UDP port in the first packet, {@link #UNKNOWN} for a tunnel without
 *     ports
 */
public record FlowTunnel(
        TunnelType type,
        int depth,
        long id,
        String source,
        int sourcePort,
        String destination,
        int destinationPort) {

    /** The value of an id or a port that is not known or not there. */
    public static final int UNKNOWN = -1;

    /** What {@link #text} is, in words. */
    public static final String TEXT =
            "a type of tunnel, depth, id, source, its port, destination and its port, with spaces"
                    + " between them and - for what is unknown";

    private static final long LARGEST_ID = 0xffff_ffffL;
    private static final int LARGEST_DEPTH = 64;
    private static final int LARGEST_PORT = 65_535;

    public FlowTunnel {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(destination, "destination");
        requireWithin("depth", depth, 1, LARGEST_DEPTH);
        requireWithin("id", id, UNKNOWN, LARGEST_ID);
        requireWithin("sourcePort", sourcePort, UNKNOWN, LARGEST_PORT);
        requireWithin("destinationPort", destinationPort, UNKNOWN, LARGEST_PORT);
    }

    private static void requireWithin(
            final String what, final long value, final long least, final long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " must be " + least + " to " + most + ", was " + value);
        }
    }

    /**
     * The tunnel as one line of text, such as {@code vxlan 1 100 192.0.2.1 50001 192.0.2.2 4789}.
     */
    public String text() {
        return type.id()
                + ' '
                + depth
                + ' '
                + text(id)
                + ' '
                + source
                + ' '
                + text(sourcePort)
                + ' '
                + destination
                + ' '
                + text(destinationPort);
    }

    private static String text(final long number) {
        return number == UNKNOWN ? "-" : Long.toString(number);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static FlowTunnel parse(final String text) {
        final String[] parts = text.split(" ", -1);
        if (parts.length != 7) {
            throw new IllegalArgumentException("'" + text + "' is not " + TEXT);
        }
        return new FlowTunnel(
                TunnelType.named(parts[0]),
                Integer.parseInt(parts[1]),
                number(parts[2]),
                address(parts[3]),
                (int) number(parts[4]),
                address(parts[5]),
                (int) number(parts[6]));
    }

    private static long number(final String text) {
        return text.equals("-") ? UNKNOWN : Integer.toUnsignedLong(Integer.parseUnsignedInt(text));
    }

    private static String address(final String text) {
        final byte[] bytes = IpAddress.parse(text);
        return IpAddress.format(bytes, 0, bytes.length);
    }

    /** The same tunnel seen from its other end. */
    public FlowTunnel reversed() {
        return new FlowTunnel(type, depth, id, destination, destinationPort, source, sourcePort);
    }
}
