/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Handshake.Protocol;
import io.serveflow.flow.Packets;
import io.serveflow.flow.TestPackets;
import io.serveflow.testing.hello.HelloWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hellos of TLS over TCP. */
class TlsHelloTest {

    private static final String NAME = "www.example.org";
    private static final byte[] BROWSER = HelloWriter.ofABrowser(NAME).record();

    private final HandshakeReader reader = new HandshakeReader();

    @Test
    void shouldReadTheFieldsOfAHello() {
        final Handshake found = read(new MadeFlow(443).part(BROWSER, 0, BROWSER.length));

        assertThat(found.protocol()).isEqualTo(Protocol.TLS);
        assertThat(found.name()).isEqualTo(NAME);
        assertThat(found.encryptedHello()).isTrue();
        assertThat(found.chosen()).isEmpty();
        assertThat(found.hello())
                .contains(
                        new ClientHello(
                                BROWSER.length - 5 - 4,
                                true,
                                0,
                                List.of(0x0304, 0x0303),
                                List.of(0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030),
                                List.of(10, 51, 43, 16, 0, 0xfe0d, 13),
                                List.of(0x11ec, 0x001d, 0x0017, 0x0018),
                                List.of("h2", "http/1.1"),
                                List.of(),
                                true));
    }

    @Test
    void shouldTakeTheVersionOfTheHelloWhereNoOthersAreOffered() {
        final byte[] hello = HelloWriter.client().version(0x0301).serverName(NAME).record();

        final Handshake found = read(new MadeFlow(443).part(hello, 0, hello.length));

        assertThat(hello(found).versions()).containsExactly(0x0301);
        assertThat(hello(found).grease()).isFalse();
        assertThat(found.encryptedHello()).isFalse();
    }

    @Test
    void shouldReadAHelloInTwoSegments() {
        assertWhole(new MadeFlow(443).part(BROWSER, 0, 1448).part(BROWSER, 1448, BROWSER.length));
    }

    @Test
    void shouldReadAHelloInThreeSegmentsWithTheNameTorn() {
        final int name = HelloWriter.indexOf(BROWSER, NAME) + 4;

        assertWhole(
                new MadeFlow(443)
                        .syn(true, 999)
                        .syn(false, 5)
                        .part(BROWSER, 0, 700)
                        .part(BROWSER, 700, name)
                        .part(BROWSER, name, BROWSER.length));
    }

    @Test
    void shouldReadAHelloWhoseSegmentsCameInAnotherOrder() {
        assertWhole(
                new MadeFlow(443)
                        .syn(true, 999)
                        .part(BROWSER, 1400, BROWSER.length)
                        .part(BROWSER, 0, 700)
                        .part(BROWSER, 700, 1400));
    }

    @Test
    void shouldReadAHelloInAnotherOrderWithoutTheFirstPacketOfTheFlow() {
        assertWhole(
                new MadeFlow(443)
                        .part(BROWSER, 700, 1400)
                        .part(BROWSER, 1400, BROWSER.length)
                        .part(BROWSER, 0, 700));
    }

    @Test
    void shouldReadAHelloAcrossTheEndOfTheSequenceNumbers() {
        final int first = -300;

        assertWhole(
                new MadeFlow(443)
                        .segment(
                                true, first + 700, Arrays.copyOfRange(BROWSER, 700, BROWSER.length))
                        .segment(true, first, Arrays.copyOfRange(BROWSER, 0, 700)));
    }

    @Test
    void shouldKeepTheFirstOfBytesThatCameTwice() {
        final byte[] other = BROWSER.clone();
        Arrays.fill(other, 500, 900, (byte) 'x');

        assertWhole(
                new MadeFlow(443)
                        .part(BROWSER, 0, 1000)
                        .part(BROWSER, 0, 1000)
                        .part(other, 400, 1000)
                        .part(BROWSER, 900, 1500)
                        .part(BROWSER, 1200, BROWSER.length));
    }

