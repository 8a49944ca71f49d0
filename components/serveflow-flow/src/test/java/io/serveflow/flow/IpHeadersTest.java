/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static io.serveflow.flow.TestPackets.TCP;
import static io.serveflow.flow.TestPackets.UDP;
import static io.serveflow.flow.TestPackets.bytes;
import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.extension;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.ipv6;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestPackets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.IpHeaders.Finding;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpHeadersTest {

    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";
    private static final String A6 = "2001:db8::1";
    private static final String B6 = "2001:db8::2";
    private static final byte[] DATA = new byte[32];
    private static final byte[] DNS = udp(5353, 53, DATA);

    private final IpHeaders headers = new IpHeaders();

    private Finding read(final byte[] packet) {
        return headers.read(packet, 0, packet.length, packet.length);
    }

    private String endpoints(final byte[] packet) {
        final int length = headers.addressLength();
        return IpAddress.format(packet, headers.sourceOffset(), length)
                + ' '
                + headers.sourcePort()
                + " > "
                + IpAddress.format(packet, headers.destinationOffset(), length)
                + ' '
                + headers.destinationPort();
    }

    @Test
    void shouldReadTcpOverIpv4() {
        final byte[] packet = ipv4(TCP, A, B, tcp(51514, 443, IpHeaders.SYN, DATA));

        assertThat(read(packet)).isEqualTo(Finding.TCP);
        assertThat(headers.transport()).isEqualTo(Transport.TCP);
        assertThat(endpoints(packet)).isEqualTo("10.0.0.1 51514 > 10.0.0.2 443");
        assertThat(headers.tcpFlags()).isEqualTo(IpHeaders.SYN);
        assertThat(headers.ipv6()).isFalse();
        assertThat(headers.ipLength()).isEqualTo(packet.length);
        assertThat(headers.transportOffset()).isEqualTo(20);
    }

    @Test
    void shouldReadUdpOverIpv6() {
        final byte[] packet = ipv6(UDP, A6, B6, DNS);

        assertThat(read(packet)).isEqualTo(Finding.UDP);
        assertThat(headers.transport()).isEqualTo(Transport.UDP);
        assertThat(endpoints(packet)).isEqualTo("2001:db8::1 5353 > 2001:db8::2 53");
        assertThat(headers.tcpFlags()).isZero();
        assertThat(headers.ipv6()).isTrue();
        assertThat(headers.ipLength()).isEqualTo(packet.length);
    }

    @Test
    void shouldPassOverIpv4Options() {
        final byte[] packet = ipv4(UDP, A, B, 0, new byte[40], DNS);

        assertThat(read(packet)).isEqualTo(Finding.UDP);
        assertThat(headers.transportOffset()).isEqualTo(60);
        assertThat(headers.destinationPort()).isEqualTo(53);
    }

    @Test
    void shouldPassOverIpv6ExtensionHeaders() {
        final byte[] authenticated = extension(UDP, 4, new byte[22], DNS);
        final byte[] fragment = extension(51, 0, bytes(0, 1, 0, 0, 0, 9), authenticated);
        final byte[] destination = extension(44, 1, new byte[14], fragment);
        final byte[] routing = extension(60, 2, new byte[22], destination);
        final byte[] packet = ipv6(0, A6, B6, extension(43, 0, new byte[6], routing));

        assertThat(read(packet)).isEqualTo(Finding.UDP);
        assertThat(endpoints(packet)).isEqualTo("2001:db8::1 5353 > 2001:db8::2 53");
    }

    @Test
    void shouldGiveUpOnAnEndlessChainOfExtensionHeaders() {
        byte[] payload = DNS;
        for (int i = 0; i < 9; i++) {
            payload = extension(i == 0 ? UDP : 60, 0, new byte[6], payload);
        }

        assertThat(read(ipv6(60, A6, B6, payload))).isEqualTo(Finding.MALFORMED);
    }

    @Test
    void shouldTakeTheFirstFragmentForThePacket() {
        final int moreFragments = 0x2000;
        final byte[] packet = ipv4(UDP, A, B, moreFragments, new byte[0], DNS);

        assertThat(read(packet)).isEqualTo(Finding.UDP);
    }

    @Test
    void shouldTellLaterFragments() {
        assertThat(read(ipv4(UDP, A, B, 185, new byte[0], DNS))).isEqualTo(Finding.LATER_FRAGMENT);
        assertThat(read(ipv6(44, A6, B6, extension(UDP, 0, bytes(5, 200, 0, 0, 0, 9), DNS))))
                .isEqualTo(Finding.LATER_FRAGMENT);
    }

    @Test
    void shouldTakeTheWireLengthWhereTheHeaderSaysZero() {
        final byte[] offloaded = ipv4(TCP, A, B, tcp(1, 2, IpHeaders.ACK, DATA));
        offloaded[2] = 0;
        offloaded[3] = 0;

        assertThat(headers.read(offloaded, 0, offloaded.length, 70_000)).isEqualTo(Finding.TCP);
        assertThat(headers.ipLength()).isEqualTo(70_000);
        assertThat(headers.captured()).isEqualTo(offloaded.length);

        final byte[] jumbogram = ipv6(TCP, A6, B6, tcp(1, 2, IpHeaders.ACK, DATA));
        jumbogram[4] = 0;
        jumbogram[5] = 0;

        assertThat(read(jumbogram)).isEqualTo(Finding.TCP);
        assertThat(headers.ipLength()).isEqualTo(jumbogram.length);
    }

    @Test
    void shouldLeaveOutThePaddingAfterTheIpPacket() {
        final byte[] packet = ipv4(TCP, A, B, tcp(1, 2, IpHeaders.ACK, new byte[0]));
        final byte[] padded = concat(packet, new byte[6]);

        assertThat(read(padded)).isEqualTo(Finding.TCP);
        assertThat(headers.ipLength()).isEqualTo(40);
        assertThat(headers.captured()).isEqualTo(40);
    }

    @Test
    void shouldOpenIpInIp() {
        final byte[] inner = ipv4(UDP, A, B, DNS);
        final byte[] packet = ipv4(4, "192.0.2.1", "192.0.2.2", inner);

        assertThat(read(packet)).isEqualTo(Finding.UDP);
        assertThat(endpoints(packet)).isEqualTo("10.0.0.1 5353 > 10.0.0.2 53");
        assertThat(headers.ipOffset()).isEqualTo(20);
        assertThat(headers.ipLength()).isEqualTo(inner.length);
        assertThat(headers.captured()).isEqualTo(inner.length);
    }

    @Test
    void shouldOpenIpv6InIpv4AndIpv4InIpv6() {
        final byte[] sixInFour = ipv4(41, A, B, ipv6(TCP, A6, B6, tcp(1, 2, 0, DATA)));

        assertThat(read(sixInFour)).isEqualTo(Finding.TCP);
        assertThat(endpoints(sixInFour)).isEqualTo("2001:db8::1 1 > 2001:db8::2 2");

        final byte[] fourInSix = ipv6(4, A6, B6, ipv4(TCP, A, B, tcp(1, 2, 0, DATA)));

        assertThat(read(fourInSix)).isEqualTo(Finding.TCP);
        assertThat(endpoints(fourInSix)).isEqualTo("10.0.0.1 1 > 10.0.0.2 2");
    }

    @Test
    void shouldOpenFourTunnelsAndNoMore() {
        final byte[] twice = ipv4(4, A, B, ipv4(4, A, B, ipv4(UDP, A, B, DNS)));
        final byte[] fourTimes = ipv4(4, A, B, ipv4(4, A, B, twice));

        assertThat(read(fourTimes)).isEqualTo(Finding.UDP);
        assertThat(headers.tunnelDepth()).isEqualTo(IpHeaders.MAX_TUNNELS);
        assertThat(read(ipv4(4, A, B, fourTimes))).isEqualTo(Finding.TOO_DEEP);
    }

    @Test
    void shouldOpenGtp() {
        final byte[] inner = ipv4(TCP, A, B, tcp(40000, 80, IpHeaders.SYN, DATA));
        final byte[] gtp = concat(bytes(0x30, 0xff, 0, inner.length, 0, 0, 0, 1), inner);
        final byte[] packet = ipv4(UDP, "192.0.2.1", "192.0.2.2", udp(2152, 2152, gtp));

        assertThat(read(packet)).isEqualTo(Finding.TCP);
        assertThat(endpoints(packet)).isEqualTo("10.0.0.1 40000 > 10.0.0.2 80");
    }

    @Test
    void shouldOpenGtpWithExtensionHeaders() {
        final byte[] inner = ipv6(UDP, A6, B6, DNS);
        final byte[] gtp =
                concat(
                        bytes(0x34, 0xff, 0, 0, 0, 0, 0, 1),
                        bytes(0, 0, 0, 0x85),
                        bytes(1, 0, 9, 0x85),
                        bytes(2, 0, 9, 0, 0, 0, 0, 0),
                        inner);
        final byte[] packet = ipv4(UDP, A, B, udp(50000, 2152, gtp));

        assertThat(read(packet)).isEqualTo(Finding.UDP);
        assertThat(endpoints(packet)).isEqualTo("2001:db8::1 5353 > 2001:db8::2 53");
    }

    @Test
    void shouldTakeGtpWithoutUserDataForUdp() {
        final byte[] echo = bytes(0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0);
        final byte[] packet = ipv4(UDP, A, B, udp(2152, 2152, echo));

        assertThat(read(packet)).isEqualTo(Finding.UDP);
        assertThat(endpoints(packet)).isEqualTo("10.0.0.1 2152 > 10.0.0.2 2152");
    }

    @Test
    void shouldNotTakeWhatIsNoFlowInATunnelForAFlowOfItsEnds() {
        final byte[] ping = ipv4(1, A, B, DATA);
        final byte[] gtp = concat(bytes(0x30, 0xff, 0, ping.length, 0, 0, 0, 1), ping);
        final byte[] packet = ipv4(UDP, "192.0.2.1", "192.0.2.2", udp(2152, 2152, gtp));

        assertThat(read(packet)).isEqualTo(Finding.OTHER_TRANSPORT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 47, 50, 132})
    void shouldTellOtherTransports(final int protocol) {
        assertThat(read(ipv4(protocol, A, B, DATA))).isEqualTo(Finding.OTHER_TRANSPORT);
        assertThat(read(ipv6(protocol, A6, B6, DATA))).isEqualTo(Finding.OTHER_TRANSPORT);
    }

    @Test
    void shouldTellHeadersThatAreTooShort() {
        final byte[] shortHeader = ipv4(UDP, A, B, DNS);
        shortHeader[0] = 0x44;
        assertThat(read(shortHeader)).isEqualTo(Finding.MALFORMED);

        final byte[] shortTotal = ipv4(UDP, A, B, DNS);
        shortTotal[3] = 19;
        assertThat(read(shortTotal)).isEqualTo(Finding.MALFORMED);

        assertThat(read(ipv4(UDP, A, B, new byte[7]))).isEqualTo(Finding.MALFORMED);
        assertThat(read(ipv4(TCP, A, B, new byte[13]))).isEqualTo(Finding.MALFORMED);
    }

    @Test
    void shouldTellTcpHeadersWhoseLengthIsNone() {
        final byte[] packet = ipv4(TCP, A, B, tcp(1, 2, IpHeaders.ACK, new byte[12]));
        for (int words = 0; words < 16; words++) {
            packet[20 + 12] = (byte) (words << 4);

            assertThat(read(packet))
                    .as("%s words", words)
                    .isEqualTo(words < 5 || words > 8 ? Finding.MALFORMED : Finding.TCP);
            assertThat(headers.read(packet, 0, 32, packet.length)).isEqualTo(Finding.TCP);
        }
    }

    @Test
    void shouldTellDatagramsWhoseLengthIsNone() {
        final byte[] packet = ipv4(UDP, A, B, udp(1, 2, new byte[4]));
        for (int length = 0; length < 16; length++) {
            packet[20 + 5] = (byte) length;

            assertThat(read(packet))
                    .as("%s bytes", length)
                    .isEqualTo(
                            length > 0 && length < 8 || length > 12
                                    ? Finding.MALFORMED
                                    : Finding.UDP);
            assertThat(headers.read(packet, 0, 24, packet.length)).isEqualTo(Finding.UDP);
        }
    }

    @Test
    void shouldTakeTheLengthOfADatagramWhoseFirstFragmentItIs() {
        final byte[] first = ipv4(UDP, A, B, 0x2000, new byte[0], DNS);
        first[20 + 4] = 0x10;

        assertThat(read(first)).isEqualTo(Finding.UDP);

        final byte[] alone = ipv4(UDP, A, B, DNS);
        alone[20 + 4] = 0x10;

        assertThat(read(alone)).isEqualTo(Finding.MALFORMED);
    }

    @Test
    void shouldNotTakePaddingForATransportHeader() {
        final byte[] noPayload = ipv4(UDP, A, B, new byte[0]);

        assertThat(read(concat(noPayload, DNS))).isEqualTo(Finding.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 7, 15})
    void shouldRefuseOtherIpVersions(final int version) {
        final byte[] packet = ipv4(UDP, A, B, DNS);
        packet[0] = (byte) (version << 4 | 5);

        assertThat(read(packet)).isEqualTo(Finding.MALFORMED);
    }

    @Test
    void shouldStayWithinTheCapturedBytes() {
        final byte[] tunnel = ipv4(41, A, B, ipv6(TCP, A6, B6, tcp(1, 2, 0, DATA)));
        final int throughPorts = 20 + 40 + 4;
        for (int captured = 0; captured < tunnel.length; captured++) {
            final byte[] cut = Arrays.copyOf(tunnel, captured);

            assertThat(headers.read(cut, 0, captured, tunnel.length))
                    .as("%d bytes", captured)
                    .isEqualTo(captured < throughPorts ? Finding.MALFORMED : Finding.TCP);
        }
    }

    @Property(tries = 5_000)
    void shouldSurviveAnyBytes(
            @ForAll @Size(max = 160) final byte[] packet,
            @ForAll @IntRange(min = 4, max = 6) final int version,
            @ForAll final boolean tunnel) {
        if (packet.length > 0) {
            packet[0] = (byte) (version << 4 | packet[0] & 0x0f);
        }
        if (tunnel && packet.length > 9) {
            packet[9] = 4;
            packet[6] = 0;
            packet[7] = 0;
        }
        final Finding finding = read(packet);

        if (finding.hasPorts()) {
            assertThat(headers.ipOffset() + headers.captured()).isLessThanOrEqualTo(packet.length);
            assertThat(headers.captured()).isLessThanOrEqualTo(headers.ipLength());
            assertThat(headers.transportOffset()).isLessThanOrEqualTo(packet.length - 4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "45000028, 60, 40", // padded
        "45000028, 40, 40",
        "45000028, 30, 30", // cut short
        "45000000, 60, 60", // segmentation offload
        "4f000028, 60, 60", // a header longer than the packet
        "44000028, 60, 60", // a header too short
        "600000000008, 60, 48", // padded
        "600000000000, 60, 60", // a jumbogram
        "75000028, 60, 60",
        "4500, 60, 60",
        "'', 60, 60",
    })
    void shouldTakeThePaddingOffALength(
            final String header, final int wireLength, final int expected) {
        final byte[] packet =
                HexFormat.of().parseHex(header + (header.length() == 8 ? "0000" : ""));
        assertThat(IpHeaders.lengthWithoutPadding(packet, 0, packet.length, wireLength))
                .isEqualTo(expected);
    }
}
