/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

/**
 * Numbers of one to eight bytes, as QUIC writes them: the two first bits say how many.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000.html#section-16">RFC 9000, 16</a>
 */
final class VarInt {

    private VarInt() {}

    /** How many bytes the number has that begins with this byte. */
    static int size(final byte first) {
        return 1 << ((first & 0xff) >>> 6);
    }

    /** Whether the number at a place is there as a whole. */
    static boolean isWithin(final byte[] bytes, final int at, final int end) {
        return at < end && size(bytes[at]) <= end - at;
    }

    /** The number, of which all bytes are there; from 0 to 2^62 - 1. */
    static long value(final byte[] bytes, final int at) {
        long value = bytes[at] & 0x3f;
        for (int i = 1; i < size(bytes[at]); i++) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }
}
