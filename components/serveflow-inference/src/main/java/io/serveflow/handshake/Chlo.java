/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.handshake.NetworkOrder.i32;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.Handshake;
import java.util.List;
import java.util.Optional;

/**
 * The client's hello of Google's QUIC before it had the handshake of TLS: values under tags of four
 * characters.
 *
 * @see <a
 *     href="https://docs.google.com/document/d/1g5nIXAIkN_Y-7XJW5K45IblHd_L2f5LTaDUDwvZ5L6g">QUIC
 *     Crypto</a>
 */
final class Chlo {

    private static final int NAME = 'C' << 24 | 'H' << 16 | 'L' << 8 | 'O';
    private static final int SERVER_NAME = 'S' << 24 | 'N' << 16 | 'I' << 8;

    private static final int HEADER = 8;
    private static final int TAG_AND_END = 8;

    /** Bytes of the header and of the frame before the message, at most. */
    private static final int REACH = 96;

    private static final int LONG_HEADER = 0x80;
    private static final int HAS_VERSION = 0x01;
    private static final int HAS_ID = 0x08;
    private static final int ID_BYTES = 8;

    private Chlo() {}

    /**
     * Reads it in clear, as it is until version Q046.
     *
     * @return null if the datagram is none of such a version
     */
    static Handshake read(final byte[] bytes, final int from, final int to) {
        final int first = bytes[from];
        final boolean longHeader = (first & LONG_HEADER) != 0;
        if (!longHeader && (first & HAS_VERSION) == 0) {
            return null;
        }
        final int at = from + 1 + (!longHeader && (first & HAS_ID) != 0 ? ID_BYTES : 0);
        if (to - at < 4 || !isVersion(bytes, at)) {
            return null;
        }
        int message = at + 4;
        final int end = Math.min(to - 4, from + REACH);
        while (message < end && i32(bytes, message) != NAME) {
            message++;
        }
        return parse(bytes, message, to, i32(bytes, at));
    }

    /** Whether it is one from Q024 to Q048. */
    private static boolean isVersion(final byte[] bytes, final int at) {
        return bytes[at] == 'Q'
                && bytes[at + 1] == '0'
                && bytes[at + 2] >= '2'
                && bytes[at + 2] <= '4'
                && bytes[at + 3] >= '0'
                && bytes[at + 3] <= '9';
    }

    /**
     * Reads the message at a place, if it is there.
     *
     * @param end behind the last byte that there is
     */
    static Handshake parse(final byte[] bytes, final int at, final int end, final int version) {
        if (end - at < HEADER || i32(bytes, at) != NAME) {
            return of(HostNames.NONE, 0, false, version);
        }
        final int tags = (bytes[at + 5] & 0xff) << 8 | bytes[at + 4] & 0xff;
        final int values = at + HEADER + tags * TAG_AND_END;
        String name = HostNames.NONE;
        int before = 0;
        for (int i = 0; i < tags; i++) {
            final int tag = at + HEADER + i * TAG_AND_END;
            if (end - tag < TAG_AND_END) {
                return of(name, 0, false, version);
            }
            final int after = Integer.reverseBytes(i32(bytes, tag + 4));
            if (after < before || after > 0xffff) {
                return of(name, 0, false, version);
            }
            if (i32(bytes, tag) == SERVER_NAME && values + after <= end) {
                name = HostNames.of(bytes, values + before, values + after);
            }
            before = after;
        }
        return of(name, values + before - at, values + before <= end, version);
    }

    private static Handshake of(
            final String name, final int length, final boolean complete, final int version) {
        return new Handshake(
                Handshake.Protocol.QUIC,
                name,
                false,
                "",
                Optional.of(
                        new ClientHello(
                                length,
                                complete,
                                version & 0xffff_ffffL,
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                false)));
    }
}
