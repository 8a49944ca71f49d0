/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.List;

/**
 * The hello that a client of TLS, DTLS or QUIC opens a connection with, as far as it is known.
 *
 * <p>Lists are in the order of the hello and without the values that mean nothing (GREASE, RFC
 * 8701). Numbers are those of the IANA registries of TLS and QUIC.
 *
 * @param length bytes of the handshake message without its header of 4 (DTLS: 12); 0 if unknown
 * @param complete whether all of it was read; otherwise the lists hold what came before its end
 * @param quicVersion version of QUIC, 0 without QUIC
 * @param versions versions of TLS that the client takes: those of {@code supported_versions}, else
 *     the one of the hello itself, such as 0x0304
 * @param ciphers cipher suites
 * @param extensions types of the extensions, {@code server_name} being 0
 * @param groups groups for the key exchange
 * @param protocols names of application protocols (ALPN), such as {@code h2}
 * @param transportParameters ids of the transport parameters of QUIC
 * @param grease whether there were values that mean nothing
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2">RFC 8446, 4.1.2</a>
 */
public record ClientHello(
        int length,
        boolean complete,
        long quicVersion,
        List<Integer> versions,
        List<Integer> ciphers,
        List<Integer> extensions,
        List<Integer> groups,
        List<String> protocols,
        List<Long> transportParameters,
        boolean grease) {

    public ClientHello {
        versions = List.copyOf(versions);
        ciphers = List.copyOf(ciphers);
        extensions = List.copyOf(extensions);
        groups = List.copyOf(groups);
        protocols = List.copyOf(protocols);
        transportParameters = List.copyOf(transportParameters);
    }

    /**
     * The highest version of TLS or DTLS that the client takes: 1 for TLS 1.0 to 4 for TLS 1.3, 0
     * if none is known.
     */
    public int highestVersion() {
        int highest = 0;
        for (final int version : versions) {
            if (version >>> 8 == 0x03) {
                highest = Math.max(highest, version & 0xff);
            } else if (version >>> 8 == 0xfe) {
                highest = Math.max(highest, 0x100 - (version & 0xff)); // DTLS counts down
            }
        }
        return highest;
    }
}
