/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The flow, tls and quic events of Suricata. */
class EveSummaryTest {

    /** As Suricata 7.0.10 wrote it of an NTP exchange. */
    private static final String FLOW =
            "{\"timestamp\":\"2026-11-22T20:47:41.006319+0000\",\"flow_id\":211176665485507,"
                    + "\"event_type\":\"flow\",\"src_ip\":\"10.77.1.12\",\"src_port\":54357,"
                    + "\"dest_ip\":\"10.77.2.20\",\"dest_port\":123,\"proto\":\"UDP\","
                    + "\"app_proto\":\"ntp\",\"flow\":{\"pkts_toserver\":1,\"pkts_toclient\":2,"
                    + "\"bytes_toserver\":90,\"bytes_toclient\":180,"
                    + "\"start\":\"2026-11-22T20:47:36.376848+0000\","
                    + "\"end\":\"2026-11-22T20:47:36.391245+0000\",\"age\":0,"
                    + "\"state\":\"established\",\"reason\":\"shutdown\",\"alerted\":true},"
                    + "\"metadata\":{\"flowints\":{\"serveflow\":2}},"
                    + "\"community_id\":\"1:alRx+8Pqar4DuFyWfrjFyoSTQwc=\"}";

    private static final String TLS =
            "{\"timestamp\":\"2026-11-22T20:47:36.380000+0000\",\"flow_id\":211176665485507,"
                + "\"event_type\":\"tls\",\"src_ip\":\"10.77.1.12\",\"proto\":\"TCP\",\"tls\":{\"sni\":\"example.org\",\"version\":\"TLS"
                + " 1.3\","
                + "\"ja3\":{\"hash\":\"94c485bca29d5392be53f2b8cf7f4304\",\"string\":\"771,4865\"},"
                + "\"ja3s\":{\"hash\":\"567bb420d39046dbfd1f68b558d86382\"},"
                + "\"ja4\":\"t13d1516h2_8daaf6152771_02713d6af862\"}}";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<FlowRecord> records = new ArrayList<>();
    private final SensorStream stream =
            new SensorStream(
                    "eve.json",
                    SensorFormats.installed().only("eve"),
                    FlowAssembler.Options.defaults("suricata-1"),
                    ledger,
                    deadLetters::add,
                    ContextInterest.all(),
                    records::add);

