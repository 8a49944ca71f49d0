/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.Ledger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose Community ID is in the records: the sensor's where it states one, else one with a seed. */
class CommunityIdsOfSensorsTest {

    private static final FlowTuple TUPLE =
            new FlowTuple(Transport.UDP, "192.0.2.10", 40000, "198.51.100.20", 53);
    private static final String STATED = "1:AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String PACKET =
            Base64.getEncoder()
                    .encodeToString(
                            concat(
                                    new byte[] {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 8, 0},
                                    ipv4(
                                            17,
                                            TUPLE.originator(),
                                            TUPLE.responder(),
                                            udp(40000, 53, new byte[8]))));

    private static final String ALERT =
            "{\"timestamp\":\"2026-11-22T20:47:36.376848+0000\",\"flow_id\":7,"
                    + "\"event_type\":\"alert\",\"src_ip\":\"192.0.2.10\",\"src_port\":40000,"
                    + "\"dest_ip\":\"198.51.100.20\",\"dest_port\":53,\"proto\":\"UDP\","
                    + "\"community_id\":\"%s\",\"alert\":{\"signature_id\":3900001},\"packet\":\""
                    + PACKET
                    + "\",\"packet_info\":{\"linktype\":1}}";
    private static final String FLOW =
            "{\"timestamp\":\"2026-11-22T20:47:36.376848+0000\",\"flow_id\":7,"
                    + "\"event_type\":\"flow\",\"src_ip\":\"192.0.2.10\",\"src_port\":40000,"
                    + "\"dest_ip\":\"198.51.100.20\",\"dest_port\":53,\"proto\":\"UDP\","
                    + "\"flow\":{\"start\":\"2026-11-22T20:47:36.376848+0000\"},"
                    + "\"community_id\":\"%s\"}";
    private static final String CONNECTION =
            "{\"ts\":1.5,\"uid\":\"C\",\"id.orig_h\":\"192.0.2.10\",\"id.orig_p\":40000,"
                    + "\"id.resp_h\":\"198.51.100.20\",\"id.resp_p\":53,\"proto\":\"udp\","
                    + "\"community_id\":\"%s\",";
    private static final String CONN = CONNECTION + "\"conn_state\":\"SF\"}";
    private static final String ZEEK =
            CONNECTION
                    + "\"stage\":\"first\",\"reason\":\"depth\",\"pkt_dt\":[0.0],"
                    + "\"pkt_orig\":[true],\"pkt_len\":[28],\"pkt_data\":[\"RQ==\"]}";
    private static final String NDPID =
            "{\"packet_event_name\":\"packet-flow\",\"source\":\"eth0\",\"alias\":\"a\","
                    + "\"flow_id\":1,\"flow_packet_id\":1,\"pkt_l3_offset\":14,\"pkt_len\":50,"
                    + "\"thread_ts_usec\":1436865396190857,\"pkt\":\""
                    + PACKET
                    + "\"}";

    private static List<String> lines() {
        return List.of(ALERT, FLOW, CONN, ZEEK);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void shouldTakeTheIdThatTheSensorStates(final String line) {
        assertThat(communityId(line.formatted(STATED), 0)).isEqualTo(STATED);
        assertThat(communityId(line.formatted(STATED), 7)).isEqualTo(STATED);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void shouldComputeTheIdWithTheSeedWhereTheSensorStatesNone(final String line) {
        final String without = line.replace("\"community_id\":\"%s\",", "");
        final String last = without.replace(",\"community_id\":\"%s\"", "");

        assertThat(communityId(last, 0)).isEqualTo(CommunityId.v1(TUPLE));
        assertThat(communityId(last, 7)).isEqualTo(CommunityId.v1(TUPLE, 7));
    }

    @Test
    void shouldComputeTheIdWithTheSeedForNdpid() {
        assertThat(communityId(NDPID, 7)).isEqualTo(CommunityId.v1(TUPLE, 7));
    }

    @Test
    void shouldTakeAnIdOfSuricataThatIsNullForNone() {
        assertThat(communityId(ALERT.replace("\"%s\"", "null"), 7))
                .isEqualTo(CommunityId.v1(TUPLE, 7));
    }

    private static String communityId(final String line, final int seed) {
        final List<FlowRecord> records = new ArrayList<>();
        final SensorStream stream =
                new SensorStream(
                        "test",
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("test").withCommunityIdSeed(seed),
                        new Ledger(),
                        letter -> {
                            throw new AssertionError(letter.detail());
                        },
                        ContextInterest.all(),
                        records::add);
        final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        stream.line(bytes, 0, bytes.length, 0);
        stream.finish();
        assertThat(records).extracting(FlowRecord::communityId).isNotEmpty();
        assertThat(records.stream().map(FlowRecord::communityId).distinct()).hasSize(1);
        return records.get(0).communityId();
    }
}
