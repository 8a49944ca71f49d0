/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.testing.hello.QuicWriter.acknowledgement;
import static io.serveflow.testing.hello.QuicWriter.crypto;
import static io.serveflow.testing.hello.QuicWriter.padding;
import static io.serveflow.testing.hello.QuicWriter.ping;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Handshake.Protocol;
import io.serveflow.testing.hello.HelloWriter;
import io.serveflow.testing.hello.QuicWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hellos of QUIC. */
class QuicHelloTest {

    private static final String NAME = "www.example.org";
    private static final byte[] ID = HexFormat.of().parseHex("8394c8f03e515708");
    private static final byte[] OTHER_ID = HexFormat.of().parseHex("00112233");
    private static final byte[] TOKEN = new byte[70];
    private static final byte[] HELLO =
            HelloWriter.ofABrowser(NAME).transportParameters(1, 4, 27 + 31 * 5, 15).message();

    private final HandshakeReader reader = new HandshakeReader();

    @ParameterizedTest
    @CsvSource({"rfc9001-client-initial,1", "rfc9369-client-initial,1798521807"})
    void shouldReadTheExampleOfTheStandard(final String file, final long version)
            throws IOException {
        final Handshake found = read(new MadeFlow(443).datagram(true, resource(file)));

        assertThat(found.protocol()).isEqualTo(Protocol.QUIC);
        assertThat(found.name()).isEqualTo("example.com");
        assertThat(found.hello())
                .contains(
                        new ClientHello(
                                237,
                                true,
                                version,
                                List.of(0x0304),
                                List.of(0x1301, 0x1302),
                                List.of(0, 0xff01, 10, 16, 5, 51, 43, 13, 45, 28, 57),
                                List.of(0x001d, 0x0017, 0x0018),
                                List.of("alpn"),
                                List.of(4L, 5L, 7L, 8L, 1L, 9L, 15L, 6L),
                                false));
    }

    @ParameterizedTest
    @ValueSource(ints = {QuicWriter.V1, QuicWriter.V2, QuicWriter.DRAFT_29})
    void shouldReadAHelloInTwoDatagrams(final int version) {
        final QuicWriter writer = new QuicWriter(version, ID);

        final Handshake found =
                read(
                        new MadeFlow(443)
                                .datagram(true, writer.initial(0, crypto(HELLO, 0, 1100)))
                                .datagram(
                                        true,
                                        writer.initial(
                                                1,
                                                crypto(HELLO, 1100, HELLO.length),
                                                padding(300))));

        assertWhole(found);
        assertThat(hello(found).quicVersion()).isEqualTo(version & 0xffff_ffffL);
        assertThat(hello(found).transportParameters()).containsExactly(1L, 4L, 15L);
        assertThat(found.encryptedHello()).isTrue();
    }

    @Test
    void shouldReadAHelloInShuffledFrames() {
        final List<byte[]> frames = new ArrayList<>();
        for (int from = 0; from < HELLO.length; from += 37) {
            frames.add(crypto(HELLO, from, Math.min(HELLO.length, from + 37)));
            frames.add(from % 2 == 0 ? ping() : padding(3));
        }
        Collections.shuffle(frames, new Random(1));
        frames.add(0, acknowledgement());
        final int half = frames.size() / 2;
        final QuicWriter writer = new QuicWriter(QuicWriter.V1, ID);

        assertWhole(
                read(
                        new MadeFlow(443)
                                .datagram(
                                        true,
                                        writer.initial(
                                                0, frames.subList(0, half).toArray(byte[][]::new)))
                                .datagram(
                                        true,
                                        writer.initial(
                                                1,
                                                frames.subList(half, frames.size())
                                                        .toArray(byte[][]::new)))));
    }

    @Test
    void shouldReadAHelloInManyDatagrams() {
        final QuicWriter writer = new QuicWriter(QuicWriter.V1, ID);
        final MadeFlow flow = new MadeFlow(443);
        for (int from = 0; from < HELLO.length; from += 100) {
            final int to = Math.min(HELLO.length, from + 100);
            flow.datagram(true, writer.initial(from, crypto(HELLO, from, to)));
        }

        assertWhole(read(flow));
    }

