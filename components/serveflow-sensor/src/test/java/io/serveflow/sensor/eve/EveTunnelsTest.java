/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import static io.serveflow.flow.TestPackets.bytes;
import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.ipv6;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestTunnels.frame;
import static io.serveflow.flow.TestTunnels.gtp;
import static io.serveflow.flow.TestTunnels.vxlan;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.TestTunnels;
import io.serveflow.flow.Transport;
import io.serveflow.flow.TunnelType;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.AllRecords;
import io.serveflow.sensor.CaptureBuilder;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.sensor.Suricata;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Events of Suricata about packets in tunnels: what they state of their packet decides. */
class EveTunnelsTest {

    private static final byte[] SYN = tcp(41_000, 443, 2, new byte[0]);
    private static final byte[] ACCEPT = tcp(443, 41_000, 0x12, new byte[0]);
    private static final byte[] INNER = ipv4(6, "192.0.2.77", "192.0.2.88", SYN);
    private static final byte[] INNER_BACK = ipv4(6, "192.0.2.88", "192.0.2.77", ACCEPT);
    private static final byte[] INNER6 = ipv6(6, "2001:db8::77", "2001:db8::88", SYN);
    private static final FlowTuple TUPLE =
            new FlowTuple(Transport.TCP, "192.0.2.77", 41_000, "192.0.2.88", 443);
    private static final String OWN =
            "\"src_ip\":\"192.0.2.77\",\"src_port\":41000,\"dest_ip\":\"192.0.2.88\","
                    + "\"dest_port\":443,\"proto\":\"TCP\"";
    private static final String OWN_BACK =
            "\"src_ip\":\"192.0.2.88\",\"src_port\":443,\"dest_ip\":\"192.0.2.77\","
                    + "\"dest_port\":41000,\"proto\":\"TCP\"";
    private static final String GRE =
            ",\"tunnel\":{\"src_ip\":\"192.0.2.10\",\"src_port\":0,\"dest_ip\":"
                    + "\"198.51.100.20\",\"dest_port\":0,\"proto\":\"GRE\",\"depth\":1}";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @TempDir private Path folder;

    private static String event(
            final int number, final String ends, final byte[] packet, final int linkType) {
        return "{\"timestamp\":\"2023-11-14T22:13:20.00%d000+0000\",\"flow_id\":7,%s,"
                        .formatted(number, "\"event_type\":\"alert\"")
                + ends
                + ",\"metadata\":{\"flowints\":{\"serveflow\":"
                + number
                + "}},\"alert\":{\"signature_id\":3900011},\"packet\":\""
                + Base64.getEncoder().encodeToString(packet)
                + "\",\"packet_info\":{\"linktype\":"
                + linkType
                + "}}\n";
    }

    private List<FlowRecord> read(final String text) throws IOException {
        return readFile(Files.writeString(folder.resolve("eve.json"), text));
    }

    private List<FlowRecord> readFile(final Path file) throws IOException {
        final List<FlowRecord> records =
                AllRecords.of(
                        SensorInput.open(
                                file,
                                SensorFormats.installed(),
                                FlowAssembler.Options.defaults("lab"),
                                ledger,
                                deadLetters::add));
        assertThat(deadLetters).isEmpty();
        return records;
    }

    static Stream<Arguments> beginnings() {
        final byte[] tag = bytes(0x81, 0, 0, 5, 8, 0);
        return Stream.of(
                Arguments.of("ip, as in GRE and VXLAN", new byte[0]),
                Arguments.of("ethernet, as in GENEVE", ethernet(bytes(8, 0))),
                Arguments.of("ethernet with a tag", ethernet(tag)),
                Arguments.of("ethernet of an address like IPv4", mac("450000280000")),
                Arguments.of("ethernet of an address like IPv6", mac("600000000614")),
                Arguments.of("erspan ii", concat(new byte[8], ethernet(bytes(8, 0)))),
                Arguments.of("erspan iii", concat(new byte[12], ethernet(bytes(8, 0)))),
                Arguments.of("erspan iii, subheader", concat(new byte[20], ethernet(tag))));
    }

    private static byte[] ethernet(final byte[] types) {
        return concat(bytes(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1), types);
    }

