/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

/** The forms in which a client's hello comes. */
enum HelloForm {
    /** Over TCP. */
    TLS,
    /** Over UDP, with a cookie. */
    DTLS,
    /** In QUIC, with transport parameters. */
    QUIC,
    /** In QUIC before draft 27, whose transport parameters have ids and lengths of two bytes. */
    QUIC_SHORT_PARAMETERS;

    boolean isQuic() {
        return this == QUIC || this == QUIC_SHORT_PARAMETERS;
    }

    /** Whether a hello of this form may state this version in its first field. */
    boolean mayState(final int version) {
        return switch (this) {
            case TLS -> version >>> 8 == 3 && (version & 0xff) <= 4;
            case DTLS -> version >>> 8 == 0xfe && (version & 0xff) >= 0xfc || version == 0x0100;
            case QUIC, QUIC_SHORT_PARAMETERS -> version == 0x0303;
        };
    }
}
