/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static io.serveflow.flow.TestPackets.TCP;
import static io.serveflow.flow.TestPackets.bytes;
import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.ipv6;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestTunnels.frame;
import static io.serveflow.flow.TestTunnels.withChecksum;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncapsulationTest {

    private static final byte[] SYN = tcp(40_000, 443, IpHeaders.SYN, new byte[0]);
    private static final byte[] IPV4 = withChecksum(ipv4(TCP, "192.0.2.77", "192.0.2.88", SYN));
    private static final byte[] IPV6 = ipv6(TCP, "2001:db8::1", "2001:db8::2", SYN);
    private static final byte[] LABEL = bytes(0, 6, 0x41, 64);
    private static final byte[] CONTROL_WORD = bytes(0, 0, 0, 0);

    private static int find(final byte[] frame) {
        return Encapsulation.afterEthernet(frame, 0, frame.length, frame.length);
    }

    private static byte[] wire(final byte[] ip, final String destination) {
        return concat(
                HexFormat.of().parseHex(destination),
                bytes(2, 0, 0, 0, 0, 1),
                bytes(ip[0] >>> 4 == 6 ? 0x86 : 8, ip[0] >>> 4 == 6 ? 0xdd : 0),
                ip);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "020000000002",
                "45006000002a", // read as IPv4: 24,576 bytes long
                "450000280000", // 40 bytes long, as a packet may well be
                "45000036002a", // exactly as long as what is there
                "600000000000", // read as IPv6
                "6000000000ff",
                "400000000000",
                "000000000001",
                "104f58000001",
            })
    void shouldNeverReadAnIpHeaderFromAnAddressInAPseudowire(final String destination) {
        for (final byte[] ip : new byte[][] {IPV4, IPV6}) {
            final byte[] without = frame(0x8847, concat(LABEL, wire(ip, destination)));
            assertThat(find(without)).isEqualTo(without.length - ip.length);
            final byte[] with = frame(0x8847, concat(LABEL, CONTROL_WORD, wire(ip, destination)));
            assertThat(find(with)).isEqualTo(with.length - ip.length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"45006000002a", "020000000002", "000000000001"})
    void shouldFindNothingInAPseudowireThatCarriesNoIp(final String destination) {
        final byte[] arp =
                concat(
                        HexFormat.of().parseHex(destination),
                        bytes(2, 0, 0, 0, 0, 1, 8, 6),
                        new byte[28]);
        assertThat(find(frame(0x8847, concat(LABEL, arp)))).isEqualTo(Encapsulation.NO_IP);
        assertThat(find(frame(0x8847, concat(LABEL, CONTROL_WORD, arp))))
                .isEqualTo(Encapsulation.NO_IP);
    }

    @Test
    void shouldFindIpBehindLabelsWhateverItsChecksum() {
        final byte[] offloaded = ipv4(TCP, "192.0.2.77", "192.0.2.88", SYN);
        for (final byte[] ip : new byte[][] {IPV4, IPV6, offloaded}) {
            final byte[] frame = frame(0x8847, concat(bytes(0, 6, 0x40, 64), LABEL, ip));
            assertThat(find(frame)).isEqualTo(frame.length - ip.length);
        }
    }

    @Test
    void shouldFindAPacketOfAPseudowireThatWasCut() {
        final byte[] frame = frame(0x8847, concat(LABEL, wire(IPV4, "45006000002a")));
        final int captured = frame.length - 12;
        assertThat(Encapsulation.afterEthernet(frame, 0, captured, frame.length))
                .isEqualTo(frame.length - IPV4.length);
    }

    @Test
    void shouldFindIpInProviderBackbonesAndBehindVnTags() {
        final byte[] backbone = frame(0x88e7, concat(bytes(0, 0, 0, 7), frame(IPV4)));
        assertThat(find(backbone)).isEqualTo(backbone.length - IPV4.length);
        final byte[] tagged = frame(0x8926, concat(bytes(0, 0, 0, 7, 8, 0), IPV4));
        assertThat(find(tagged)).isEqualTo(tagged.length - IPV4.length);
        final byte[] both = frame(0x8926, concat(bytes(0, 0, 0, 7, 0x81, 0, 0, 5, 8, 0), IPV4));
        assertThat(find(both)).isEqualTo(both.length - IPV4.length);
    }

    @Test
    void shouldNotFollowFramesInFramesForever() {
        byte[] frame = frame(IPV4);
        for (int i = 0; i < 2; i++) {
            frame = frame(0x6558, frame);
        }
        assertThat(find(frame)).isEqualTo(frame.length - IPV4.length);
        assertThat(find(frame(0x6558, frame))).isEqualTo(Encapsulation.NO_IP);
    }
}