    @Test
    void shouldMakeASummaryOfAFlowEvent() {
        final FlowRecord record = onlyRecord(FLOW);
        assertThat(record.stage()).isEqualTo(FlowRecord.Stage.SUMMARY);
        assertThat(record.id().observer()).isEqualTo("suricata-1");
        assertThat(record.id().uid()).isEqualTo("211176665485507");
        assertThat(record.tuple())
                .isEqualTo(new FlowTuple(Transport.UDP, "10.77.1.12", 54357, "10.77.2.20", 123));
        assertThat(record.startMicros()).isEqualTo(1_795_380_456_376_848L);
        assertThat(record.communityId()).isEqualTo("1:alRx+8Pqar4DuFyWfrjFyoSTQwc=");
        assertThat(record.summary())
                .isEqualTo(
                        new FlowSummary(
                                14_397,
                                -1,
                                -1,
                                1,
                                2,
                                76,
                                152,
                                "established",
                                "",
                                "ntp",
                                "",
                                "",
                                ""));
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("eve", 1L));
    }

    @Test
    void shouldKeepWhatSuricataCountedWhereItIsNoEthernet() {
        assertThat(
                        onlyRecord(FLOW.replace("\"bytes_toserver\":90", "\"bytes_toserver\":33"))
                                .summary()
                                .originatorIpBytes())
                .isEqualTo(33);
    }

    /** As Suricata 7.0.10 wrote it with {@code ethernet: yes}. */
    private static final String ETHER =
            "\"ether\":{\"dest_macs\":[\"02:00:00:00:00:02\"],\"src_macs\":[\"02:00:00:00:00:01\"]},";

    @Test
    void shouldTakeOffTheTagsOfVlansToo() {
        final FlowSummary summary =
                onlyRecord(FLOW.replace("\"src_ip\"", "\"vlan\":[5,6],\"src_ip\"")).summary();
        assertThat(summary.originatorIpBytes()).isEqualTo(90 - 22);
        assertThat(summary.responderIpBytes()).isEqualTo(180 - 2 * 22);
    }

    /** Raw IP, and what is inside GRE and VXLAN: 50 bytes, of a TCP packet at least 40. */
    @Test
    void shouldTakeOffNothingWhereTheHeadersOfThePacketsWouldNotFit() {
        final FlowSummary summary =
                onlyRecord(
                                FLOW.replace("\"UDP\"", "\"TCP\"")
                                        .replace("toserver\":90", "toserver\":50"))
                        .summary();
        assertThat(summary.originatorIpBytes()).isEqualTo(50);
        assertThat(summary.responderIpBytes()).isEqualTo(180);
    }

    @Test
    void shouldTakeOffNothingWhereASensorThatTellsEthernetTellsNone() {
        line(FLOW.replace("\"community_id\"", ETHER + "\"community_id\""));
        line(FLOW);
        assertThat(records)
                .extracting(record -> record.summary().originatorIpBytes())
                .containsExactly(76L, 90L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"500000000000000000", "999999999999999999"})
    void shouldKeepWhatSuricataCountedWhereSoManyPacketsCannotBe(final String packets) {
        assertThat(
                        onlyRecord(FLOW.replace("toserver\":1,", "toserver\":" + packets + ","))
                                .summary()
                                .originatorIpBytes())
                .isEqualTo(90);
    }

    @Test
    void shouldAddWhatTlsReportsOfTheFlow() {
        line(TLS);
        line(FLOW);
        line(FLOW);

        assertThat(records).hasSize(2);
        assertThat(records.get(0).summary())
                .extracting(FlowSummary::tlsVersion, FlowSummary::ja3, FlowSummary::ja4)
                .containsExactly(
                        "TLS 1.3",
                        "94c485bca29d5392be53f2b8cf7f4304",
                        "t13d1516h2_8daaf6152771_02713d6af862");
        assertThat(records.get(1).summary().ja4()).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("protocol_event", 1L));
    }

    @Test
    void shouldTakeTheFingerprintOfQuicButNotItsVersion() {
        line(
                TLS.replace("\"event_type\":\"tls\"", "\"event_type\":\"quic\"")
                        .replace("\"tls\":{", "\"quic\":{")
                        .replace("\"TLS 1.3\"", "\"1\""));
        final FlowSummary summary = onlyRecord(FLOW).summary();

        assertThat(summary.tlsVersion()).isEmpty();
        assertThat(summary.ja4()).startsWith("t13d1516h2");
    }

    @Test
    void shouldForgetTheTlsThatWasReportedFirstWhereThereIsTooMuch() {
        IntStream.rangeClosed(0, EveDecoder.MAX_SAID_FLOWS)
                .forEach(i -> line(TLS.replace("211176665485507", Integer.toString(i))));
        assertThat(ledger.byDetail(Ledger.Entry.EVICTED))
                .isEqualTo(Map.of("protocol_events_full", 1L));

        line(FLOW.replace("211176665485507", "0"));
        line(FLOW.replace("211176665485507", "1"));

        assertThat(records.get(0).summary().ja4()).isEmpty();
        assertThat(records.get(1).summary().ja4()).isNotEmpty();
    }

    @Test
    void shouldReadTheTypeAndCodeOfIcmp() {
        final String icmp =
                FLOW.replace("\"UDP\"", "\"ICMP\"")
                        .replace("\"src_port\":54357,", "")
                        .replace("\"dest_port\":123,", "");
        assertThat(
                        onlyRecord(
                                        icmp.replace(
                                                "\"flow\":{",
                                                "\"icmp_type\":8,\"icmp_code\":0,\"flow\":{"))
                                .tuple())
                .isEqualTo(new FlowTuple(Transport.ICMP, "10.77.1.12", 8, "10.77.2.20", 0));
        line(
                icmp.replace("ICMP", "IPv6-ICMP")
                        .replace("10.77.1.12", "::1")
                        .replace("10.77.2.20", "::2"));
        assertThat(records.get(1).tuple())
                .isEqualTo(new FlowTuple(Transport.ICMP6, "::1", 0, "::2", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRE", "ESP", "004"})
    void shouldPassOverProtocolsWithoutFlows(final String proto) {
        line(FLOW.replace("\"UDP\"", "\"" + proto + "\""));

        assertThat(records).isEmpty();
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of("not_a_flow_protocol", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "unknown"})
    void shouldTakeNoNameForOne(final String appProto) {
        assertThat(onlyRecord(FLOW.replace("\"ntp\"", "\"" + appProto + "\"")).summary().service())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"app_proto\":\"ntp\"",
                "\"pkts_toserver\":1",
                "\"bytes_toclient\":180",
                "\"end\":\"2026-11-22T20:47:36.391245+0000\"",
                "\"state\":\"established\"",
                "\"metadata\":{\"flowints\":{\"serveflow\":2}}",
                "\"community_id\":\"1:alRx+8Pqar4DuFyWfrjFyoSTQwc=\""
            })
    void shouldTakeNullAsUnknown(final String member) {
        assertThat(FLOW).contains(member);
        final String key = member.substring(0, member.indexOf(':') + 1);
        final FlowSummary absent = onlyRecord(FLOW.replace(member, "\"x\":1")).summary();
        records.clear();

        assertThat(onlyRecord(FLOW.replace(member, key + "null")).summary()).isEqualTo(absent);
        assertThat(deadLetters).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"version\":\"TLS 1.3\"",
                "\"hash\":\"94c485bca29d5392be53f2b8cf7f4304\"",
                "\"ja4\":\"t13d1516h2_8daaf6152771_02713d6af862\""
            })
    void shouldTakeNullInWhatTlsReportsAsUnknown(final String member) {
        assertThat(TLS).contains(member);
        final String key = member.substring(0, member.indexOf(':') + 1);
        line(TLS.replace(member, "\"x\":1"));
        final FlowSummary absent = onlyRecord(FLOW).summary();
        records.clear();
        line(TLS.replace(member, key + "null"));

        assertThat(onlyRecord(FLOW).summary()).isEqualTo(absent);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldKeepWhatAnEarlierEventReportedOfTls() {
        line(TLS);
        line(
                TLS.replace("\"event_type\":\"tls\"", "\"event_type\":\"quic\"")
                        .replaceFirst("\"tls\":\\{.*", "\"quic\":{\"version\":\"1\"}}"));
        line(TLS.replaceFirst("\"tls\":\\{.*", "\"tls\":{\"ja3\":{\"hash\":null},\"ja4\":\"\"}}"));

        final FlowSummary summary = onlyRecord(FLOW).summary();
        assertThat(summary.ja3()).isEqualTo("94c485bca29d5392be53f2b8cf7f4304");
        assertThat(summary.ja4()).isEqualTo("t13d1516h2_8daaf6152771_02713d6af862");
        assertThat(summary.tlsVersion()).isEqualTo("TLS 1.3");
    }

    @Test
    void shouldCountAFlowThatEndsBeforeItStartsAndKeepIt() {
        final FlowSummary summary =
                onlyRecord(FLOW.replace("20:47:36.391245", "20:47:36.000000")).summary();

        assertThat(summary.durationMicros()).isEqualTo(FlowSummary.UNKNOWN);
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES))
                .isEqualTo(Map.of("negative_duration", 1L));
    }

    @ParameterizedTest
    @CsvSource({"flow_id, flow_id", "src_ip, src_ip", "dest_port, dest_port", "start, flow.start"})
    void shouldNameAMissingField(final String key, final String field) {
        line(FLOW.replace("\"" + key + "\"", "\"x\""));

        assertThat(records).isEmpty();
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("missing_field");
        assertThat(deadLetters.get(0).detail()).contains("'" + field + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "211176665485507,    | \"a\",       | 'flow_id' is 'a'",
                "\"pkts_toserver\":1 | \"pkts_toserver\":\"few\" | 'flow.pkts_toserver' is 'few'",
                "\"10.77.2.20\"      | \"nobody\"   | 'dest_ip' is 'nobody'",
                "\"2026-11-22T20:47:36.391245+0000\" | 5e999 | 'flow.end' is '5e999'",
                "\"2026-11-22T20:47:36.376848+0000\" | \"now\" | 'flow.start' is 'now'"
            })
    void shouldNameABadFieldAndItsValue(final String good, final String bad, final String part) {
        line(FLOW.replace(good, bad));

        assertThat(records).isEmpty();
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("bad_field");
        assertThat(deadLetters.get(0).detail()).contains(part);
    }

    @Test
    void shouldKeepATornFlowEventAsADeadLetter() {
        line(FLOW.substring(0, FLOW.length() - 9));

        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("bad_json");
    }

    private FlowRecord onlyRecord(final String text) {
        line(text);
        assertThat(deadLetters).isEmpty();
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private void line(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        stream.line(bytes, 0, bytes.length, 0);
    }
}
