/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.ipv6;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestPackets.udp;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.TestTunnels;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.CaptureBuilder;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcapSourceTest {

    private static final long START = 1_700_000_000_123_456L;
    private static final int RAW = 101;

    @TempDir private Path folder;

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    private static byte[] datagram(final int client) {
        return ipv4(17, "10.0.0.5", "203.0.113.9", udp(client, 53, new byte[5]));
    }

    private List<FlowRecord> read(final byte[] capture) throws IOException {
        return readFile(Files.write(folder.resolve("capture"), capture));
    }

    private List<FlowRecord> readFile(final Path file) throws IOException {
        final List<FlowRecord> records = new ArrayList<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        file,
                        SensorFormats.installed().only("pcap"),
                        FlowAssembler.Options.defaults("pcap"),
                        ledger,
                        deadLetters::add)) {
            for (Optional<FlowRecord> record = source.next();
                    record.isPresent();
                    record = source.next()) {
                records.add(record.get());
            }
            assertThat(source.next()).isEmpty();
        }
        return records;
    }

    private List<String> notices(final byte[] capture) throws IOException {
        final List<String> notices = new ArrayList<>();
        final DeadLetterSink sink =
                new DeadLetterSink() {
                    @Override
                    public void accept(final DeadLetter letter) {
                        deadLetters.add(letter);
                    }

                    @Override
                    public void notice(final String sentence) {
                        notices.add(sentence.replace(folder.toString(), "DIR"));
                    }
                };
        final Path file = Files.write(folder.resolve("capture"), capture);
        try (FlowRecordSource source =
                SensorInput.open(
                        file,
                        SensorFormats.installed().only("pcap"),
                        FlowAssembler.Options.defaults("pcap"),
                        ledger,
                        sink)) {
            int flows = 0;
            while (source.next().isPresent()) {
                flows++;
            }
            notices.add(flows + " records");
        }
        assertThat(deadLetters).isEmpty();
        return notices;
    }

    private static List<FlowRecord> firsts(final List<FlowRecord> records) {
        return records.stream().filter(r -> r.stage() == FlowRecord.Stage.FIRST).toList();
    }

    private static List<Integer> clients(final List<FlowRecord> records) {
        return firsts(records).stream().map(r -> r.tuple().originatorPort()).toList();
    }

    private String onlyDeadLetter(final String reason) {
        assertThat(deadLetters).hasSize(1);
        assertThat(deadLetters.get(0).reason()).isEqualTo(reason);
        assertThat(deadLetters.get(0).source()).isEqualTo(folder.resolve("capture").toString());
        return deadLetters.get(0).detail().replace(folder.toString(), "DIR");
    }

    static Stream<Arguments> classicVariants() {
        return Stream.of(BIG_ENDIAN, LITTLE_ENDIAN)
                .flatMap(
                        order ->
                                Stream.of(
                                                CaptureBuilder.PCAP_MICROSECONDS,
                                                CaptureBuilder.PCAP_NANOSECONDS,
                                                CaptureBuilder.PCAP_MODIFIED)
                                        .map(magic -> Arguments.of(order, magic)));
    }

    @ParameterizedTest
    @MethodSource("classicVariants")
    void shouldReadEveryVariantOfClassicPcap(final ByteOrder order, final int magic)
            throws IOException {
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcap(order, magic, RAW)
                                .packet(START, datagram(1))
                                .packet(START + 7, datagram(1))
                                .bytes());

        assertThat(records).hasSize(2);
        assertThat(records.get(0).startMicros()).isEqualTo(START);
        assertThat(records.get(0).tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "10.0.0.5", 1, "203.0.113.9", 53));
        assertThat(records.get(0).packets().bytes()).isEqualTo(datagram(1));
        assertThat(records.get(1).packets().offsetMicros(1)).isEqualTo(7);
        assertThat(deadLetters).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadEveryPacketBlockOfPcapng(final boolean bigEndian) throws IOException {
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcapng(bigEndian ? BIG_ENDIAN : LITTLE_ENDIAN)
                                .describeInterface(RAW)
                                .enhancedPacket(0, START, datagram(1))
                                .obsoletePacket(0, START + 1, datagram(2))
                                .simplePacket(datagram(3), datagram(3).length)
                                .bytes());

        assertThat(clients(records)).containsExactly(1, 2, 3);
        assertThat(firsts(records))
                .extracting(FlowRecord::startMicros)
                .containsExactly(START, START + 1, START + 1);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldPassOverOtherBlocksOfPcapng() throws IOException {
        final CaptureBuilder capture = CaptureBuilder.pcapng(LITTLE_ENDIAN);
        final List<FlowRecord> records =
                read(
                        capture.block(4, capture.room(8))
                                .describeInterface(RAW)
                                .block(5, capture.room(12))
                                .block(0x80000bad, capture.room(700_000))
                                .enhancedPacket(0, START, datagram(1))
                                .block(10, capture.room(0))
                                .bytes());

        assertThat(clients(records)).containsExactly(1);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldReadSectionsOfDifferentByteOrderAndLinkType() throws IOException {
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcapng(LITTLE_ENDIAN)
                                .describeInterface(RAW)
                                .enhancedPacket(0, START, datagram(1))
                                .in(BIG_ENDIAN)
                                .section()
                                .describeInterface(0)
                                .enhancedPacket(
                                        0, START + 1, concat(new byte[] {0, 0, 0, 2}, datagram(2)))
                                .bytes());

        assertThat(clients(records)).containsExactly(1, 2);
    }

    static Stream<Arguments> resolutions() {
        final long seconds = START / 1_000_000;
        final long micros = START % 1_000_000;
        return Stream.of(
                Arguments.of(0, seconds, 0L),
                Arguments.of(3, START / 1000, micros / 1000 * 1000),
                Arguments.of(6, START, micros),
                Arguments.of(9, START * 1000 + 999, micros),
                Arguments.of(0x80, seconds, 0L),
                Arguments.of(0x80 | 10, (seconds << 10) + 512, 500_000L),
                Arguments.of(0x80 | 32, (seconds << 32) + (1L << 31) + 1, 500_000L));
    }

    @ParameterizedTest
    @MethodSource("resolutions")
    void shouldReadTimesInTheInterfacesResolution(
            final int resolution, final long time, final long micros) throws IOException {
        final CaptureBuilder capture = CaptureBuilder.pcapng(BIG_ENDIAN);
        final List<FlowRecord> records =
                read(
                        capture.describeInterface(RAW, 0, capture.resolution(resolution))
                                .enhancedPacket(0, time, datagram(1))
                                .bytes());

        assertThat(records.get(0).startMicros()).isEqualTo(START / 1_000_000 * 1_000_000 + micros);
    }

    @Test
    void shouldAddTheInterfacesTimeOffset() throws IOException {
        final CaptureBuilder capture = CaptureBuilder.pcapng(LITTLE_ENDIAN);
        final byte[] options = concat(capture.resolution(9), capture.timeOffset(1_600_000_000));
        final List<FlowRecord> records =
                read(
                        capture.describeInterface(RAW, 0, options)
                                .enhancedPacket(0, 5_000_002_000L, datagram(1))
                                .bytes());

        assertThat(records.get(0).startMicros()).isEqualTo(1_600_000_005_000_002L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadBlocksWhoseLengthIsNotRoundedAndSaySo(final boolean bigEndian)
            throws IOException {
        final CaptureBuilder capture =
                CaptureBuilder.pcapng(bigEndian ? BIG_ENDIAN : LITTLE_ENDIAN)
                        .describeInterface(RAW);
        for (int client = 1; client <= 3; client++) {
            final byte[] packet = datagram(client); // 33 bytes
            final int length = 32 + packet.length;
            capture.raw(
                    capture.room(length + 3)
                            .putInt(6)
                            .putInt(length)
                            .putInt(0)
                            .putLong(client)
                            .putInt(packet.length)
                            .putInt(packet.length)
                            .put(packet)
                            .put(new byte[3])
                            .putInt(length)
                            .array());
        }
        assertThat(notices(capture.bytes()))
                .containsExactly(
                        "DIR/capture has blocks whose length is no multiple of 4, the first at"
                                + " packet 1; they are read as if it were rounded up",
                        "6 records");
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES))
                .isEqualTo(Map.of("unrounded_block_length", 3L));
    }

    @Test
    void shouldSayThatPacketsHaveNoTime() throws IOException {
        assertThat(
                        notices(
                                CaptureBuilder.pcapng(LITTLE_ENDIAN)
                                        .describeInterface(RAW)
                                        .enhancedPacket(0, START, datagram(1))
                                        .simplePacket(datagram(2), datagram(2).length)
                                        .simplePacket(datagram(3), datagram(3).length)
                                        .bytes()))
                .containsExactly(
                        "DIR/capture has packets without a time, the first is packet 2; each is"
                                + " given that of the packet before it, so waits and pauses between"
                                + " them are not known",
                        "6 records");
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES))
                .isEqualTo(Map.of("packet_without_time", 2L));
    }

    /** Snap 68, a VLAN tag and IPv6: the TCP header is cut behind its ports. */
    @Test
    void shouldGiveAFlowOfFramesThatAreCutBehindThePorts() throws IOException {
        final byte[] frame =
                concat(
                        new byte[12],
                        new byte[] {(byte) 0x81, 0, 0, 5, (byte) 0x86, (byte) 0xdd},
                        ipv6(6, "2001:db8::1", "2001:db8::2", tcp(40_000, 443, 2, new byte[80])));
        final CaptureBuilder capture =
                CaptureBuilder.pcap(LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, 1);
        capture.raw(
                capture.room(16 + 68)
                        .putInt((int) (START / 1_000_000))
                        .putInt(0)
                        .putInt(68)
                        .putInt(frame.length)
                        .put(frame, 0, 68)
                        .array());
        final List<FlowRecord> records = read(capture.bytes());
        assertThat(records).hasSize(2);
        assertThat(records.get(0).tuple())
                .isEqualTo(new FlowTuple(Transport.TCP, "2001:db8::1", 40_000, "2001:db8::2", 443));
        assertThat(records.get(0).packets().length(0)).isEqualTo(40 + 20 + 80);
        assertThat(records.get(0).packets().bytes()).hasSize(50);
    }

    @Test
    void shouldGiveTheFlowInsideATunnelOfACapture() throws IOException {
        final byte[] there = ipv4(17, "10.0.0.5", "203.0.113.9", udp(9, 53, new byte[5]));
        final byte[] back = ipv4(17, "203.0.113.9", "10.0.0.5", udp(53, 9, new byte[5]));
        for (final Map.Entry<String, byte[]> tunnel : TestTunnels.around(there).entrySet()) {
            final List<FlowRecord> records =
                    read(
                            CaptureBuilder.pcap(
                                            LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, RAW)
                                    .packet(START, tunnel.getValue())
                                    .packet(
                                            START + 1,
                                            TestTunnels.around(back).get(tunnel.getKey()))
                                    .bytes());
            assertThat(records).as(tunnel.getKey()).hasSize(2);
            assertThat(records.get(1).packets().count()).isEqualTo(2);
            assertThat(records.get(1).tuple())
                    .isEqualTo(new FlowTuple(Transport.UDP, "10.0.0.5", 9, "203.0.113.9", 53));
            assertThat(records.get(1).tunnel().orElseThrow().source())
                    .isEqualTo(TestTunnels.OUTER_SOURCE);
        }
    }

    @Test
    void shouldTakeTheTunnelFromTheOriginatorsSide() throws IOException {
        final byte[] accepts = ipv4(6, "10.0.0.2", "10.0.0.1", tcp(443, 9, 0x12, new byte[0]));
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcap(LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, RAW)
                                .packet(START, TestTunnels.vxlan(4789, 7, accepts))
                                .bytes());
        assertThat(records.get(0).tuple().originator()).isEqualTo("10.0.0.1");
        assertThat(records.get(0).tunnel().orElseThrow().text())
                .isEqualTo("vxlan 1 7 192.0.2.2 4789 192.0.2.1 50001");
    }

    /** Neither Zeek nor Suricata tells them apart; GTP-U and GRE have an id for each direction. */
    @Test
    void shouldTakeTheSameEndpointsInOtherNetworksForOneFlow() throws IOException {
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcap(LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, RAW)
                                .packet(START, TestTunnels.vxlan(4789, 7, datagram(1)))
                                .packet(START + 1, TestTunnels.vxlan(4789, 8, datagram(1)))
                                .packet(START + 2, datagram(1))
                                .bytes());
        assertThat(firsts(records)).hasSize(1);
        assertThat(records.get(1).packets().count()).isEqualTo(3);
        assertThat(records.get(1).tunnel().orElseThrow().id()).isEqualTo(7);
    }

    @Test
    void shouldCutSimplePacketsAtTheSnapLength() throws IOException {
        final byte[] large = ipv4(17, "10.0.0.5", "203.0.113.9", udp(1, 53, new byte[500]));
        final byte[] kept = Arrays.copyOf(large, 58);
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcapng(LITTLE_ENDIAN)
                                .describeInterface(RAW, 58, new byte[0])
                                .simplePacket(kept, large.length)
                                .bytes());

        assertThat(records.get(0).packets().length(0)).isEqualTo(large.length);
        assertThat(records.get(0).packets().bytes()).isEqualTo(kept);
    }

    @Test
    void shouldReadGzip() throws IOException {
        final byte[] capture =
                CaptureBuilder.pcap(LITTLE_ENDIAN, CaptureBuilder.PCAP_NANOSECONDS, RAW)
                        .packet(START, datagram(1))
                        .bytes();

        assertThat(clients(read(Gzip.packed(capture)))).containsExactly(1);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldReadMoreThanItsWindowHolds() throws IOException {
        final CaptureBuilder capture =
                CaptureBuilder.pcap(BIG_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, RAW);
        final List<Integer> expected = new ArrayList<>();
        for (int i = 1; i <= 2_000; i++) {
            final byte[] large = ipv4(17, "10.0.0.5", "203.0.113.9", udp(i, 53, new byte[i]));
            capture.packet(START + i, large);
            expected.add(i);
        }
        capture.packet(START + 3_000, Arrays.copyOf(datagram(3_000), 1 << 20));
        capture.packet(START + 3_001, datagram(3_001));
        expected.add(3_000);
        expected.add(3_001);

        assertThat(clients(read(capture.bytes()))).isEqualTo(expected);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldTakeTheLengthFromTheIpHeaderAndLeaveOutThePadding() throws IOException {
        final byte[] ack = ipv4(6, "10.0.0.5", "203.0.113.9", tcp(1, 2, 0x10, new byte[0]));
        final byte[] header = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcap(LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, 1)
                                .packet(START, concat(header, ack, new byte[6]))
                                .bytes());

        assertThat(records.get(0).packets().length(0)).isEqualTo(40);
        assertThat(records.get(0).packets().bytes()).isEqualTo(ack);
    }

    @Test
    void shouldCountEventsFlowsAndPacketsWithoutAFlow() throws IOException {
        final byte[] arp = new byte[42];
        arp[12] = 8;
        arp[13] = 6;
        final byte[] ethernet = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0};
        read(
                CaptureBuilder.pcap(LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, 1)
                        .packet(START, arp)
                        .packet(START, concat(ethernet, datagram(1)))
                        .packet(START, concat(ethernet, datagram(1)))
                        .packet(START, concat(ethernet, ipv4(1, "10.0.0.1", "10.0.0.2", arp)))
                        .packet(START, concat(ethernet, Arrays.copyOf(datagram(1), 20)))
                        .bytes());

        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("pcap", 2L));
        assertThat(ledger.total(Ledger.Entry.FLOWS)).isEqualTo(1);
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of("not_ip", 1L, "other_transport", 1L, "malformed", 1L));
    }

    @Test
    void shouldPassOverAnInterfaceOfUnknownLinkTypeAndReadTheRest() throws IOException {
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcapng(LITTLE_ENDIAN)
                                .describeInterface(195)
                                .describeInterface(RAW)
                                .enhancedPacket(0, START, datagram(1))
                                .enhancedPacket(1, START, datagram(2))
                                .enhancedPacket(0, START, datagram(3))
                                .bytes());

        assertThat(clients(records)).containsExactly(2);
        assertThat(onlyDeadLetter("unknown_link_type"))
                .isEqualTo(
                        "Packet 1 of DIR/capture has link type IEEE802_15_4_WITHFCS (195), which"
                                + " cannot be read; its packets are skipped.");
        assertThat(deadLetters.get(0).offset()).isEqualTo(1);
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of("unknown_link_type", 2L));
    }

    @Test
    void shouldPassOverPacketsOfAnInterfaceThatIsNotDescribed() throws IOException {
        final List<FlowRecord> records =
                read(
                        CaptureBuilder.pcapng(BIG_ENDIAN)
                                .simplePacket(datagram(1), datagram(1).length)
                                .describeInterface(RAW)
                                .enhancedPacket(1, START, datagram(2))
                                .enhancedPacket(0, START, datagram(3))
                                .bytes());

        assertThat(clients(records)).containsExactly(3);
        assertThat(onlyDeadLetter("undefined_interface"))
                .isEqualTo(
                        "Packet 1 of DIR/capture names an interface that the capture does not"
                                + " describe; such packets are skipped.");
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of("undefined_interface", 2L));
    }

    @Test
    void shouldForgetTheInterfacesOfTheSectionBefore() throws IOException {
        read(
                CaptureBuilder.pcapng(BIG_ENDIAN)
                        .describeInterface(RAW)
                        .section()
                        .enhancedPacket(0, START, datagram(1))
                        .bytes());

        assertThat(onlyDeadLetter("undefined_interface")).startsWith("Packet 1 ");
    }

    /** A small capture, and where each of its parts ends. */
    enum Whole {
        PCAP(
                CaptureBuilder.pcap(LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, RAW)
                        .packet(START, datagram(1))
                        .packet(START, datagram(2))
                        .packet(START, datagram(3)),
                24,
                new int[] {},
                new int[] {73, 122, 171}),
        PCAPNG(
                CaptureBuilder.pcapng(BIG_ENDIAN)
                        .describeInterface(RAW)
                        .enhancedPacket(0, START, datagram(1))
                        .simplePacket(datagram(2), datagram(2).length)
                        .obsoletePacket(0, START, datagram(3)),
                28,
                new int[] {48},
                new int[] {116, 168, 236});

        private final byte[] bytes;
        private final int headerEnd;
        private final Set<Integer> boundaries = new HashSet<>();
        private final int[] packetEnds;

        Whole(
                final CaptureBuilder capture,
                final int headerEnd,
                final int[] otherEnds,
                final int[] packetEnds) {
            this.bytes = capture.bytes();
            this.headerEnd = headerEnd;
            this.packetEnds = packetEnds;
            boundaries.add(headerEnd);
            Arrays.stream(otherEnds).forEach(boundaries::add);
            Arrays.stream(packetEnds).forEach(boundaries::add);
        }

        private int packetsWithin(final int length) {
            return (int) Arrays.stream(packetEnds).filter(end -> end <= length).count();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepEveryWholePacketOfACaptureCutAnywhere(final Whole capture) throws IOException {
        assertThat(capture.packetsWithin(capture.bytes.length)).isEqualTo(3);
        for (int length = capture.headerEnd; length <= capture.bytes.length; length++) {
            deadLetters.clear();
            final List<FlowRecord> records = read(Arrays.copyOf(capture.bytes, length));

            final int packets = capture.packetsWithin(length);
            assertThat(firsts(records)).as("cut at %d", length).hasSize(packets);
            assertThat(records).as("cut at %d", length).hasSize(2 * packets);
            if (capture.boundaries.contains(length)) {
                assertThat(deadLetters).as("cut at %d", length).isEmpty();
            } else {
                assertThat(onlyDeadLetter("truncated_capture"))
                        .startsWith("Nothing after packet " + packets + " could be");
                assertThat(deadLetters.get(0).offset()).isEqualTo(packets + 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseACaptureCutWithinItsHeader(final Whole capture) {
        for (int length = 0; length < capture.headerEnd; length++) {
            final byte[] cut = Arrays.copyOf(capture.bytes, length);

            assertThatIOException()
                    .isThrownBy(() -> read(cut))
                    .withMessageStartingWith(folder.resolve("capture").toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepWholePacketsOfAGzipFileCutAnywhere(final Whole capture) throws IOException {
        final byte[] packed = Gzip.packed(capture.bytes);
        int most = 0;
        for (int length = 0; length < packed.length; length++) {
            deadLetters.clear();
            try {
                final int flows = firsts(read(Arrays.copyOf(packed, length))).size();
                assertThat(flows).as("cut at %d", length).isGreaterThanOrEqualTo(most);
                most = flows;
                assertThat(onlyDeadLetter("truncated_capture")).contains("gzip");
            } catch (final IOException e) {
                assertThat(e).hasMessageStartingWith(folder.resolve("capture").toString());
                assertThat(most).as("cut at %d", length).isZero();
            }
        }
        assertThat(most).isEqualTo(3);
    }

    @Test
    void shouldKeepWhatComesBeforeDamagedGzipData() throws IOException {
        final byte[] packed = Gzip.packed(Whole.PCAP.bytes);
        packed[packed.length - 8]++; // the checksum
        final List<FlowRecord> records = read(packed);

        assertThat(clients(records)).containsExactly(1, 2, 3);
        assertThat(onlyDeadLetter("truncated_capture"))
                .isEqualTo(
                        "Nothing after packet 3 could be read, because its gzip data"
                                + " is damaged: Corrupt GZIP trailer.");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSurviveDamageAnywhere(final Whole capture) throws IOException {
        final Random random = new Random(42);
        int readable = 0;
        for (int i = 0; i < 400; i++) {
            final byte[] damaged = capture.bytes.clone();
            for (int j = 0; j <= i % 4; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                final List<FlowRecord> records = read(damaged);
                assertThat(records).hasSize(2 * firsts(records).size());
                readable++;
            } catch (final IOException e) {
                assertThat(e).hasMessageStartingWith(folder.resolve("capture").toString());
            }
        }
        assertThat(readable).isGreaterThan(200);
    }

    @Test
    void shouldStopAtAnAbsurdPacketLength() throws IOException {
        final CaptureBuilder capture =
                CaptureBuilder.pcap(LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, RAW)
                        .packet(START, datagram(1));
        capture.raw(capture.room(16).putLong(0).putInt(-1).putInt(-1).array());
        final List<FlowRecord> records = read(capture.bytes());

        assertThat(clients(records)).containsExactly(1);
        assertThat(onlyDeadLetter("corrupt_capture"))
                .isEqualTo(
                        "Nothing after packet 1 could be read, because the packet"
                                + " at byte 73 claims 4294967295 captured bytes, the limit is"
                                + " 1048576.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 13, 28, 1 << 30})
    void shouldStopAtABlockOfImpossibleLength(final int length) throws IOException {
        final CaptureBuilder capture =
                CaptureBuilder.pcapng(LITTLE_ENDIAN)
                        .describeInterface(RAW)
                        .enhancedPacket(0, START, datagram(1));
        capture.raw(capture.room(64).putInt(6).putInt(length).array());

        assertThat(clients(read(capture.bytes()))).containsExactly(1);
        assertThat(onlyDeadLetter("corrupt_capture")).contains("the block at byte 116 ");
    }

    @Test
    void shouldStopAtABlockWhoseLengthsDiffer() throws IOException {
        final CaptureBuilder capture = CaptureBuilder.pcapng(LITTLE_ENDIAN).describeInterface(RAW);
        capture.raw(capture.room(16).putInt(7).putInt(16).putInt(0).putInt(20).array());
        read(capture.bytes());

        assertThat(onlyDeadLetter("corrupt_capture"))
                .contains("the block at byte 48 has the length 16 before and 20 after its body");
    }

    @Test
    void shouldStopAtAPacketLongerThanItsBlock() throws IOException {
        final CaptureBuilder capture = CaptureBuilder.pcapng(LITTLE_ENDIAN).describeInterface(RAW);
        capture.block(6, capture.room(24).putInt(0).putLong(0).putInt(9).putInt(9));
        read(capture.bytes());

        assertThat(onlyDeadLetter("corrupt_capture")).contains("claims 9 captured bytes");
    }

    @Test
    void shouldSayThatAFileIsEmpty() {
        assertThatIOException()
                .isThrownBy(() -> read(new byte[0]))
                .withMessage(
                        folder.resolve("capture")
                                + " is empty; a pcap or pcapng capture is needed");
    }

    @Test
    void shouldSayThatAFileIsNoCapture() {
        assertThatIOException()
                .isThrownBy(() -> read("{\"ts\":1}".getBytes(StandardCharsets.US_ASCII)))
                .withMessage(
                        folder.resolve("capture")
                                + " is neither a pcap nor a pcapng capture, it begins with"
                                + " 0x7b227473");
    }

    @Test
    void shouldSayThatAFileIsNotThere() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> readFile(folder.resolve("nowhere")));
    }

    @Test
    @EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
    void shouldFindTheLabelledFlowsOfRealCaptures() throws IOException {
        final Path set = SharedTraffic.folder().resolve("svc");
        final Map<String, Set<String>> labelled = new TreeMap<>();
        for (final String line : Files.readAllLines(set.resolve("labels.csv"))) {
            final String[] row = line.split(",");
            if (!row[0].equals("pcap")) {
                labelled.computeIfAbsent(row[0], file -> new HashSet<>())
                        .add(String.join(" ", List.of(row).subList(2, 7)));
            }
        }
        final List<String> captures = List.copyOf(labelled.keySet());
        for (int i = 0; i < captures.size(); i += captures.size() / 20) {
            final Path capture = set.resolve("pcap").resolve(captures.get(i));
            final Set<String> found = new HashSet<>();
            for (final FlowRecord first : firsts(readFile(capture))) {
                final FlowTuple tuple = first.tuple();
                found.add(
                        String.join(
                                " ",
                                tuple.transport().name(),
                                tuple.originator(),
                                Integer.toString(tuple.originatorPort()),
                                tuple.responder(),
                                Integer.toString(tuple.responderPort())));
            }
            assertThat(found).as("%s", capture).containsAll(labelled.get(captures.get(i)));
        }
        assertThat(deadLetters).isEmpty();
    }
}