    @Test
    void shouldReadAHelloInPacketsOfOneDatagram() {
        final QuicWriter writer = new QuicWriter(QuicWriter.V1, ID);

        assertWhole(
                read(
                        new MadeFlow(443)
                                .datagram(
                                        true,
                                        concat(
                                                writer.initial(0, crypto(HELLO, 900, 1300)),
                                                zeroRtt(),
                                                writer.initial(1, crypto(HELLO, 0, 900))))
                                .datagram(
                                        true,
                                        writer.initial(2, crypto(HELLO, 1300, HELLO.length)))));
    }

    @Test
    void shouldReadAHelloWhoseDatagramsCameInAnotherOrder() {
        final QuicWriter writer = new QuicWriter(QuicWriter.V1, ID);

        assertWhole(
                read(
                        new MadeFlow(443)
                                .datagram(
                                        true, writer.initial(1, crypto(HELLO, 1100, HELLO.length)))
                                .datagram(true, writer.initial(0, crypto(HELLO, 0, 1100)))));
    }

    @Test
    void shouldKeepTheKeysWhereTheClientTakesTheIdOfTheServer() {
        assertWhole(
                read(
                        new MadeFlow(443)
                                .datagram(
                                        true,
                                        new QuicWriter(QuicWriter.V1, ID)
                                                .initial(0, crypto(HELLO, 0, 1100)))
                                .datagram(
                                        true,
                                        new QuicWriter(QuicWriter.V1, ID, OTHER_ID)
                                                .initial(1, crypto(HELLO, 1100, HELLO.length)))));
    }

    @Test
    void shouldTakeTheKeysOfTheIdThatARetryNames() {
        final QuicWriter after = new QuicWriter(QuicWriter.V1, OTHER_ID).token(TOKEN);

        assertWhole(
                read(
                        new MadeFlow(443)
                                .datagram(
                                        true,
                                        new QuicWriter(QuicWriter.V1, ID)
                                                .initial(0, crypto(HELLO, 0, 1100)))
                                .datagram(false, retry())
                                .datagram(true, after.initial(1, crypto(HELLO, 0, 1000)))
                                .datagram(
                                        true,
                                        after.initial(2, crypto(HELLO, 1000, HELLO.length)))));
    }

    @Test
    void shouldTakeTheKeysOfAnotherVersionThatTheServerChose() {
        assertWhole(
                read(
                        new MadeFlow(443)
                                .datagram(
                                        true,
                                        new QuicWriter(QuicWriter.V1, ID)
                                                .initial(0, crypto(HELLO, 0, 1100)))
                                .datagram(
                                        true,
                                        new QuicWriter(QuicWriter.V2, ID, OTHER_ID)
                                                .initial(1, crypto(HELLO, 1100, HELLO.length)))));
    }

    @Test
    void shouldReadTheBeginningOfADatagramThatWasCut() {
        final byte[] hello =
                HelloWriter.client().serverName(NAME).extension(51, new byte[900]).message();
        final byte[] packet =
                new QuicWriter(QuicWriter.V1, ID)
                        .initial(0, crypto(hello, 0, hello.length), padding(100));

        final Handshake found = read(new MadeFlow(443).snap(400).datagram(true, packet));

        assertThat(found.name()).isEqualTo(NAME);
        assertThat(hello(found).length()).isEqualTo(hello.length - 4);
        assertThat(hello(found).complete()).isFalse();
        assertThat(hello(found).extensions()).containsExactly(0, 51);
    }

    @Test
    void shouldSayThatItIsQuicWhereOnlyAFewBytesWereKept() {
        final Handshake found =
                read(
                        new MadeFlow(443)
                                .snap(128)
                                .datagram(
                                        true,
                                        new QuicWriter(QuicWriter.V1, ID)
                                                .initial(0, crypto(HELLO, 0, 1100))));

        assertThat(found.protocol()).isEqualTo(Protocol.QUIC);
        assertThat(found.name()).isEmpty();
        assertThat(hello(found).length()).isEqualTo(HELLO.length - 4);
    }

    @Test
    void shouldReadTheNameInACutDatagramThatDoesNotBeginTheHello() {
        final int name = HelloWriter.indexOf(HELLO, NAME) - 20;
        final byte[] packet =
                new QuicWriter(QuicWriter.V1, ID)
                        .initial(
                                0,
                                padding(40),
                                crypto(HELLO, name, name + 200),
                                ping(),
                                crypto(HELLO, 0, 900));

        final Handshake found = read(new MadeFlow(443).snap(300).datagram(true, packet));

        assertThat(found.name()).isEqualTo(NAME);
        assertThat(hello(found).length()).isZero();
    }