    private static byte[] mac(final String destination) {
        return concat(HexFormat.of().parseHex(destination), bytes(2, 0, 0, 0, 0, 1, 8, 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beginnings")
    void shouldFindThePacketWhateverTheLinkTypeSays(final String name, final byte[] header)
            throws IOException {
        for (final int linkType : new int[] {12, 1, 101, 113}) {
            final List<FlowRecord> records =
                    read(
                            event(1, OWN + GRE, concat(header, INNER), linkType)
                                    + event(
                                            2,
                                            OWN_BACK + GRE,
                                            concat(header, INNER_BACK),
                                            linkType));
            assertThat(records).hasSize(2);
            assertThat(records.get(1).tuple()).isEqualTo(TUPLE);
            assertThat(records.get(1).packets().count()).isEqualTo(2);
            assertThat(records.get(1).packets().bytes()).startsWith(INNER);
        }
    }

    @Test
    void shouldFindIpv6WhoseAddressesSuricataWritesInFull() throws IOException {
        final String ends =
                "\"src_ip\":\"2001:0db8:0000:0000:0000:0000:0000:0077\",\"src_port\":41000,"
                        + "\"dest_ip\":\"2001:0db8:0000:0000:0000:0000:0000:0088\","
                        + "\"dest_port\":443,\"proto\":\"TCP\"";
        assertThat(read(event(1, ends, frame(INNER6), 12)).get(0).tuple())
                .isEqualTo(
                        new FlowTuple(Transport.TCP, "2001:db8::77", 41_000, "2001:db8::88", 443));
    }

    @Test
    void shouldKeepTheTunnelThatSuricataOpened() throws IOException {
        final byte[] erspan = concat(bytes(0x10, 1, 0, 0, 0, 0, 0, 0), frame(INNER));
        assertThat(read(event(1, OWN + GRE, erspan, 12)).get(0).tunnel().orElseThrow().text())
                .isEqualTo("erspan 1 - 192.0.2.10 - 198.51.100.20 -");
        final String udp =
                GRE.replace("\"src_port\":0", "\"src_port\":50001")
                        .replace("\"dest_port\":0", "\"dest_port\":6081")
                        .replace("GRE", "UDP")
                        .replace("\"depth\":1", "\"depth\":2");
        assertThat(read(event(1, OWN + udp, frame(INNER), 12)).get(0).tunnel().orElseThrow().text())
                .isEqualTo("geneve 2 - 192.0.2.10 50001 198.51.100.20 6081");
    }

    @Test
    void shouldTakeTheTunnelFromTheOriginatorsSide() throws IOException {
        final FlowRecord record = read(event(1, OWN_BACK + GRE, INNER_BACK, 12)).get(0);
        assertThat(record.tuple()).isEqualTo(TUPLE);
        assertThat(record.tunnel().orElseThrow().text())
                .isEqualTo("gre 1 - 198.51.100.20 - 192.0.2.10 -");
    }

    @ParameterizedTest
    @CsvSource({"41001, 192.0.2.88, TCP", "41000, 192.0.2.89, TCP", "41000, 192.0.2.88, UDP"})
    void shouldMakeNoFlowOfAPacketThatIsNotTheEvents(
            final int port, final String destination, final String protocol) throws IOException {
        final String other =
                OWN.replace("41000", Integer.toString(port))
                        .replace("192.0.2.88", destination)
                        .replace("TCP", protocol);
        assertThat(read(event(1, other, frame(INNER), 1))).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_endpoints", 1L));
    }

    @Test
    void shouldMakeNoFlowOfTheAddressesOfAFrame() throws IOException {
        final byte[] frame = concat(mac("450000280000"), ipv4(1, "10.0.0.1", "10.0.0.2", SYN));
        assertThat(read(event(1, OWN, frame, 12))).isEmpty();
        assertThat(ledger.total(Ledger.Entry.SKIPPED)).isEqualTo(1);
    }

    @Test
    void shouldMakeNoFlowOfAnEventOfAnotherProtocol() throws IOException {
        final String gre = OWN.replace("TCP", "GRE").replaceAll("41000|443", "0");
        assertThat(read(event(1, gre, frame(TestTunnels.around(INNER).get("gre")), 1))).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_transport", 1L));
    }

    @Test
    void shouldReadAnEventThatStatesNoEndpoints() throws IOException {
        for (final byte[] packet : new byte[][] {INNER, frame(INNER)}) {
            assertThat(read(event(1, "\"x\":1", packet, 12)).get(0).tuple()).isEqualTo(TUPLE);
        }
    }

    /** Suricata does not open GTP-U. */
    @Test
    void shouldNeverMixTheConnectionsInATunnelThatTheSensorDidNotOpen() throws IOException {
        final byte[] other = ipv4(6, "192.0.2.78", "203.0.113.6", tcp(42_000, 80, 2, new byte[0]));
        final String ends =
                "\"src_ip\":\"192.0.2.1\",\"src_port\":2152,\"dest_ip\":\"192.0.2.2\","
                        + "\"dest_port\":2152,\"proto\":\"UDP\"";
        final List<FlowRecord> records =
                read(
                        event(1, ends, frame(gtp(1, INNER)), 1)
                                + event(2, ends, frame(gtp(2, other)), 1)
                                + event(3, ends, frame(gtp(1, INNER)), 1));
        assertThat(records).hasSize(2);
        final FlowRecord context = records.get(1);
        assertThat(context.tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "192.0.2.1", 2152, "192.0.2.2", 2152));
        assertThat(context.packets().count()).isEqualTo(3);
        assertThat(context.packets().length(0)).isEqualTo(36 + INNER.length);
        assertThat(context.tunnel()).isEmpty();
    }

    /** A real Suricata over every tunnel that it opens gives what the capture gives. */
    @Test
    @EnabledIf("io.serveflow.sensor.Suricata#present")
    void shouldGiveTheFlowsInTunnelsThatASuricataOpensAsTheCaptureDoes() throws Exception {
        final Suricata suricata = new Suricata(folder);
        final List<String> opened = new ArrayList<>();
        for (final String kind : TestTunnels.around(INNER6).keySet()) {
            final boolean ipv6 = kind.startsWith("teredo") || kind.equals("ip in ip");
            final byte[] there =
                    ipv6
                            ? ipv6(6, "2001:0:1::77", "2001:db8::88", SYN)
                            : TestTunnels.withChecksum(INNER);
            final byte[] back =
                    ipv6
                            ? ipv6(6, "2001:db8::88", "2001:0:1::77", ACCEPT)
                            : TestTunnels.withChecksum(INNER_BACK);
            final CaptureBuilder capture =
                    CaptureBuilder.pcap(
                                    ByteOrder.LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, 1)
                            .packet(
                                    1_700_000_000_000_000L,
                                    frame(TestTunnels.around(there).get(kind)))
                            .packet(
                                    1_700_000_000_000_100L,
                                    frame(TestTunnels.around(back).get(kind)));
            final Path file = Files.write(folder.resolve("tunnel.pcap"), capture.bytes());
            suricata.read(file);
            final FlowRecord fromCapture = readFile(file).get(1);
            final Optional<FlowRecord> fromEve =
                    readFile(suricata.eve()).stream()
                            .filter(record -> record.stage() == FlowRecord.Stage.CONTEXT)
                            .filter(record -> record.tuple().equals(fromCapture.tuple()))
                            .findFirst();
            if (fromEve.isPresent()) {
                opened.add(kind);
                assertThat(fromEve.get().packets()).as(kind).isEqualTo(fromCapture.packets());
                assertThat(fromEve.get().tunnel().orElseThrow().type())
                        .as(kind)
                        .isEqualTo(
                                kind.equals("erspan i") || kind.startsWith("pptp")
                                        ? TunnelType.GRE // as far as an event says
                                        : fromCapture.tunnel().orElseThrow().type());
                assertThat(fromEve.get().tunnel().orElseThrow().source())
                        .as(kind)
                        .isEqualTo(fromCapture.tunnel().orElseThrow().source());
            }
        }
        // What 7.0.10 opens; 8 opens IP in IP of IPv4 too.
        assertThat(opened)
                .contains(
                        "gre",
                        "gre with checksum, key and number",
                        "gre with a key",
                        "gre with frames",
                        "gre with vlan",
                        "erspan i",
                        "erspan ii",
                        "vxlan",
                        "vxlan with a group",
                        "geneve",
                        "geneve with options",
                        "geneve with ip",
                        "ip in ip",
                        "teredo",
                        "teredo with origin");
    }

    /** The outer flow is one of the sensor's own. */
    @Test
    void shouldGiveTheFlowOfTheTunnelsEndsThatSuricataAlsoReports() throws IOException {
        final String ends =
                "\"src_ip\":\"192.0.2.1\",\"src_port\":50001,\"dest_ip\":\"192.0.2.2\","
                        + "\"dest_port\":4789,\"proto\":\"UDP\"";
        assertThat(read(event(1, ends, frame(vxlan(4789, 1, INNER)), 1)).get(0).tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "192.0.2.1", 50_001, "192.0.2.2", 4789));
    }
}
