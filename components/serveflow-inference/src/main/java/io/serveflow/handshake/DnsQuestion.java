/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.handshake.NetworkOrder.u16;
import static io.serveflow.handshake.NetworkOrder.u8;

/**
 * The first question of a message of DNS, multicast DNS or LLMNR.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1035#section-4.1">RFC 1035, 4.1</a>
 */
final class DnsQuestion {

    private static final int DNS = 53;
    private static final int MULTICAST_DNS = 5353;
    private static final int LLMNR = 5355;

    private static final int HEADER = 12;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 255;
    private static final int LAST_OPCODE = 6;

    /** Multicast DNS asks by it for an answer to the asking host alone. */
    private static final int UNICAST_ANSWER = 0x8000;

    private final byte[] name = new byte[LONGEST_NAME + 1];

    /** Whether one end of the flow has a port of DNS. */
    static boolean isOnPort(final Payloads payloads) {
        return payloads.hasPort(DNS) || payloads.hasPort(MULTICAST_DNS) || payloads.hasPort(LLMNR);
    }

    /** The name in the first message of a stream, where its length is before it. */
    String nameInStream(final byte[] bytes, final int to) {
        if (to < 2) {
            return null;
        }
        return u16(bytes, 0) < HEADER ? null : name(bytes, 2, Math.min(to, 2 + u16(bytes, 0)));
    }

    /**
     * The name that is asked for; empty if it is none of a host, or there is no question, or not
     * all of it is there.
     *
     * @return null if it is no message of DNS
     */
    String name(final byte[] bytes, final int from, final int to) {
        if (to - from < HEADER || (u8(bytes, from + 2) >>> 3 & 0xf) > LAST_OPCODE) {
            return null;
        }
        final boolean answer = (bytes[from + 2] & 0x80) != 0;
        if (u16(bytes, from + 4) == 0) {
            return answer ? HostNames.NONE : null;
        }
        int at = from + HEADER;
        int length = 0;
        while (at < to && bytes[at] != 0) {
            final int size = u8(bytes, at);
            if (size > LONGEST_LABEL || length + size + 1 > LONGEST_NAME) {
                return null;
            }
            if (size >= to - at) {
                return HostNames.NONE;
            }
            System.arraycopy(bytes, at + 1, name, length, size);
            length += size;
            name[length++] = '.';
            at += 1 + size;
        }
        if (to - at < 5) {
            return HostNames.NONE;
        }
        return isClass(u16(bytes, at + 3) & ~UNICAST_ANSWER) ? HostNames.of(name, 0, length) : null;
    }

    private static boolean isClass(final int number) {
        return switch (number) {
            case 1, 3, 4, 254, 255 -> true;
            default -> false;
        };
    }
}
