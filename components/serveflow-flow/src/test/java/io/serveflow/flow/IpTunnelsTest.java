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
import static io.serveflow.flow.TestTunnels.around;
import static io.serveflow.flow.TestTunnels.frame;
import static io.serveflow.flow.TestTunnels.gre;
import static io.serveflow.flow.TestTunnels.gtp;
import static io.serveflow.flow.TestTunnels.inUdp;
import static io.serveflow.flow.TestTunnels.vxlan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.serveflow.flow.IpHeaders.Finding;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTunnelsTest {

    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";
    private static final String A6 = "2001:db8::1";
    private static final String B6 = "2001:db8::2";
    private static final String TEREDO = "2001:0:4137:9e50::1";
    private static final byte[] SYN = tcp(40_000, 443, IpHeaders.SYN, new byte[3]);
    private static final byte[] INNER4 = ipv4(TCP, A, B, SYN);
    private static final byte[] INNER6 = ipv6(TCP, A6, B6, SYN);

    private final IpHeaders headers = new IpHeaders();

    private Finding read(final byte[] packet) {
        return headers.read(packet, 0, packet.length, packet.length);
    }

    static Stream<Arguments> tunnels() {
        return Stream.of(INNER4, INNER6)
                .flatMap(
                        inner ->
                                around(inner).entrySet().stream()
                                        .map(
                                                tunnel ->
                                                        Arguments.of(
                                                                tunnel.getKey(),
                                                                inner,
                                                                tunnel.getValue())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tunnels")
    void shouldGiveTheFlowInsideATunnel(
            final String name, final byte[] inner, final byte[] packet) {
        assertThat(read(packet)).isEqualTo(Finding.TCP);
        assertThat(headers.sourcePort()).isEqualTo(40_000);
        assertThat(headers.destinationPort()).isEqualTo(443);
        assertThat(headers.tcpFlags()).isEqualTo(IpHeaders.SYN);
        assertThat(headers.ipOffset()).isEqualTo(packet.length - inner.length);
        assertThat(headers.ipLength()).isEqualTo(inner.length);
        assertThat(headers.tunnelDepth()).isEqualTo(1);
        final FlowTunnel tunnel = headers.tunnel();
        assertThat(name)
                .startsWith(tunnel.type() == TunnelType.IP_IN_IP ? "ip in ip" : tunnel.type().id());
        assertThat(tunnel.source()).isEqualTo(TestTunnels.OUTER_SOURCE);
        assertThat(tunnel.destination()).isEqualTo(TestTunnels.OUTER_DESTINATION);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tunnels")
    void shouldNeverGiveAFlowOfAnythingElseWhereverATunnelIsCut(
            final String name, final byte[] inner, final byte[] packet) {
        final int throughPorts = packet.length - inner.length + (inner[0] >>> 4 == 6 ? 40 : 20) + 4;
        for (int captured = 0; captured < packet.length; captured++) {
            final Finding finding =
                    headers.read(Arrays.copyOf(packet, captured), 0, captured, packet.length);
            if (captured < throughPorts && finding.hasPorts()) {
                // The tunnel's header itself is cut, so that nothing tells it from a datagram.
                assertThat(finding).as("%d bytes", captured).isEqualTo(Finding.UDP);
                assertThat(headers.tunnelDepth()).isZero();
                assertThat(headers.ipOffset()).isZero();
            } else if (captured >= throughPorts) {
                assertThat(finding).as("%d bytes", captured).isEqualTo(Finding.TCP);
                assertThat(headers.sourcePort()).isEqualTo(40_000);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tunnels")
    void shouldOpenNoTunnelThatIsNotToBeOpened(
            final String name, final byte[] inner, final byte[] packet) {
        final Finding finding =
                new IpHeaders(Tunnels.NONE).read(packet, 0, packet.length, packet.length);
        assertThat(finding).isEqualTo(packet[9] == UDP ? Finding.UDP : Finding.OTHER_TRANSPORT);
    }

    @Test
    void shouldOpenTheTunnelsThatAreNamed() {
        final IpHeaders some = new IpHeaders(Tunnels.parse("vxlan, gre"));
        final Map<String, byte[]> tunnels = around(INNER4);
        assertThat(some.read(tunnels.get("vxlan"), 0, tunnels.get("vxlan").length, 0))
                .isEqualTo(Finding.TCP);
        assertThat(some.read(tunnels.get("gre"), 0, tunnels.get("gre").length, 0))
                .isEqualTo(Finding.TCP);
        assertThat(some.read(tunnels.get("geneve"), 0, tunnels.get("geneve").length, 0))
                .isEqualTo(Finding.UDP);
        assertThat(some.read(tunnels.get("erspan ii"), 0, tunnels.get("erspan ii").length, 0))
                .isEqualTo(Finding.OTHER_TRANSPORT);
    }

    @ParameterizedTest
    @CsvSource({
        "gre with a key, 9",
        "gre, -1",
        "pptp, 7",
        "erspan i, -1",
        "erspan ii, 5",
        "erspan iii, 5",
        "vxlan, 100",
        "geneve with options, 100",
        "gtp, 7",
        "ip in ip, -1"
    })
    void shouldKeepTheNumberOfATunnel(final String name, final long id) {
        read(around(INNER4).get(name));
        assertThat(headers.tunnel().id()).isEqualTo(id);
    }

    @Test
    void shouldKeepTheOutermostOfTunnelsInsideEachOther() {
        final byte[] inner = vxlan(4789, 100, ipv4(4, "10.9.0.1", "10.9.0.2", INNER4));
        assertThat(read(gre(0x2000, 0x0800, bytes(0, 0, 0, 3), inner))).isEqualTo(Finding.TCP);
        assertThat(headers.tunnel())
                .isEqualTo(
                        new FlowTunnel(
                                TunnelType.GRE,
                                3,
                                3,
                                TestTunnels.OUTER_SOURCE,
                                FlowTunnel.UNKNOWN,
                                TestTunnels.OUTER_DESTINATION,
                                FlowTunnel.UNKNOWN));
    }

    @Test
    void shouldKeepThePortsOfATunnel() {
        read(vxlan(4789, 100, INNER6));
        assertThat(headers.tunnel().sourcePort()).isEqualTo(50_001);
        assertThat(headers.tunnel().destinationPort()).isEqualTo(4789);
        assertThat(headers.tunnel().text()).isEqualTo("vxlan 1 100 192.0.2.1 50001 192.0.2.2 4789");
        assertThat(FlowTunnel.parse(headers.tunnel().text())).isEqualTo(headers.tunnel());
    }

    @Test
    void shouldSayThatThereAreMoreThanFourTunnels() {
        byte[] packet = INNER4;
        for (int i = 0; i < IpHeaders.MAX_TUNNELS; i++) {
            packet = vxlan(4789, i, packet);
        }
        assertThat(read(packet)).isEqualTo(Finding.TCP);
        assertThat(headers.tunnelDepth()).isEqualTo(IpHeaders.MAX_TUNNELS);
        assertThat(read(vxlan(4789, 9, packet))).isEqualTo(Finding.TOO_DEEP);
        assertThat(Finding.TOO_DEEP.hasPorts()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {4789, 4790, 8472, 6081, 2152, 3544})
    void shouldTakeADatagramOnATunnelsPortThatIsNoTunnelForItself(final int port) {
        final byte[][] payloads = {
            new byte[40],
            bytes(0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'w', 'w', 'w', 0, 0, 1, 0, 1),
            bytes(0x45, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            concat(bytes(8, 0, 0, 0, 0, 0, 1, 1), frame(INNER4)),
            concat(bytes(8, 1, 0, 0, 0, 0, 1, 0), frame(INNER4)),
            concat(
                    bytes(8, 0, 0, 0, 0, 0, 1, 0),
                    frame(0x0800, concat(bytes(0x45, 0, 0x7f, 0xff), new byte[36]))),
            concat(bytes(0x40, 0, 0x65, 0x58, 0, 0, 1, 0), frame(INNER4)),
            concat(bytes(0, 0x80, 0x65, 0x58, 0, 0, 1, 0), frame(INNER4)),
            concat(bytes(0x3f, 0, 0x65, 0x58, 0, 0, 1, 0), new byte[40]),
            concat(bytes(0x30, 0xff, 9, 9, 0, 0, 0, 1), INNER4),
            concat(bytes(0x32, 1, 0, 4, 0, 0, 0, 0), new byte[12]),
            concat(bytes(0x30, 0xff, 0, 43, 0, 0, 0, 1), bytes(0x4f), new byte[42]),
            concat(bytes(0x60, 0, 0, 0, 0, 9, 6, 64), new byte[60]),
        };
        for (final byte[] payload : payloads) {
            assertThat(read(inUdp(50_001, port, payload))).isEqualTo(Finding.UDP);
            assertThat(headers.destinationPort()).isEqualTo(port);
            assertThat(headers.tunnelDepth()).isZero();
        }
    }

    @Test
    void shouldNotOpenVxlanThatIsSentFromItsPort() {
        assertThat(read(inUdp(4789, 53, concat(bytes(8, 0, 0, 0, 0, 0, 1, 0), frame(INNER4)))))
                .isEqualTo(Finding.UDP);
        assertThat(headers.destinationPort()).isEqualTo(53);
    }

    @Test
    void shouldOpenTeredoBetweenPeersOnAnyPort() {
        assertThat(read(inUdp(3797, 32_900, ipv6(TCP, TEREDO, B6, SYN)))).isEqualTo(Finding.TCP);
        assertThat(headers.tunnel().type()).isEqualTo(TunnelType.TEREDO);
        assertThat(read(inUdp(3797, 32_900, INNER6))).isEqualTo(Finding.UDP);
        assertThat(headers.destinationPort()).isEqualTo(32_900);
    }

    @Test
    void shouldSkipAuthenticationHeadersOfIpv4() {
        final byte[] packet = ipv4(51, A, B, extension(TCP, 4, new byte[22], SYN));
        assertThat(read(packet)).isEqualTo(Finding.TCP);
        assertThat(headers.tunnelDepth()).isZero();
        assertThat(headers.transportOffset()).isEqualTo(44);
        final byte[] tunnel = ipv4(51, A, B, extension(4, 4, new byte[22], INNER4));
        assertThat(read(tunnel)).isEqualTo(Finding.TCP);
        assertThat(headers.tunnel().type()).isEqualTo(TunnelType.IP_IN_IP);
    }

    @Test
    void shouldCountWhatIsNoFlowInATunnelAsThat() {
        final byte[] ping = ipv4(1, A, B, new byte[12]);
        for (final Map.Entry<String, byte[]> tunnel : around(ping).entrySet()) {
            assertThat(read(tunnel.getValue()))
                    .as(tunnel.getKey())
                    .isEqualTo(Finding.OTHER_TRANSPORT);
        }
        final byte[] arp = frame(0x0806, new byte[28]);
        assertThat(read(inUdp(5, 4789, concat(bytes(8, 0, 0, 0, 0, 0, 1, 0), arp))))
                .isEqualTo(Finding.NOT_IP);
        assertThat(read(gre(0, 0x6558, bytes(), arp))).isEqualTo(Finding.NOT_IP);
        assertThat(read(vxlan(4789, 1, ipv4(UDP, A, B, 185, new byte[0], SYN))))
                .isEqualTo(Finding.LATER_FRAGMENT);
    }

    @Test
    void shouldOpenTheFirstFragmentOfATunnel() {
        final byte[] whole = vxlan(4789, 7, INNER4);
        final byte[] first = Arrays.copyOf(whole, whole.length - 8);
        first[3] -= 8;
        first[6] = 0x20;
        assertThat(read(first)).isEqualTo(Finding.TCP);
        assertThat(headers.ipLength()).isEqualTo(INNER4.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x4000, 0x0002, 0x0007, 0x0001})
    void shouldNotReadGreOfOtherForms(final int flags) {
        assertThat(read(gre(flags, 0x0800, bytes(), INNER4))).isEqualTo(Finding.OTHER_TRANSPORT);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 10, 13, 14})
    void shouldGiveAFlowOfAHeaderThatIsCutBehindItsPorts(final int transportBytes) {
        final byte[] packet = ipv6(TCP, A6, B6, tcp(40_000, 443, IpHeaders.SYN, new byte[9]));
        final int captured = 40 + transportBytes;
        assertThat(headers.read(Arrays.copyOf(packet, captured), 0, captured, packet.length))
                .isEqualTo(Finding.TCP);
        assertThat(headers.sourcePort()).isEqualTo(40_000);
        assertThat(headers.tcpFlags()).isEqualTo(transportBytes > 13 ? IpHeaders.SYN : 0);
        assertThat(headers.ipLength()).isEqualTo(packet.length);
        assertThat(headers.captured()).isEqualTo(captured);
    }

    @Test
    void shouldGiveADatagramThatIsCutBehindItsPorts() {
        final byte[] packet = ipv4(UDP, A, B, udp(9, 53, new byte[20]));
        assertThat(headers.read(Arrays.copyOf(packet, 24), 0, 24, packet.length))
                .isEqualTo(Finding.UDP);
        assertThat(headers.read(Arrays.copyOf(packet, 23), 0, 23, packet.length))
                .isEqualTo(Finding.MALFORMED);
    }

    @Test
    void shouldGiveThePacketBetweenTheEndpointsThatAreStated() {
        final FlowEnds ends = new FlowEnds();
        final byte[] packet = gtp(7, INNER4);
        ends.set(
                Transport.UDP, TestTunnels.OUTER_SOURCE, 2152, TestTunnels.OUTER_DESTINATION, 2152);
        assertThat(headers.readBetween(ends, packet, 0, packet.length, packet.length))
                .isEqualTo(Finding.UDP);
        assertThat(headers.ipOffset()).isZero();
        ends.set(Transport.TCP, B, 443, A, 40_000);
        assertThat(headers.readBetween(ends, packet, 0, packet.length, packet.length))
                .isEqualTo(Finding.TCP);
        assertThat(headers.tunnelDepth()).isEqualTo(1);
        ends.set(Transport.TCP, B, 443, A, 40_001);
        assertThat(headers.readBetween(ends, packet, 0, packet.length, packet.length))
                .isEqualTo(Finding.OTHER_ENDPOINTS);
    }

    @Test
    void shouldSayWhichTunnelsThereAre() {
        assertThat(Tunnels.parse("ALL")).isEqualTo(Tunnels.ALL).hasToString("all");
        assertThat(Tunnels.parse("none")).isEqualTo(Tunnels.NONE).hasToString("none");
        assertThat(Tunnels.parse("vxlan, GRE")).hasToString("gre,vxlan");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tunnels.parse("gre,l2tp"))
                .withMessage(
                        "must be all, none, or some of gre,pptp,erspan,vxlan,geneve,ipip,gtp,teredo"
                                + " with commas between them, was 'gre,l2tp'");
    }

    @Property(tries = 5_000)
    void shouldSurviveAnyBytesInATunnel(
            @ForAll @Size(max = 120) final byte[] payload,
            @ForAll @IntRange(min = 0, max = 40) final int which,
            @ForAll @IntRange(min = 0, max = 60) final int damage) {
        final byte[] tunnel =
                around(INNER6).values().stream().skip(which % 24).findFirst().orElseThrow().clone();
        System.arraycopy(
                payload,
                0,
                tunnel,
                Math.min(damage + 10, tunnel.length),
                Math.max(0, Math.min(payload.length, tunnel.length - damage - 10)));
        final Finding finding = read(tunnel);
        if (finding.hasPorts()) {
            assertThat(headers.ipOffset() + headers.captured()).isLessThanOrEqualTo(tunnel.length);
            assertThat(headers.captured()).isLessThanOrEqualTo(headers.ipLength());
            assertThat(headers.transportOffset()).isLessThanOrEqualTo(tunnel.length - 4);
            assertThat(headers.tunnelDepth()).isLessThanOrEqualTo(IpHeaders.MAX_TUNNELS);
        }
    }
}