    @Test
    void shouldReadAHelloInSeveralRecords() {
        final byte[] records = HelloWriter.ofABrowser(NAME).records(300);

        assertWhole(new MadeFlow(443).part(records, 0, 1000).part(records, 1000, records.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 6, 8, 20})
    void shouldReadAHelloWhoseFirstSegmentIsShorterThanItsHeaders(final int first) {
        assertWhole(
                new MadeFlow(443)
                        .syn(true, 999)
                        .part(BROWSER, 0, first)
                        .part(BROWSER, first, BROWSER.length));
    }

    @Test
    void shouldSayWhatIsKnownOfAHelloThatWasCut() {
        final byte[] hello =
                HelloWriter.client()
                        .serverName(NAME)
                        .groups(29, 23)
                        .extension(51, new byte[1200])
                        .versions(0x0304)
                        .record();

        final Handshake found = read(new MadeFlow(443).snap(400).part(hello, 0, hello.length));

        assertThat(found.name()).isEqualTo(NAME);
        assertThat(hello(found))
                .isEqualTo(
                        new ClientHello(
                                hello.length - 9,
                                false,
                                0,
                                List.of(0x0303),
                                List.of(0x1301, 0x1302, 0x1303),
                                List.of(0, 10, 51),
                                List.of(29, 23),
                                List.of(),
                                List.of(),
                                false));
    }

    @Test
    void shouldSayNoNameOfWhichAPartWasCut() {
        final byte[] hello = HelloWriter.client().groups(29).serverName(NAME).record();
        final int kept = 40 + HelloWriter.indexOf(hello, NAME) + NAME.length();

        assertThat(read(new MadeFlow(443).snap(kept - 1).part(hello, 0, hello.length)).name())
                .isEmpty();
        assertThat(read(new MadeFlow(443).snap(kept).part(hello, 0, hello.length)).name())
                .isEqualTo(NAME);
    }

    @Test
    void shouldSayHowLongAHelloIsOfWhichTheBeginningIsThere() {
        final Handshake found = read(new MadeFlow(443).snap(128).part(BROWSER, 0, BROWSER.length));

        assertThat(found.name()).isEmpty();
        assertThat(hello(found).length()).isEqualTo(BROWSER.length - 9);
        assertThat(hello(found).complete()).isFalse();
        assertThat(hello(found).ciphers()).startsWith(0x1301, 0x1302);
    }

    @Test
    void shouldReadFieldsUpToAGapAndTheNameBehindIt() {
        final Handshake found =
                read(new MadeFlow(443).part(BROWSER, 0, 300).part(BROWSER, 600, BROWSER.length));

        assertThat(found.name()).isEqualTo(NAME);
        assertThat(hello(found).complete()).isFalse();
        assertThat(hello(found).groups()).isNotEmpty();
        assertThat(hello(found).extensions()).containsExactly(10, 51);
    }

    @Test
    void shouldReadTheNameInTheSecondOfTwoCutSegments() {
        final byte[] hello =
                HelloWriter.client()
                        .extension(51, new byte[1263])
                        .extension(10, new byte[90])
                        .serverName(NAME)
                        .extension(21, new byte[300])
                        .record();

        final MadeFlow flow = new MadeFlow(443).snap(400);

        assertThat(read(flow.part(hello, 0, 1400).part(hello, 1400, hello.length)).name())
                .isEqualTo(NAME);
    }

    @Test
    void shouldReadAHelloBehindClearText() {
        final Handshake found =
                read(
                        new MadeFlow(587)
                                .syn(true, 0)
                                .segment(false, 1, "220 ready\r\n".getBytes(ISO_8859_1))
                                .segment(true, 1, "STARTTLS\r\n".getBytes(ISO_8859_1))
                                .segment(false, 12, "220 go ahead\r\n".getBytes(ISO_8859_1))
                                .segment(true, 11 + 700, Arrays.copyOfRange(BROWSER, 700, 1972))
                                .segment(true, 11, Arrays.copyOfRange(BROWSER, 0, 700)));

        assertThat(found.protocol()).isEqualTo(Protocol.TLS);
        assertThat(hello(found).ciphers()).hasSize(7);
    }

    @Test
    void shouldReadTheHelloOfAClientThatIsTakenForTheResponder() {
        final Handshake found =
                read(
                        new MadeFlow(443)
                                .segment(true, 1, HelloWriter.server().record())
                                .segment(false, 1, BROWSER));

        assertThat(found.name()).isEqualTo(NAME);
    }

    @Test
    void shouldReadWhatTheServerChose() {
        final byte[] answer = HelloWriter.server().ciphers(0xc02f).protocols("h2").record();

        final Handshake found =
                read(
                        new MadeFlow(443)
                                .syn(true, 999)
                                .syn(false, 4)
                                .part(BROWSER, 0, BROWSER.length)
                                .segment(false, 5, answer));

        assertThat(found.chosen()).isEqualTo("h2");
        assertThat(found.name()).isEqualTo(NAME);
    }

    @Test
    void shouldReadTheProtocolsOfIPv6() {
        final byte[] packet =
                TestPackets.ipv6(
                        TestPackets.TCP,
                        "fe80::1",
                        "fe80::2",
                        TestPackets.tcp(40_001, 443, 1, 0, MadeFlow.ACK, BROWSER));
        final Packets packets =
                new Packets.Builder().add(0, true, packet.length, packet, 0, packet.length).build();

        assertThat(reader.read(packets).orElseThrow().name()).isEqualTo(NAME);
    }

    @ParameterizedTest
    @CsvSource({
        "WWW.Example.ORG,www.example.org",
        "www.example.org.,www.example.org",
        "_sip.example,_sip.example",
        "exa mple.org,''",
        "a..b,''",
        ".,''",
        "b\u00fccher.example,''",
        "'',''"
    })
    void shouldTakeOnlyWhatMayBeAHost(final String stated, final String name) {
        final byte[] hello = HelloWriter.client().serverName(stated).record();

        assertThat(read(new MadeFlow(443).part(hello, 0, hello.length)).name()).isEqualTo(name);
    }

    @Test
    void shouldTakeNoNameOfMoreThan255Characters() {
        assertThat(nameOf("a".repeat(255))).hasSize(255);
        assertThat(nameOf("a".repeat(256))).isEmpty();
    }

    @Test
    void shouldSayNothingOfOtherPayloads() {
        assertThat(reader.read(new MadeFlow(443).syn(true, 1).packets())).isEmpty();
        assertThat(reader.read(new MadeFlow(443).segment(true, 1, new byte[100]).packets()))
                .isEmpty();
        assertThat(
                        reader.read(
                                new MadeFlow(443)
                                        .segment(true, 1, HelloWriter.server().record())
                                        .packets()))
                .isEmpty();
    }

    @Test
    void shouldHoldNoMoreThanAHelloMayHave() {
        final byte[] hello = HelloWriter.client().extension(21, new byte[60_000]).message();
        final byte[] records = HelloWriter.client().extension(21, new byte[60_000]).records(16_384);
        final MadeFlow flow = new MadeFlow(443);
        for (int from = 0; from < records.length; from += 1400) {
            flow.part(records, from, Math.min(records.length, from + 1400));
        }

        final Handshake found = read(flow);

        assertThat(hello(found).length()).isEqualTo(hello.length - 4);
        assertThat(hello(found).complete()).isFalse();
        assertThat(hello(found).extensions()).containsExactly(21);
    }

    private String nameOf(final String name) {
        final byte[] hello = HelloWriter.client().serverName(name).record();
        return read(new MadeFlow(443).part(hello, 0, hello.length)).name();
    }

    private void assertWhole(final MadeFlow flow) {
        final Handshake found = read(flow);
        assertThat(found.name()).isEqualTo(NAME);
        assertThat(found).isEqualTo(read(new MadeFlow(443).part(BROWSER, 0, BROWSER.length)));
    }

    private Handshake read(final MadeFlow flow) {
        return reader.read(flow.packets()).orElseThrow();
    }

    private static ClientHello hello(final Handshake found) {
        return found.hello().orElseThrow();
    }
}
