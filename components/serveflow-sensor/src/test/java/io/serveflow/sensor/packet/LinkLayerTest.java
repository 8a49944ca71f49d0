/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.packet;

import static io.serveflow.flow.TestPackets.bytes;
import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.ipv6;
import static io.serveflow.flow.TestPackets.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkLayerTest {

    private static final int[] KNOWN = {
        0, 1, 9, 10, 12, 14, 50, 51, 100, 101, 104, 105, 108, 109, 113, 117, 119, 127, 138, 163,
        192, 204, 228, 229, 239, 240, 258, 276
    };
    private static final byte[] IPV4 = ipv4(17, "10.0.0.1", "10.0.0.2", udp(1, 2, new byte[4]));
    private static final byte[] IPV6 = ipv6(17, "::1", "::2", udp(1, 2, new byte[4]));
    private static final String MACS = "020000000001" + "020000000002";

    private static final String WIRELESS = "0000".repeat(11);
    private static final String SNAP = "aaaa03000000";

    /** Checks that the IP packet is found right after the header, also behind other bytes. */
    private static void assertFound(final int linkType, final String header, final byte[] packet) {
        final byte[] before = HexFormat.of().parseHex(header);
        final byte[] frame = concat(new byte[3], before, packet);

        assertThat(LinkLayer.ipOffset(linkType, frame, 3, frame.length - 3))
                .as("link type %d, header %s", linkType, header)
                .isEqualTo(3 + before.length);
    }

    private static void assertNoIp(final int linkType, final String header) {
        final byte[] frame = concat(HexFormat.of().parseHex(header), IPV4);

        assertThat(LinkLayer.ipOffset(linkType, frame, 0, frame.length))
                .as("link type %d, header %s", linkType, header)
                .isEqualTo(LinkLayer.NO_IP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0800",
                "8100" + "0064" + "0800",
                "88a8" + "0064" + "8100" + "0065" + "0800",
                "9100" + "0064" + "8100" + "0065" + "0800",
                "8864" + "11000001001e" + "0021",
                "8100" + "0064" + "8864" + "11000001001e" + "0021",
                "8847" + "00010140",
                "8847" + "00010040" + "00020140",
                "8848" + "00010140",
                "0026" + SNAP + "0800",
                "8100" + "0064" + "0026" + SNAP + "0800",
            })
    void shouldFindIpv4InEthernet(final String types) {
        assertFound(1, MACS + types, IPV4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "86dd",
                "8100" + "0064" + "86dd",
                "8864" + "11000001001e" + "0057",
                "8847" + "00010140",
                "0026" + SNAP + "86dd",
            })
    void shouldFindIpv6InEthernet(final String types) {
        assertFound(1, MACS + types, IPV6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0806",
                "88cc",
                "8863" + "11090000001e",
                "8864" + "11000001001e" + "c021",
                "0026" + "424203",
                "8100" + "0064" + "0806",
            })
    void shouldFindNothingInOtherEthernetFrames(final String types) {
        assertNoIp(1, MACS + types);
    }

    @Test
    void shouldGiveUpOnEndlessVlanTags() {
        assertFound(1, MACS + "81000064".repeat(8) + "0800", IPV4);
        assertNoIp(1, MACS + "81000064".repeat(9) + "0800");
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 12, 14, 228, 229})
    void shouldFindRawIp(final int linkType) {
        assertFound(linkType, "", IPV4);
        assertFound(linkType, "", IPV6);
        assertNoIp(linkType, "00");
    }

    @Test
    void shouldFindIpInLinuxCookedFrames() {
        final String sll = "0000" + "0001" + "0006" + "0200000000010000";
        assertFound(113, sll + "0800", IPV4);
        assertFound(113, sll + "86dd", IPV6);
        assertFound(113, sll + "8100" + "0064" + "0800", IPV4);
        assertNoIp(113, sll + "0806");

        final String sll2 = "0000" + "00000002" + "0001" + "00" + "06" + "0200000000010000";
        assertFound(276, "0800" + sll2, IPV4);
        assertFound(276, "86dd" + sll2, IPV6);
        assertNoIp(276, "0806" + sll2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 108})
    void shouldFindIpInLoopbackFramesOfBothByteOrders(final int linkType) {
        assertFound(linkType, "02000000", IPV4);
        assertFound(linkType, "00000002", IPV4);
        for (final String family : new String[] {"0a", "18", "1c", "1e"}) {
            assertFound(linkType, family + "000000", IPV6);
            assertFound(linkType, "000000" + family, IPV6);
        }
        assertNoIp(linkType, "00000007");
        assertNoIp(linkType, "02000002");
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 50})
    void shouldFindIpInPpp(final int linkType) {
        assertFound(linkType, "ff03" + "0021", IPV4);
        assertFound(linkType, "ff03" + "0057", IPV6);
        assertFound(linkType, "0021", IPV4);
        assertFound(linkType, "21", IPV4);
        assertFound(linkType, "ff03" + "57", IPV6);
        assertFound(linkType, "0f00" + "0800", IPV4);
        assertFound(linkType, "8f00" + "86dd", IPV6);
        assertFound(linkType, "ff03" + "0281" + "00010140", IPV4);
        assertNoIp(linkType, "ff03" + "c021");
    }

    @Test
    void shouldFindIpInCiscoHdlc() {
        assertFound(104, "0f00" + "0800", IPV4);
        assertFound(104, "8f00" + "86dd", IPV6);
        assertNoIp(104, "0f00" + "2000");
    }

    @ParameterizedTest
    @CsvSource({
        // to the access point; between two of them; quality of service; with high throughput too
        "0801, 0",
        "0803, 6",
        "8801, 2",
        "8881, 6",
    })
    void shouldFindIpInWirelessDataFrames(final String control, final int more) {
        final String header = control + WIRELESS + "00".repeat(more) + SNAP;
        assertFound(105, header + "0800", IPV4);
        assertFound(105, header + "86dd", IPV6);
        assertFound(127, "00000c00" + "0000000000000000" + header + "0800", IPV4);
    }

    @Test
    void shouldFindIpBehindTheHeadersOfWirelessDrivers() {
        final String data = "0801" + WIRELESS + SNAP + "0800";
        final String prism = "44000000" + "90000000" + "00".repeat(136);
        assertFound(119, prism + data, IPV4);
        assertFound(119, "00000044" + "00000090" + "00".repeat(136) + data, IPV4);
        final String avs = "80211001" + "00000040" + "00".repeat(56);
        assertFound(163, avs + data, IPV4);
        assertFound(119, avs + data, IPV4);
        assertNoIp(163, "80211001" + "7fffffff" + data);
        assertNoIp(119, "44000000" + "ffffffff" + data);
    }

    @Test
    void shouldFindIpInNetfilterLogs() {
        final String message = "0200" + "0001"; // family, version, group
        final String header = "08000100" + "08000100"; // an attribute of 4 bytes
        final String prefix = "05000a00" + "00" + "000000"; // one of 1 byte, padded
        final String payload = "%02x000900".formatted(4 + IPV4.length);
        assertFound(239, message + header + prefix + payload, IPV4);
        assertFound(239, message + payload, IPV4);
        assertFound(
                239,
                message + "00080001" + "08000100" + "00%02x0009".formatted(4 + IPV4.length),
                IPV4);
        assertFound(239, "0a00" + "0001" + header + "%02x000900".formatted(4 + IPV6.length), IPV6);
        assertNoIp(239, message + header);
        assertNoIp(239, message + "00000100");
    }

    @Test
    void shouldFindIpInFramesThatNameTheirLinkType() {
        final String pktap = "6c000000" + "01000000" + "%s" + "00".repeat(96);
        assertFound(258, pktap.formatted("01000000") + MACS + "0800", IPV4);
        assertFound(258, pktap.formatted("0c000000"), IPV6);
        assertFound(258, pktap.formatted("00000000") + "1e000000", IPV6);
        assertNoIp(258, pktap.formatted("02010000")); // PKTAP again
        assertNoIp(258, pktap.formatted("93000000"));
        assertNoIp(258, "ff000000" + "01000000" + "0c000000");
        final String ppi = "0000" + "%s" + "69000000";
        assertFound(192, ppi.formatted("0800") + "0801" + WIRELESS + SNAP + "0800", IPV4);
        assertFound(
                192,
                ppi.formatted("2000") + "00".repeat(24) + "0801" + WIRELESS + SNAP + "86dd",
                IPV6);
        assertNoIp(192, "0000" + "ff00" + "69000000");
    }

    @Test
    void shouldFindIpInOtherFrames() {
        assertFound(10, "50" + MACS + SNAP + "0800", IPV4);
        assertFound(51, "11000001001e" + "0021", IPV4);
        assertFound(100, SNAP + "86dd", IPV6);
        assertFound(109, "02000000" + "00000000" + "00000000", IPV4);
        assertFound(117, "3d02" + "00".repeat(62), IPV4);
        assertFound(138, "00".repeat(16) + "0800", IPV4);
        assertFound(204, "01" + "ff03" + "0021", IPV4);
        assertFound(240, "00000000" + MACS + "0800", IPV4);
    }

    @Test
    void shouldNameLinkTypes() {
        assertThat(LinkTypes.name(239)).isEqualTo("NFLOG (239)");
        assertThat(LinkTypes.name(189)).isEqualTo("USB_LINUX (189)");
        assertThat(LinkTypes.name(4711)).isEqualTo("4711");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8000", "b400", "4801", "c801", "0841"})
    void shouldFindNothingInOtherWirelessFrames(final String control) {
        assertNoIp(105, control + WIRELESS + SNAP + "0800");
        assertNoIp(127, "00000800" + "00000000" + control + WIRELESS + SNAP + "0800");
    }

    @Test
    void shouldKnowTheLinkTypesItReads() {
        for (final int linkType : KNOWN) {
            assertThat(LinkLayer.isKnown(linkType)).as("%d", linkType).isTrue();
        }
        assertThat(LinkLayer.isKnown(195)).isFalse();
        assertThat(LinkLayer.isKnown(-1)).isFalse();
    }

    @Test
    void shouldRefuseALinkTypeItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinkLayer.ipOffset(195, bytes(1, 2, 3), 0, 3))
                .withMessage("unknown link type 195");
    }

    @Property(tries = 2_000)
    void shouldSurviveAnyBytes(@ForAll @Size(max = 64) final byte[] frame) {
        for (final int linkType : KNOWN) {
            for (int captured = 0; captured <= frame.length; captured++) {
                final byte[] cut = Arrays.copyOf(frame, captured);
                final int ip = LinkLayer.ipOffset(linkType, cut, 0, captured);

                assertThat(ip == LinkLayer.NO_IP || ip < captured).isTrue();
            }
        }
    }
}