    @Test
    void shouldReadPacketsOfDatagramsThatTheSystemWouldHaveSplit() {
        final QuicWriter writer = new QuicWriter(QuicWriter.V1, ID);
        final byte[] datagrams =
                concat(
                        writer.initial(0, crypto(HELLO, 1100, HELLO.length)),
                        padding(300),
                        writer.initial(1, crypto(HELLO, 0, 1100)));

        assertWhole(read(new MadeFlow(443).datagram(true, datagrams)));
    }

    @Test
    void shouldTakeNothingFromAPacketWhoseTagIsWrong() {
        final byte[] packet = new QuicWriter(QuicWriter.V1, ID).initial(0, crypto(HELLO, 0, 1100));
        packet[packet.length - 1] ^= 1;

        assertThat(reader.read(new MadeFlow(443).datagram(true, packet).packets())).isEmpty();
    }

    @Test
    void shouldReadTheHelloOfAClientThatIsTakenForTheResponder() {
        final QuicWriter writer = new QuicWriter(QuicWriter.V1, ID);

        assertWhole(
                read(
                        new MadeFlow(443)
                                .datagram(true, retry())
                                .datagram(false, writer.initial(0, crypto(HELLO, 0, 1100)))
                                .datagram(
                                        false,
                                        writer.initial(1, crypto(HELLO, 1100, HELLO.length)))));
    }

    @Test
    void shouldSayNothingOfUnknownVersions() {
        final byte[] packet = new QuicWriter(QuicWriter.V1, ID).initial(0, crypto(HELLO, 0, 1100));
        packet[1] = 0x55;

        assertThat(reader.read(new MadeFlow(443).datagram(true, packet).packets())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0d1122334455667788,Q043,01", "c3,Q046,5011223344556677880000"})
    void shouldReadTheNameInTheClearHelloOfGoogle(
            final String before, final String version, final String behind) {
        final byte[] packet =
                concat(
                        HexFormat.of().parseHex(before),
                        version.getBytes(ISO_8859_1),
                        HexFormat.of().parseHex(behind),
                        new byte[12],
                        HexFormat.of().parseHex("a0010440"),
                        chlo());

        final Handshake found = read(new MadeFlow(443).datagram(true, packet));

        assertThat(found.protocol()).isEqualTo(Protocol.QUIC);
        assertThat(found.name()).isEqualTo(NAME);
        assertThat(hello(found).length()).isEqualTo(chlo().length);
        assertThat(hello(found).complete()).isTrue();
        assertThat(hello(found).quicVersion())
                .isEqualTo(version.equals("Q043") ? 0x51303433 : 0x51303436);
    }

    private static byte[] chlo() {
        return ByteBuffer.allocate(8 + 2 * 8 + 10 + NAME.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("CHLO".getBytes(ISO_8859_1))
                .putInt(2)
                .put("PAD\0".getBytes(ISO_8859_1))
                .putInt(10)
                .put("SNI\0".getBytes(ISO_8859_1))
                .putInt(10 + NAME.length())
                .put(new byte[10])
                .put(NAME.getBytes(ISO_8859_1))
                .array();
    }

    /** A packet with early data, which nobody else can read. */
    private static byte[] zeroRtt() {
        return concat(
                new byte[] {(byte) 0xd3, 0, 0, 0, 1, 8}, ID, new byte[] {0, 30}, new byte[30]);
    }

    private static byte[] retry() {
        return concat(
                new byte[] {(byte) 0xf0, 0, 0, 0, 1, 0, (byte) OTHER_ID.length},
                OTHER_ID,
                TOKEN,
                new byte[16]);
    }

    private static byte[] resource(final String name) throws IOException {
        try (InputStream file = QuicHelloTest.class.getResourceAsStream(name + ".hex")) {
            return HexFormat.of()
                    .parseHex(new String(file.readAllBytes(), ISO_8859_1).replaceAll("\\s", ""));
        }
    }

    private static void assertWhole(final Handshake found) {
        assertThat(found.protocol()).isEqualTo(Protocol.QUIC);
        assertThat(found.name()).isEqualTo(NAME);
        assertThat(hello(found).complete()).isTrue();
        assertThat(hello(found).length()).isEqualTo(HELLO.length - 4);
    }

    private Handshake read(final MadeFlow flow) {
        return reader.read(flow.packets()).orElseThrow();
    }

    private static ClientHello hello(final Handshake found) {
        return found.hello().orElseThrow();
    }
}
