/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static io.serveflow.flow.SampleFlows.context;
import static io.serveflow.flow.SampleFlows.first;
import static io.serveflow.flow.SampleFlows.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NprintEncoderTest {

    /** Router-alert option, IP id 0xabcd, DF, TTL 64, 10.0.0.5 to 203.0.113.9. */
    private static final String IPV4_WITH_OPTION =
            "46 b8 0040 abcd 4000 40 06 1234 0a000005 cb007109 94040000";

    /** Port 51514 to 443, SYN and ECE, window 64240, MSS 1460, SACK permitted, padding. */
    private static final String TCP_WITH_OPTIONS =
            "c93a 01bb 01020304 00000000 70 42 faf0 beef 0000 020405b4 0402 0101";

    private static final String IPV4_UDP =
            "45 00 0021 0001 0000 80 11 2222 0a000005 08080808 d431 0035 000d 9f3c 6162636465";

    private static final String ABSENT_40_BYTES = ".".repeat(320);

    @Test
    void shouldPrintIpv4AndTcpWithOptionsBitByBit() {
        assertThat(fields(first(hex(IPV4_WITH_OPTION + TCP_WITH_OPTIONS))))
                .containsExactlyEntriesOf(
                        ordered(
                                "ipv4_ver", "0100",
                                "ipv4_hl", "0110",
                                "ipv4_tos", "10111000",
                                "ipv4_tl", "0000000001000000",
                                "ipv4_id", "1010101111001101",
                                "ipv4_rbit", "0",
                                "ipv4_dfbit", "1",
                                "ipv4_mfbit", "0",
                                "ipv4_foff", "0000000000000",
                                "ipv4_ttl", "01000000",
                                "ipv4_proto", "00000110",
                                "ipv4_cksum", "0001001000110100",
                                "ipv4_src", "00001010000000000000000000000101",
                                "ipv4_dst", "11001011000000000111000100001001",
                                "ipv4_opt", "10010100000001000000000000000000" + ".".repeat(288),
                                "tcp_sprt", "1100100100111010",
                                "tcp_dprt", "0000000110111011",
                                "tcp_seq", "00000001000000100000001100000100",
                                "tcp_ackn", "0".repeat(32),
                                "tcp_doff", "0111",
                                "tcp_res", "000",
                                "tcp_ns", "0",
                                "tcp_cwr", "0",
                                "tcp_ece", "1",
                                "tcp_urg", "0",
                                "tcp_ackf", "0",
                                "tcp_psh", "0",
                                "tcp_rst", "0",
                                "tcp_syn", "1",
                                "tcp_fin", "0",
                                "tcp_wsize", "1111101011110000",
                                "tcp_cksum", "1011111011101111",
                                "tcp_urp", "0".repeat(16),
                                "tcp_opt",
                                        "00000010000001000000010110110100"
                                                + "00000100000000100000000100000001"
                                                + ".".repeat(256),
                                "udp_sport", ".".repeat(16),
                                "udp_dport", ".".repeat(16),
                                "udp_len", ".".repeat(16),
                                "udp_cksum", ".".repeat(16)));
    }

    @Test
    void shouldPrintUdpBitByBitAndNoTcp() {
        final Map<String, String> fields = fields(first(hex(IPV4_UDP)));

        assertThat(fields)
                .containsEntry("ipv4_opt", ABSENT_40_BYTES)
                .containsEntry("ipv4_proto", "00010001")
                .containsEntry("udp_sport", "1101010000110001")
                .containsEntry("udp_dport", "0000000000110101")
                .containsEntry("udp_len", "0000000000001101")
                .containsEntry("udp_cksum", "1001111100111100");
        assertThat(tcpOf(fields)).isEqualTo(".".repeat(480));
    }

    @Test
    void shouldPrintTheFieldsOfIpv6ThatMeanTheSameInTheIpv4Columns() {
        final String ipv6 =
                "6 b8 12345 0018 11 3a 20010db8000000000000000000000001"
                        + "20010db8000000000000000000000002";
        final Map<String, String> fields =
                fields(first(hex(ipv6 + "d431 0035 0018 9f3c" + "00".repeat(16))));

        assertThat(fields)
                .containsEntry("ipv4_ver", "0110")
                .containsEntry("ipv4_hl", "....")
                .containsEntry("ipv4_tos", "10111000")
                .containsEntry("ipv4_tl", "0000000001000000")
                .containsEntry("ipv4_id", ".".repeat(16))
                .containsEntry("ipv4_rbit", ".")
                .containsEntry("ipv4_dfbit", ".")
                .containsEntry("ipv4_mfbit", ".")
                .containsEntry("ipv4_foff", ".".repeat(13))
                .containsEntry("ipv4_ttl", "00111010")
                .containsEntry("ipv4_proto", "00010001")
                .containsEntry("ipv4_cksum", ".".repeat(16))
                .containsEntry("ipv4_src", ".".repeat(32))
                .containsEntry("ipv4_dst", ".".repeat(32))
                .containsEntry("ipv4_opt", ABSENT_40_BYTES)
                .containsEntry("udp_sport", "1101010000110001")
                .containsEntry("udp_len", "0000000000011000");
        assertThat(tcpOf(fields)).isEqualTo(".".repeat(480));
    }

    @Test
    void shouldPassOverIpv6ExtensionHeaders() {
        final String hopByHop = "2b 00 050200000000";
        final String routing = "33 00 000000000000";
        final String authentication = "3c 01 0000 00000001 00000002";
        final String destinationOptions = "2c 01" + "00".repeat(14);
        final String firstFragment = "06 00 0001 00000007";
        final Map<String, String> fields =
                fields(
                        first(
                                hex(
                                        ipv6Header(0)
                                                + hopByHop
                                                + routing
                                                + authentication
                                                + destinationOptions
                                                + firstFragment
                                                + TCP_WITH_OPTIONS)));

        assertThat(fields)
                .containsEntry("ipv4_proto", "00000110")
                .containsEntry("tcp_sprt", "1100100100111010")
                .containsEntry("tcp_dprt", "0000000110111011");
    }

    @Test
    void shouldKnowTheProtocolButNoTransportHeaderOfALaterIpv6Fragment() {
        final String laterFragment = "11 00 0008 00000007";
        final Map<String, String> fields =
                fields(first(hex(ipv6Header(44) + laterFragment + "d431 0035 000d 9f3c")));

        assertThat(fields).containsEntry("ipv4_proto", "00010001");
        assertThat(transportOf(fields)).isEqualTo(".".repeat(544));
    }

    @Test
    void shouldNotKnowTheProtocolOfIpv6WhenExtensionHeadersAreCut() {
        final Map<String, String> fields = fields(first(hex(ipv6Header(0) + "06 00 0502")));

        assertThat(fields).containsEntry("ipv4_proto", "........");
        assertThat(transportOf(fields)).isEqualTo(".".repeat(544));
    }

    @Test
    void shouldHaveNoTransportHeaderInALaterIpv4Fragment() {
        final String laterFragment = "45 00 0021 0001 00b9 80 11 2222 0a000005 08080808";
        final Map<String, String> fields =
                fields(first(hex(laterFragment + "d431 0035 000d 9f3c")));

        assertThat(fields)
                .containsEntry("ipv4_foff", "0000010111001")
                .containsEntry("ipv4_proto", "00010001");
        assertThat(transportOf(fields)).isEqualTo(".".repeat(544));
    }

    @Test
    void shouldHaveNoTransportHeaderOfAnotherProtocol() {
        final String icmp = "45 00 001c 0001 0000 40 01 2222 0a000005 08080808 0800f7ff00000000";

        assertThat(transportOf(fields(first(hex(icmp))))).isEqualTo(".".repeat(544));
    }

    @Test
    void shouldPrintNothingOfAPacketThatIsNoIp() {
        assertThat(printed(first(hex("25 00 0021 0001 0000 80 11 2222 0a000005"))))
                .isEqualTo(".".repeat(1024));
    }

    @ParameterizedTest
    @CsvSource({
        // kept bytes, IPv4 bits known, TCP bits known
        "0, 0, 0",
        "1, 8, 0",
        "9, 72, 0",
        "24, 192, 0",
        "25, 192, 8",
        "36, 192, 96",
        "37, 192, 104",
        "46, 192, 176",
        "52, 192, 224",
    })
    void shouldPrintAbsentForEveryByteThatTheSensorCut(
            final int kept, final int ipv4Bits, final int tcpBits) {
        final byte[] packet = hex(IPV4_WITH_OPTION + TCP_WITH_OPTIONS);
        final FlowRecord whole = first(packet);
        final FlowRecord cut =
                context(new Packets.Builder().add(0, true, packet.length, packet, 0, kept));

        final String wholeBits = printed(whole);
        assertThat(printed(cut))
                .isEqualTo(
                        wholeBits.substring(0, ipv4Bits)
                                + ".".repeat(480 - ipv4Bits)
                                + wholeBits.substring(480, 480 + tcpBits)
                                + ".".repeat(480 - tcpBits + 64));
    }

    @Test
    void shouldPrintPacketsOneAfterTheOtherAndAbsentOnesAsAbsent() {
        final byte[] tcp = hex(IPV4_WITH_OPTION + TCP_WITH_OPTIONS);
        final byte[] udp = hex(IPV4_UDP);
        final FlowRecord flow =
                context(
                        new Packets.Builder()
                                .add(0, true, tcp.length, tcp, 0, tcp.length)
                                .add(9, false, udp.length, udp, 0, udp.length));

        assertThat(text(encoded(new NprintEncoder(4, Set.of()), flow)))
                .isEqualTo(printed(first(tcp)) + printed(first(udp)) + ".".repeat(2 * 1024));
    }

    @Test
    void shouldReadNoMorePacketsThanAskedFor() {
        final byte[] tcp = hex(IPV4_WITH_OPTION + TCP_WITH_OPTIONS);
        final byte[] udp = hex(IPV4_UDP);
        final FlowRecord flow =
                context(
                        new Packets.Builder()
                                .add(0, true, tcp.length, tcp, 0, tcp.length)
                                .add(9, false, udp.length, udp, 0, udp.length));

        assertThat(printed(flow)).isEqualTo(printed(first(tcp)));
    }

    @ParameterizedTest
    @CsvSource({
        "ADDRESSES, 960, 'ipv4_src ipv4_dst'",
        "PORTS, 960, 'tcp_sprt tcp_dprt udp_sport udp_dport'",
        "CHECKSUMS, 976, 'ipv4_cksum tcp_cksum udp_cksum'",
        "IP_ID, 1008, 'ipv4_id'",
        "SEQ_ACK, 960, 'tcp_seq tcp_ackn'",
    })
    void shouldLeaveOutTheColumnsOfAMask(
            final Mask mask, final int width, final String leftOutFields) {
        final List<String> leftOut = List.of(leftOutFields.split(" "));
        final NprintEncoder encoder = new NprintEncoder(1, Set.of(mask));

        assertThat(encoder.width()).isEqualTo(width);
        for (final String packet :
                List.of(
                        IPV4_WITH_OPTION + TCP_WITH_OPTIONS,
                        IPV4_UDP,
                        ipv6Header(6) + TCP_WITH_OPTIONS)) {
            final FlowRecord flow = first(hex(packet));
            final Map<String, String> expected = fields(flow);
            expected.keySet().removeAll(leftOut);
            assertThat(fields(encoder, flow)).containsExactlyEntriesOf(expected);
        }
    }

    @Test
    void shouldHave896ColumnsWithoutAddressesAndPortsAnd768WithEveryMask() {
        final Set<Mask> who = EnumSet.of(Mask.ADDRESSES, Mask.PORTS);

        assertThat(new NprintEncoder(1, who).width()).isEqualTo(896);
        assertThat(new NprintEncoder(10, who).width()).isEqualTo(8960);
        assertThat(new NprintEncoder(1, EnumSet.allOf(Mask.class)).width()).isEqualTo(768);
    }

    @Test
    void shouldNameEveryColumn() {
        final List<String> columns = new NprintEncoder(2, Set.of()).columns();

        assertThat(columns).hasSize(2048).doesNotHaveDuplicates();
        assertThat(columns)
                .startsWith("pkt1_ipv4_ver_0", "pkt1_ipv4_ver_1")
                .endsWith("pkt2_udp_cksum_14", "pkt2_udp_cksum_15");
        assertThat(columns.get(1024)).isEqualTo("pkt2_ipv4_ver_0");
    }

    @Test
    void shouldWriteTheSameRowIntoADirectBuffer() {
        final NprintEncoder encoder = new NprintEncoder(1, Set.of());
        final FlowRecord flow = first(hex(IPV4_UDP));
        final FloatBuffer direct =
                ByteBuffer.allocateDirect(2 * 1024 * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();

        encoder.encode(flow, direct);

        assertThat(direct.position()).isEqualTo(1024);
        final float[] row = new float[1024];
        direct.flip().get(row);
        assertThat(row).isEqualTo(encoded(encoder, flow));
    }

    @Test
    void shouldWriteNothingWhereThereIsNoRoomForARow() {
        final FloatBuffer small = FloatBuffer.allocate(1023);

        assertThatThrownBy(() -> new NprintEncoder(1, Set.of()).encode(first(hex(IPV4_UDP)), small))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(small.position()).isZero();
    }

    /** An IPv6 header with a next-header number. */
    private static String ipv6Header(final int next) {
        return "60000000 0100 "
                + String.format("%02x", next)
                + "40 20010db8000000000000000000000001 20010db8000000000000000000000002";
    }

    private static String printed(final FlowRecord flow) {
        return text(encoded(new NprintEncoder(1, Set.of()), flow));
    }

    private static Map<String, String> fields(final FlowRecord flow) {
        return fields(new NprintEncoder(1, Set.of()), flow);
    }

    /** The bits of each field of packet 1, with a dot for an absent one. */
    private static Map<String, String> fields(final FeatureEncoder encoder, final FlowRecord flow) {
        final String bits = text(encoded(encoder, flow));
        final Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < bits.length(); i++) {
            final String column = encoder.columns().get(i);
            final String field = column.substring("pkt1_".length(), column.lastIndexOf('_'));
            fields.merge(field, bits.substring(i, i + 1), String::concat);
        }
        return fields;
    }

    private static String tcpOf(final Map<String, String> fields) {
        return joined(fields, "tcp_");
    }

    private static String transportOf(final Map<String, String> fields) {
        return joined(fields, "tcp_") + joined(fields, "udp_");
    }

    private static String joined(final Map<String, String> fields, final String prefix) {
        return fields.entrySet().stream()
                .filter(field -> field.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining());
    }

    private static Map<String, String> ordered(final String... namesAndBits) {
        final Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndBits.length; i += 2) {
            fields.put(namesAndBits[i], namesAndBits[i + 1]);
        }
        return fields;
    }

    private static float[] encoded(final FeatureEncoder encoder, final FlowRecord flow) {
        final float[] row = new float[encoder.width()];
        Arrays.fill(row, Float.NaN);
        encoder.encode(flow, FloatBuffer.wrap(row));
        return row;
    }

    private static String text(final float[] row) {
        final StringBuilder text = new StringBuilder(row.length);
        for (final float value : row) {
            text.append(value == 0 ? '0' : value == 1 ? '1' : value == -1 ? '.' : '?');
        }
        return text.toString();
    }
}
