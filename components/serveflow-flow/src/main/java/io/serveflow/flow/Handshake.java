/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.Objects;
import java.util.Optional;

/**
 * What the originator of a flow says of itself in clear text as the flow begins: which protocol it
 * speaks, whom it asks for, and its hello.
 *
 * <p>Put together from the flow's packets, or taken from a sensor that did so.
 *
 * @param protocol the protocol; {@link Protocol#OTHER} if a sensor names one that is none of these
 * @param name whom it asks for, in lower case and without a final dot: the server name of TLS, DTLS
 *     and QUIC, the host of HTTP without its port, the question of DNS; empty if it is unknown
 * @param encryptedHello whether the hello has an encrypted one inside (ECH, or the random bytes
 *     that look like it), so that the name may be that of a front for the one that is meant
 * @param chosen the application protocol that the server chose (ALPN); empty if it is unknown
 * @param hello the hello of TLS, DTLS or QUIC
 */
public record Handshake(
        Protocol protocol,
        String name,
        boolean encryptedHello,
        String chosen,
        Optional<ClientHello> hello) {

    /** Which protocol a flow begins with. */
    public enum Protocol {
        /** TLS over TCP. */
        TLS,
        /** DTLS over UDP. */
        DTLS,
        /** QUIC of version 1 or 2, or one of their drafts. */
        QUIC,
        /** HTTP/1 in clear text. */
        HTTP,
        /** DNS over UDP or TCP, multicast DNS, LLMNR. */
        DNS,
        /** SSH. */
        SSH,
        /** Another one. */
        OTHER
    }

    public Handshake {
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(chosen, "chosen");
        Objects.requireNonNull(hello, "hello");
    }
}
