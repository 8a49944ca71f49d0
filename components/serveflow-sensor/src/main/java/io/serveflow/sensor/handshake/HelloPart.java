/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.handshake;

/** A list of numbers in a client's hello. */
public enum HelloPart {
    /** Versions of TLS. */
    VERSIONS(HandshakeRow.MAX_NUMBER),
    /** Cipher suites. */
    CIPHERS(HandshakeRow.MAX_NUMBER),
    /** Types of extensions. */
    EXTENSIONS(HandshakeRow.MAX_NUMBER),
    /** Groups for the key exchange. */
    GROUPS(HandshakeRow.MAX_NUMBER),
    /** Ids of the transport parameters of QUIC. */
    PARAMETERS(HandshakeRow.MAX_PARAMETER);

    private static final int FIRST_GREASE = 0x0a0a;
    private static final int GREASE_STEP = 0x1010;
    private static final int PARAMETER_GREASE = 27;
    private static final int PARAMETER_GREASE_STEP = 31;

    private final long max;

    HelloPart(final long max) {
        this.max = max;
    }

    /** The largest number that may be in it. */
    public long max() {
        return max;
    }

    /**
     * Whether a number in it means nothing.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc8701">RFC 8701</a>
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9000#section-18.1">RFC 9000, 18.1</a>
     */
    boolean isGrease(final long number) {
        return this == PARAMETERS
                ? number % PARAMETER_GREASE_STEP == PARAMETER_GREASE
                : number % GREASE_STEP == FIRST_GREASE;
    }
}
