/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

/** Numbers in network order, at places of which the caller knows that the bytes are there. */
final class NetworkOrder {

    private NetworkOrder() {}

    static int u8(final byte[] bytes, final int at) {
        return bytes[at] & 0xff;
    }

    static int u16(final byte[] bytes, final int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    static int u24(final byte[] bytes, final int at) {
        return u16(bytes, at) << 8 | bytes[at + 2] & 0xff;
    }

    /** All 32 bits, as Java's signed number. */
    static int i32(final byte[] bytes, final int at) {
        return u16(bytes, at) << 16 | u16(bytes, at + 2);
    }
}
