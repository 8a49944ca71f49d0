/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.testing.hello.QuicWriter.crypto;
import static io.serveflow.testing.hello.QuicWriter.padding;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.serveflow.testing.hello.HelloWriter;
import io.serveflow.testing.hello.QuicWriter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small flows, one for each way to begin. */
final class MadeHellos {

    static final byte[] QUIC_ID = HexFormat.of().parseHex("8394c8f03e515708");

    private static final String NAME = "a.example";

    private MadeHellos() {}

    /** The flows by what they begin with. */
    static Map<String, MadeFlow> all() {
        final byte[] tls = small().records(150);
        final byte[] quic = small().transportParameters(1, 4, 27).message();
        final QuicWriter writer = new QuicWriter(QuicWriter.V1, QUIC_ID);
        final byte[] initial =
                writer.initial(0, crypto(quic, 90, quic.length), crypto(quic, 0, 90), padding(9));
        final Map<String, MadeFlow> flows = new LinkedHashMap<>();
        flows.put(
                "TLS",
                new MadeFlow(443)
                        .syn(true, 999)
                        .syn(false, 6)
                        .part(tls, 100, tls.length)
                        .part(tls, 0, 120)
                        .segment(false, 7, HelloWriter.server().protocols("h2").record()));
        flows.put("TLS, cut", new MadeFlow(443).snap(150).part(tls, 0, tls.length));
        flows.put("QUIC", new MadeFlow(443).datagram(true, initial));
        flows.put("QUIC, cut", new MadeFlow(443).snap(200).datagram(true, initial));
        flows.put(
                "QUIC in two datagrams",
                new MadeFlow(443)
                        .datagram(true, writer.initial(0, crypto(quic, 0, 80)))
                        .datagram(
                                true,
                                new QuicWriter(QuicWriter.V1, QUIC_ID, new byte[4])
                                        .token(new byte[3])
                                        .initial(1, crypto(quic, 80, quic.length))));
        final MadeFlow dtls = new MadeFlow(5684);
        HelloWriter.datagramClient()
                .serverName(NAME)
                .fragments(0, 60)
                .forEach(record -> dtls.datagram(true, record));
        flows.put("DTLS", dtls.datagram(false, HelloWriter.server().fragments(0, 90).get(0)));
        flows.put("HTTP", tcp(80, "GET http://A.example:80/ HTTP/1.1\r\nHost: a.example\r\n\r\n"));
        flows.put("SSH", tcp(22, "SSH-2.0-x\r\n"));
        flows.put("DNS over TCP", tcp(53, "\0\33" + question()));
        flows.put("DNS", new MadeFlow(53).datagram(true, question().getBytes(ISO_8859_1)));
        flows.put(
                "QUIC of Google",
                new MadeFlow(443)
                        .datagram(
                                true,
                                concat(
                                        "\15abcdefghQ043\1".getBytes(ISO_8859_1),
                                        new byte[16],
                                        "CHLO\1\0\0\0SNI\0\11\0\0\0a.example"
                                                .getBytes(ISO_8859_1))));
        return flows;
    }

    private static HelloWriter small() {
        return HelloWriter.client()
                .ciphers(0x1301, 0x2a2a)
                .serverName(NAME)
                .versions(0x0304)
                .groups(29)
                .protocols("h2", "\n\n")
                .extension(0xfe0d, 1, 2);
    }

    private static String question() {
        return "\1\2\1\0\0\1\0\0\0\0\0\0\1a\7example\0\0\1\0\1";
    }

    private static MadeFlow tcp(final int port, final String payload) {
        return new MadeFlow(port).segment(true, 1, payload.getBytes(ISO_8859_1));
    }
}
