/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static io.serveflow.flow.SampleFlows.context;
import static io.serveflow.flow.SampleFlows.hex;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Packets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeEncoderTest {

    private static final byte[] TCP =
            hex(
                    "45 00 0000 0001 4000 40 06 0000 0a000005 cb007109"
                            + "d431 0050 00000001 00000001 50 18 ffff 0000 0000");

    private static final ClientHello HELLO =
            new ClientHello(
                    1_787,
                    true,
                    1,
                    List.of(0x0304, 0x0303),
                    List.of(0x1301, 0x1302, 0xc02b),
                    List.of(0, 16, 51, 57),
                    List.of(0x11ec, 29, 23),
                    List.of("h3", "h3-29"),
                    List.of(1L, 4L, 0x4752L),
                    true);

    private final HandshakeEncoder encoder = new HandshakeEncoder(10, Set.of());

    @Test
    void shouldSayWhatAHostIsKnownFor() {
        assertThat(row(encoder, said("rr4---sn-5hne6nzy.googlevideo.com")))
                .contains(
                        entry("host", 1f),
                        entry("host_labels", 3f),
                        entry("host_streaming", 1f),
                        entry("host_gaming", 0f),
                        entry("says_tls", 1f),
                        entry("says_quic", 0f));
    }

    @ParameterizedTest
    @CsvSource({
        "netflix.com, 1",
        "www.netflix.com, 1",
        "notnetflix.com, 0",
        "netflix.com.example.org, 0",
        "com, 0"
    })
    void shouldKnowADomainAndWhatIsBelowItAlone(final String name, final float streaming) {
        assertThat(row(encoder, said(name))).containsEntry("host_streaming", streaming);
    }

    @Test
    void shouldKnowASingleHostAndNothingBelowIt() {
        assertThat(row(encoder, said("dns.google"))).containsEntry("host_dns_secure", 1f);
        assertThat(row(encoder, said("a.dns.google"))).containsEntry("host_dns_secure", 0f);
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.discord.example.org, messaging",
        "db-postgres-7.example.org, database",
        "smtp.example.org, mail"
    })
    void shouldKnowWhatTheLabelsOfAHostAndTheirPartsSay(final String name, final String kind) {
        assertThat(row(encoder, said(name))).containsEntry("label_" + kind, 1f);
    }

    @Test
    void shouldKnowNothingOfAPartOfAWord() {
        assertThat(row(encoder, said("discordant.example.org")))
                .containsEntry("label_messaging", 0f);
    }

    @Test
    void shouldMeasureTheName() {
        assertThat(row(encoder, said("r3---sn-p5q7.example.org")))
                .contains(
                        entry("host_length", 24f),
                        entry("host_longest", 12f),
                        entry("host_digits", 3f));
    }

    @Test
    void shouldHaveNoColumnOfANameUnderTheMask() {
        final HandshakeEncoder nameless = new HandshakeEncoder(10, EnumSet.of(Mask.NAMES));

        assertThat(nameless.columns()).noneMatch(column -> column.matches("host|(host|label)_.*"));
        assertThat(row(nameless, said("www.netflix.com")))
                .isEqualTo(row(nameless, said("www.example.org")));
    }

    @Test
    void shouldReadTheHostOutOfThePackets() {
        assertThat(row(encoder, asking("www.netflix.com")))
                .contains(entry("host_streaming", 1f), entry("says_http", 1f));
    }

    @Test
    void shouldTakeNoNameFromThePacketsWhereTheSensorSaysNone() {
        final FlowRecord flow =
                asking("www.netflix.com")
                        .saying(
                                Optional.of(
                                        new Handshake(
                                                Handshake.Protocol.HTTP,
                                                "",
                                                false,
                                                "",
                                                Optional.empty())));

        assertThat(row(encoder, flow)).contains(entry("host", 0f), entry("host_streaming", 0f));
    }

    @Test
    void shouldDescribeAHello() {
        final FlowRecord flow =
                asking("example.org")
                        .saying(
                                Optional.of(
                                        new Handshake(
                                                Handshake.Protocol.QUIC,
                                                "example.org",
                                                true,
                                                "",
                                                Optional.of(HELLO))));

        assertThat(row(encoder, flow))
                .contains(
                        entry("says_quic", 1f),
                        entry("hello_encrypted", 1f),
                        entry("hello_bytes", 1_787f),
                        entry("hello_whole", 1f),
                        entry("hello_ciphers", 3f),
                        entry("hello_extensions", 4f),
                        entry("hello_version", 4f),
                        entry("hello_quic", 1f),
                        entry("hello_parameters", 3f),
                        entry("hello_grease", 1f),
                        entry("ciphers_tls13", 2f),
                        entry("ciphers_ecdhe", 1f),
                        entry("extension_key_share", 1f),
                        entry("extension_padding", 0f),
                        entry("group_post_quantum", 1f),
                        entry("protocol_h3", 1f),
                        entry("protocol_h2", 0f));
    }

    @Test
    void shouldGiveTheSameRowWhateverTheOrderOfExtensions() {
        final ClientHello shuffled =
                new ClientHello(
                        1_787,
                        true,
                        1,
                        List.of(0x0303, 0x0304),
                        HELLO.ciphers(),
                        List.of(57, 0, 51, 16),
                        HELLO.groups(),
                        HELLO.protocols(),
                        List.of(4L, 0x4752L, 1L),
                        true);

        assertThat(row(encoder, with(shuffled))).isEqualTo(row(encoder, with(HELLO)));
    }

    @Test
    void shouldMarkTheHelloThatIsAbsent() {
        assertThat(row(encoder, asking("example.org")))
                .contains(entry("hello_bytes", -1f), entry("extension_alpn", -1f));
    }

    /** Models are trained on what a table says; one that changes needs a version of its own. */
    @Test
    void shouldHaveTheTableOfVersion1() throws IOException, NoSuchAlgorithmException {
        assertThat(HandshakeEncoder.VERSION).isEqualTo(1);
        try (InputStream in = FeatureEncoders.class.getResourceAsStream("known-hosts.csv")) {
            assertThat(
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256")
                                                    .digest(in.readAllBytes())))
                    .isEqualTo("5d54e82a396aa28818e98624359db47ee11146ae38c4779de14d9668ac0fe43a");
        }
    }

    private static FlowRecord with(final ClientHello hello) {
        return asking("example.org")
                .saying(
                        Optional.of(
                                new Handshake(
                                        Handshake.Protocol.QUIC,
                                        "example.org",
                                        false,
                                        "",
                                        Optional.of(hello))));
    }

    private static FlowRecord said(final String name) {
        return asking("example.org")
                .saying(
                        Optional.of(
                                new Handshake(
                                        Handshake.Protocol.TLS,
                                        name,
                                        false,
                                        "",
                                        Optional.empty())));
    }

    private static FlowRecord asking(final String host) {
        final byte[] payload =
                ("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(ISO_8859_1);
        final byte[] packet = Arrays.copyOf(TCP, TCP.length + payload.length);
        System.arraycopy(payload, 0, packet, TCP.length, payload.length);
        return context(new Packets.Builder().add(0, true, packet.length, packet, 0, packet.length));
    }

    private static Map<String, Float> row(final FeatureEncoder encoder, final FlowRecord flow) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(flow, row);
        final Map<String, Float> named = new LinkedHashMap<>();
        for (int i = 0; i < encoder.width(); i++) {
            named.put(encoder.columns().get(i), row.get(i));
        }
        return named;
    }
}
