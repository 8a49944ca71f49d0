/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.Handshake;
import io.serveflow.flow.Handshake.Protocol;
import io.serveflow.testing.hello.HelloWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the originator says in HTTP/1, DNS and SSH. */
class ClearTextTest {

    private static final String QUESTION = "\1\2\1\0\0\1\0\0\0\0\0\0\3wWw\7example\3org\0\0\1\0\1";

    private final HandshakeReader reader = new HandshakeReader();

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1|Accept: */*|HOST:  Example.ORG:8080 ||',example.org",
        "'GET http://user@a.example:80/x HTTP/1.1|Host: b.example||',a.example",
        "'GET http://a.example?x HTTP/1.0||',a.example",
        "'CONNECT a.example:443 HTTP/1.1|Host: b.example||',a.example",
        "'OPTIONS * HTTP/1.1|Host: 192.0.2.7||',192.0.2.7",
        "'POST /a b HTTP/1.1|Host: a.example||',a.example",
        "'GET / HTTP/1.1|Host: [2001:db8::1]:80||',''",
        "'GET / HTTP/1.1||Host: a.example|',''",
        "'GET / HTTP/1.0||',''",
        "'GET / HTTP/1.1|Host: a.exam',''",
        "'GET /long',''"
    })
    void shouldReadWhomARequestIsFor(final String request, final String name) {
        assertThat(tcp(80, request.replace("|", "\r\n")))
                .contains(new Handshake(Protocol.HTTP, name, false, "", Optional.empty()));
    }

    @Test
    void shouldReadARequestInTwoSegments() {
        final Optional<Handshake> found =
                reader.read(
                        new MadeFlow(80)
                                .syn(true, 4)
                                .segment(true, 5 + 24, bytes(".example\r\n\r\n"))
                                .segment(true, 5, bytes("GET / HTTP/1.1\r\nHost: aa"))
                                .packets());

        assertThat(found.orElseThrow().name()).isEqualTo("aa.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "OPTIONS rtsp://a.example RTSP/1.0\r\nCSeq: 1\r\n\r\n",
                "EHLO a.example\r\n",
                "USER a",
                "220 a.example ESMTP\r\n"
            })
    void shouldNotTakeOtherLinesForARequest(final String line) {
        assertThat(tcp(80, line)).isEmpty();
    }

    @Test
    void shouldPreferTheHelloThatAProxyIsToPassOn() {
        final Handshake found =
                reader.read(
                                new MadeFlow(8080)
                                        .segment(true, 1, bytes("CONNECT a:443 HTTP/1.1\r\n\r\n"))
                                        .segment(false, 1, bytes("HTTP/1.1 200 OK\r\n\r\n"))
                                        .segment(
                                                true,
                                                27,
                                                HelloWriter.client().serverName("b").record())
                                        .packets())
                        .orElseThrow();

        assertThat(found.protocol()).isEqualTo(Protocol.TLS);
        assertThat(found.name()).isEqualTo("b");
    }

    @Test
    void shouldKnowSshByEitherSide() {
        final Handshake ssh = new Handshake(Protocol.SSH, "", false, "", Optional.empty());

        assertThat(tcp(2222, "SSH-2.0-OpenSSH_9.2\r\n")).contains(ssh);
        assertThat(
                        reader.read(
                                new MadeFlow(22)
                                        .syn(true, 1)
                                        .segment(false, 1, bytes("SSH-2.0-x\r\n"))
                                        .packets()))
                .contains(ssh);
    }

    @ParameterizedTest
    @ValueSource(ints = {53, 5353, 5355})
    void shouldReadTheQuestionOfDns(final int port) {
        assertThat(udp(port, QUESTION))
                .contains(
                        new Handshake(
                                Protocol.DNS, "www.example.org", false, "", Optional.empty()));
    }

    @Test
    void shouldReadTheQuestionOfDnsOverTcp() {
        final String message = "\0" + (char) QUESTION.length() + QUESTION;

        assertThat(tcp(53, message).orElseThrow().name()).isEqualTo("www.example.org");
    }

    @Test
    void shouldReadTheQuestionOfMulticastDnsForOneHost() {
        final String question = QUESTION.substring(0, QUESTION.length() - 2) + "\u0080\1";

        assertThat(udp(5353, question).orElseThrow().name()).isEqualTo("www.example.org");
    }

    @Test
    void shouldReadTheFirstQuestionBehindAnswers() {
        final byte[] announcement = bytes("\0\0\204\0\0\0\0\1\0\0\0\0\1a\5local\0\0\1\0\1");

        final Optional<Handshake> found =
                reader.read(
                        new MadeFlow(5353, 5353)
                                .datagram(true, announcement)
                                .datagram(true, bytes(QUESTION))
                                .packets());

        assertThat(found.orElseThrow().name()).isEqualTo("www.example.org");
    }

    @Test
    void shouldSayThatItIsDnsWithoutAName() {
        final String root = QUESTION.substring(0, 12) + "\0\0\2\0\1";
        final String service = QUESTION.replace("\3wWw", "\4my p");

        assertThat(udp(53, root).orElseThrow().name()).isEmpty();
        assertThat(udp(53, service).orElseThrow().name()).isEmpty();
        assertThat(udp(53, QUESTION.substring(0, 20)).orElseThrow().name()).isEmpty();
    }

    @Test
    void shouldNotTakeOtherDatagramsOfThePortForDns() {
        assertThat(udp(53, "hello world, this is no DNS at all")).isEmpty();
        assertThat(udp(53, QUESTION.substring(0, 12) + "\300\14\0\1\0\1")).isEmpty();
        assertThat(udp(54, QUESTION)).isEmpty();
    }

    private Optional<Handshake> tcp(final int port, final String payload) {
        return reader.read(new MadeFlow(port).segment(true, 1, bytes(payload)).packets());
    }

    private Optional<Handshake> udp(final int port, final String payload) {
        return reader.read(new MadeFlow(port).datagram(true, bytes(payload)).packets());
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(ISO_8859_1);
    }
}
