/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.flow.TestPackets.concat;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.Handshake;
import io.serveflow.flow.Handshake.Protocol;
import io.serveflow.testing.hello.HelloWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hellos of DTLS. */
class DtlsHelloTest {

    private static final String NAME = "phone.example.org";

    private final HandshakeReader reader = new HandshakeReader();

    @Test
    void shouldReadAHello() {
        final HelloWriter hello = hello();

        final Handshake found =
                read(new MadeFlow(5684).datagram(true, hello.fragments(0, 1_000).get(0)));

        assertThat(found.protocol()).isEqualTo(Protocol.DTLS);
        assertThat(found.name()).isEqualTo(NAME);
        assertThat(found.hello().orElseThrow().length()).isEqualTo(hello.body().length);
        assertThat(found.hello().orElseThrow().complete()).isTrue();
        assertThat(found.hello().orElseThrow().versions()).containsExactly(0xfefc, 0xfefd);
    }

    @Test
    void shouldReadAHelloInFragmentsInAnyOrder() {
        final List<byte[]> fragments = hello().fragments(0, 40);

        final MadeFlow flow = new MadeFlow(5684);
        flow.datagram(true, concat(fragments.get(2), fragments.get(0)));
        flow.datagram(true, fragments.get(1));
        for (int i = 3; i < fragments.size(); i++) {
            flow.datagram(true, fragments.get(i));
        }

        assertThat(read(flow).name()).isEqualTo(NAME);
        assertThat(read(flow).hello().orElseThrow().complete()).isTrue();
    }

    @Test
    void shouldTakeTheSecondHelloWhereOfTheFirstOneAPartIsMissing() {
        final List<byte[]> first = hello().fragments(0, 60);
        final List<byte[]> second = hello().fragments(1, 1_000);

        final Handshake found =
                read(
                        new MadeFlow(5684)
                                .datagram(true, first.get(0))
                                .datagram(false, helloVerifyRequest())
                                .datagram(true, second.get(0)));

        assertThat(found.name()).isEqualTo(NAME);
    }

    @Test
    void shouldReadAHelloBehindOtherDatagramsAndOfEitherSide() {
        final byte[] stun = {0, 1, 0, 0, 0x21, 0x12, (byte) 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8};

        final Handshake found =
                read(
                        new MadeFlow(3478)
                                .datagram(true, stun)
                                .datagram(false, stun)
                                .datagram(false, hello().fragments(0, 1_000).get(0)));

        assertThat(found.protocol()).isEqualTo(Protocol.DTLS);
        assertThat(found.name()).isEqualTo(NAME);
    }

    @Test
    void shouldSayWhatIsKnownOfAHelloThatWasCut() {
        final Handshake found =
                read(
                        new MadeFlow(5684)
                                .snap(128)
                                .datagram(true, hello().fragments(0, 1_000).get(0)));

        assertThat(found.hello().orElseThrow().complete()).isFalse();
        assertThat(found.hello().orElseThrow().length()).isEqualTo(hello().body().length);
        assertThat(found.hello().orElseThrow().ciphers()).hasSize(3);
    }

    private static HelloWriter hello() {
        return HelloWriter.datagramClient()
                .versions(0xfefc, 0xfefd)
                .groups(29)
                .serverName(NAME)
                .protocols("webrtc");
    }

    private static byte[] helloVerifyRequest() {
        return concat(
                new byte[] {22, (byte) 0xfe, (byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15},
                new byte[] {3, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, (byte) 0xfe, (byte) 0xff, 0});
    }

    private Handshake read(final MadeFlow flow) {
        return reader.read(flow.packets()).orElseThrow();
    }
}
