/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

/**
 * Values that clients put between those that mean something, so that servers get used to unknown
 * ones.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8701">RFC 8701</a>
 */
final class Grease {

    private Grease() {}

    /** Whether a version, cipher, extension or group of TLS is one of 0x0a0a, 0x1a1a to 0xfafa. */
    static boolean is(final int value) {
        return (value & 0x0f0f) == 0x0a0a && value >>> 8 == (value & 0xff);
    }

    /**
     * Whether the id of a transport parameter of QUIC is 27 or a multiple of 31 above it.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9000.html#section-18.1">RFC 9000, 18.1</a>
     */
    static boolean isTransportParameter(final long id) {
        return id >= 27 && (id - 27) % 31 == 0;
    }
}
