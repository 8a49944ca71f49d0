/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.host;

import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.Transport;
import java.util.Optional;

/**
 * Which end of a flow the flow says something of, by what every sensor knows.
 *
 * <p>Groups, broadcast and the unspecified address are no hosts. Of two hosts it is the one with a
 * private address; of two alike the client: the originator, unless the answers of a server were
 * seen first, as with DHCP, where the flow says something of the host that asked before it had an
 * address.
 */
public final class OwnHost {

    private static final int FIRST_FREE_PORT = 1024;
    private static final int DHCP_CLIENT = 68;
    private static final int DHCPV6_CLIENT = 546;

    private enum Kind {
        NONE,
        PUBLIC,
        PRIVATE
    }

    private OwnHost() {}

    /** The address of that end, as the sensor wrote it; empty if no end is a host. */
    public static Optional<String> of(final FlowTuple flow) {
        final Kind originator = kind(flow.originator());
        final Kind responder = kind(flow.responder());
        if (originator == Kind.NONE && responder == Kind.NONE) {
            return Optional.empty();
        }
        final int order = originator.compareTo(responder);
        final boolean second = order == 0 ? isReversed(flow) : order < 0;
        return Optional.of(second ? flow.responder() : flow.originator());
    }

    /** Whether the responder is the client. */
    private static boolean isReversed(final FlowTuple flow) {
        final int from = flow.originatorPort();
        final int to = flow.responderPort();
        return flow.transport() == Transport.UDP && (to == DHCP_CLIENT || to == DHCPV6_CLIENT)
                || from < FIRST_FREE_PORT && to >= FIRST_FREE_PORT && isPorts(flow.transport());
    }

    private static boolean isPorts(final Transport transport) {
        return transport == Transport.TCP || transport == Transport.UDP;
    }

    private static Kind kind(final String address) {
        final byte[] bytes;
        try {
            bytes = IpAddress.parse(address);
        } catch (final IllegalArgumentException e) {
            return Kind.NONE;
        }
        if (bytes.length == 4) {
            return ipv4(bytes, 0);
        }
        return isIpv4Mapped(bytes) ? ipv4(bytes, 12) : ipv6(bytes);
    }

    private static Kind ipv4(final byte[] bytes, final int from) {
        final int first = bytes[from] & 0xff;
        final int second = bytes[from + 1] & 0xff;
        if (first == 0 || first >= 224 && first < 240 || isBroadcast(bytes, from)) {
            return Kind.NONE;
        }
        final boolean isPrivate =
                first == 10
                        || first == 127
                        || first == 172 && second >> 4 == 1
                        || first == 192 && second == 168
                        || first == 169 && second == 254
                        || first == 100 && second >> 6 == 1;
        return isPrivate ? Kind.PRIVATE : Kind.PUBLIC;
    }

    private static boolean isBroadcast(final byte[] bytes, final int from) {
        return (bytes[from] & bytes[from + 1] & bytes[from + 2] & bytes[from + 3]) == -1;
    }

    private static Kind ipv6(final byte[] bytes) {
        final int first = bytes[0] & 0xff;
        if (first == 0xff || isUnspecified(bytes)) {
            return Kind.NONE;
        }
        final boolean isPrivate =
                first >> 1 == 0xfc >> 1
                        || first == 0xfe && (bytes[1] & 0xc0) == 0x80
                        || isLoopback(bytes);
        return isPrivate ? Kind.PRIVATE : Kind.PUBLIC;
    }

    private static boolean isUnspecified(final byte[] bytes) {
        return isZero(bytes, bytes.length);
    }

    private static boolean isLoopback(final byte[] bytes) {
        return isZero(bytes, bytes.length - 1) && bytes[bytes.length - 1] == 1;
    }

    private static boolean isIpv4Mapped(final byte[] bytes) {
        return isZero(bytes, 10) && bytes[10] == -1 && bytes[11] == -1;
    }

    private static boolean isZero(final byte[] bytes, final int to) {
        for (int i = 0; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
