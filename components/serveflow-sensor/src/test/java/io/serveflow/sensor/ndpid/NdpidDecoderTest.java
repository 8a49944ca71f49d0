/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.ndpid;

import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestTunnels.frame;
import static io.serveflow.flow.TestTunnels.gre;
import static io.serveflow.flow.TestTunnels.gtp;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NdpidDecoderTest {

    /** As nDPId's own tests have it for an NTP packet. */
    private static final String PACKET =
            "00552{\"packet_event_id\":2,\"packet_event_name\":\"packet-flow\",\"thread_id\":0,"
                    + "\"packet_id\":1,\"source\":\"NTPv4.pcap\",\"alias\":\"nDPId-test\","
                    + "\"flow_id\":1,\"flow_packet_id\":1,"
                    + "\"flow_src_last_pkt_time\":1436865396190857,"
                    + "\"flow_dst_last_pkt_time\":1436865396190857,\"flow_idle_time\":200000000,"
                    + "\"pkt_oversize\":false,\"pkt_caplen\":90,\"pkt_type\":2048,"
                    + "\"pkt_l3_offset\":14,\"pkt_l4_offset\":34,\"pkt_len\":90,\"pkt_l4_len\":56,"
                    + "\"thread_ts_usec\":1436865396190857,\"pkt\":\""
                    + "RIpb2HMEACaIdf8bCABFAABMrX9AADcRaFpVFj54Ti5MCwB7AHsAOKmfIwIH6wAABFAAAAOr"
                    + "g7wD39lPUcMxZbhg2URXVTAzb9DZRFdVMbTpeNlPUfQtJuL0\"}";

    private static final String IDLE =
            "00890{\"flow_event_id\":3,\"flow_event_name\":\"idle\",\"thread_id\":0,"
                    + "\"source\":\"NTPv4.pcap\",\"alias\":\"nDPId-test\",\"flow_id\":1,"
                    + "\"flow_state\":\"finished\",\"ndpi\":{\"proto\":\"NTP\"}}";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @Test
    void shouldAssembleTheRecordsOfAFlow() {
        final List<FlowRecord> records = read(PACKET, packet(2, 1_436_865_396_200_857L));

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT);
        final FlowRecord context = records.get(1);
        assertThat(context.id().observer()).isEqualTo("ndpid-1");
        assertThat(context.id().uid()).isEqualTo("nDPId-test/NTPv4.pcap/1/1436865396190857");
        assertThat(context.tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "85.22.62.120", 123, "78.46.76.11", 123));
        assertThat(context.startMicros()).isEqualTo(1_436_865_396_190_857L);
        assertThat(context.packets().length(0)).isEqualTo(76);
        assertThat(context.packets().offsetMicros(1)).isEqualTo(10_000);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("ndpid", 2L));
    }

    /** nDPId's own timeout is 180 s, whether UDP was answered or not. */
    @Test
    void shouldKeepAFlowOneThroughAPauseThatNdpidAllows() {
        final List<FlowRecord> records =
                read(PACKET, packet(2, 1_436_865_396_190_857L + 179_000_000));

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT);
    }

    @Test
    void shouldEndAFlowWhenNdpidSaysThatItIsOver() {
        final List<FlowRecord> records = read(PACKET, IDLE, packet(1, 1_436_865_397_000_000L));

        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(
                        FlowRecord.Stage.FIRST,
                        FlowRecord.Stage.CONTEXT,
                        FlowRecord.Stage.FIRST,
                        FlowRecord.Stage.CONTEXT);
    }

    /** nDPId opens no tunnel: its flow is that of the tunnel's ends. */
    @Test
    void shouldNeverMixTheConnectionsInATunnelThatNdpidDidNotOpen() {
        final byte[] one = ipv4(6, "10.0.0.1", "10.0.0.2", tcp(1, 80, 2, new byte[0]));
        final byte[] other = ipv4(6, "10.0.0.3", "10.0.0.4", tcp(5, 443, 2, new byte[0]));
        final List<FlowRecord> records =
                read(tunnelled(1, gtp(1, one)), tunnelled(2, gtp(2, other)));
        assertThat(records).hasSize(2);
        assertThat(records.get(1).tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "192.0.2.1", 2152, "192.0.2.2", 2152));
        assertThat(records.get(1).packets().count()).isEqualTo(2);
        assertThat(read(tunnelled(1, gre(0, 0x0800, new byte[0], one)))).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_transport", 1L));
    }

    private static String tunnelled(final int number, final byte[] ip) {
        return "{\"packet_event_name\":\"packet-flow\",\"source\":\"x\",\"alias\":\"a\","
                + "\"flow_id\":4,\"flow_packet_id\":"
                + number
                + ",\"pkt_l3_offset\":14,\"thread_ts_usec\":143686539619085"
                + number
                + ",\"pkt\":\""
                + Base64.getEncoder().encodeToString(frame(ip))
                + "\"}";
    }

    @Test
    void shouldReadALineWithoutItsLength() {
        assertThat(read(PACKET.substring(5))).hasSize(2);
    }

    @Test
    void shouldTakeANumberWhosePacketsBeginAnewAsAnotherFlow() {
        final List<FlowRecord> records = read(PACKET, packet(1, 1_436_865_399_000_000L));

        assertThat(records)
                .extracting(record -> record.id().uid())
                .containsOnly(
                        "nDPId-test/NTPv4.pcap/1/1436865396190857",
                        "nDPId-test/NTPv4.pcap/1/1436865399000000");
    }

    @Test
    void shouldTakeTheNumberOfAFlowThatIsOverAsAnotherFlow() {
        final List<FlowRecord> records = read(PACKET, IDLE, packet(2, 1_436_865_399_000_000L));

        assertThat(records).hasSize(4);
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_event", 1L));
    }

    @Test
    void shouldTellTheFlowsOfDaemonsApart() {
        assertThat(read(PACKET, PACKET.replace("nDPId-test", "other")))
                .extracting(record -> record.id().uid())
                .containsOnly(
                        "nDPId-test/NTPv4.pcap/1/1436865396190857",
                        "other/NTPv4.pcap/1/1436865396190857");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"pkt_ts_sec\":1436865396,\"pkt_ts_usec\":190857",
                "\"thread_ts_usec\":1436865396190857"
            })
    void shouldReadTheTimesOfOlderReleases(final String time) {
        assertThat(read(PACKET.replace("\"thread_ts_usec\":1436865396190857", time)).get(0))
                .extracting(FlowRecord::startMicros)
                .isEqualTo(1_436_865_396_190_857L);
        assertThat(
                        read(PACKET.replace(
                                        "\"thread_ts_usec\":1436865396190857",
                                        "\"thread_ts_msec\":1436865396190"))
                                .get(0)
                                .startMicros())
                .isEqualTo(1_436_865_396_190_000L);
    }

    @Test
    void shouldFindTheIpHeaderByTheLinkTypeWhereItsPlaceIsNotGiven() {
        assertThat(read(PACKET.replace("\"pkt_l3_offset\":14", "\"pkt_datalink\":1"))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"daemon_event_id\":4,\"daemon_event_name\":\"status\",\"packet_id\":1}",
                "{\"error_event_id\":3,\"error_event_name\":\"Unknown L3 protocol\"}",
                "{\"flow_event_id\":1,\"flow_event_name\":\"new\",\"flow_id\":1}",
                "{\"packet_event_id\":1,\"packet_event_name\":\"packet\",\"pkt\":\"AAAA\"}"
            })
    void shouldPassOverOtherEvents(final String event) {
        assertThat(read(event)).isEmpty();
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_event", 1L));
    }

    @Test
    void shouldPassOverAPacketThatWasTooLongToSend() {
        assertThat(
                        read(
                                PACKET.replace("\"pkt_oversize\":false", "\"pkt_oversize\":true")
                                        .replace("\"pkt\"", "\"x\"")))
                .isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("oversize_packet", 1L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"packet_event_name", "flow_id", "thread_ts_usec", "pkt", "pkt_l3_offset"})
    void shouldNameAMissingField(final String field) {
        assertThat(read(PACKET.replace("\"" + field + "\"", "\"x\""))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("missing_field");
        assertThat(onlyDeadLetter().detail()).contains("'" + field + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"flow_id\":1        | \"flow_id\":\"a\"        | 'flow_id' is 'a'",
                "\"flow_id\":1        | \"flow_id\":-1           | 'flow_id' is '-1'",
                "\"pkt_l3_offset\":14 | \"pkt_l3_offset\":200    | 'pkt_l3_offset' is '200'",
                "\"pkt\":\"           | \"pkt\":\"*              | 'pkt' is '*",
                "1436865396190857,\"pkt\" | 999999999999999999,\"pkt\" | 'thread_ts_usec'",
                "\"nDPId-test\"       | 7                        | 'alias' is '7'"
            })
    void shouldNameABadFieldAndItsValue(final String good, final String bad, final String part) {
        assertThat(read(PACKET.replace(good, bad))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_field");
        assertThat(onlyDeadLetter().detail()).contains(part);
    }

    @Test
    void shouldKeepATornEventAsADeadLetter() {
        assertThat(read(PACKET.substring(0, 200), PACKET)).hasSize(2);
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_json");
    }

    private static String packet(final int packetId, final long micros) {
        return PACKET.replace("\"flow_packet_id\":1", "\"flow_packet_id\":" + packetId)
                .replace("\"thread_ts_usec\":1436865396190857", "\"thread_ts_usec\":" + micros);
    }

    private DeadLetter onlyDeadLetter() {
        assertThat(deadLetters).hasSize(1);
        return deadLetters.get(0);
    }

    private List<FlowRecord> read(final String... lines) {
        final List<FlowRecord> records = new ArrayList<>();
        final SensorStream stream =
                new SensorStream(
                        "ndpid",
                        SensorFormats.installed().only("ndpid"),
                        FlowAssembler.Options.defaults("ndpid-1"),
                        ledger,
                        deadLetters::add,
                        ContextInterest.all(),
                        records::add);
        for (int i = 0; i < lines.length; i++) {
            final byte[] bytes = lines[i].getBytes(StandardCharsets.UTF_8);
            stream.line(bytes, 0, bytes.length, i);
        }
        stream.finish();
        return records;
    }
}
