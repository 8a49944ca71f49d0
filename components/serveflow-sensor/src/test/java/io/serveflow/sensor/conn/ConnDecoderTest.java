/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.conn;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnDecoderTest {

    /** As Security Onion writes it. */
    private static final String JSON =
            "{\"ts\":1729700000.123456,\"uid\":\"CHhAvVGS1DHFjwGM9\",\"id.orig_h\":\"192.168.10.24\","
                + "\"id.orig_p\":51514,\"id.resp_h\":\"203.0.113.80\",\"id.resp_p\":443,"
                + "\"proto\":\"tcp\",\"service\":\"ssl\",\"duration\":2.437512,"
                + "\"orig_bytes\":1834,\"resp_bytes\":48211,\"conn_state\":\"SF\","
                + "\"local_orig\":true,\"local_resp\":false,\"missed_bytes\":0,"
                + "\"history\":\"ShADadFf\",\"orig_pkts\":24,\"orig_ip_bytes\":2806,"
                + "\"resp_pkts\":46,\"resp_ip_bytes\":50123,"
                + "\"community_id\":\"1:yE5RtqajZvQ26kI1CCCMbyJy+Ck=\",\"orig_mac_oui\":\"Dell"
                + " Inc.\",\"tunnel_parents\":[\"C1\"],\"vlan\":120}";

    private static final String HEADER =
            "#separator \\x09\n"
                + "#set_separator\t,\n"
                + "#empty_field\t(empty)\n"
                + "#unset_field\t-\n"
                + "#path\tconn\n"
                + "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice"
                + "\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\thistory\torig_pkts"
                + "\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\tcommunity_id\n"
                + "#types\ttime\tstring\n";
    private static final String ROW =
            "1729700000.123456\tCHhAvVGS1DHFjwGM9\t192.168.10.24\t51514\t203.0.113.80\t443\ttcp"
                    + "\tssl\t2.437512\t1834\t48211\tSF\tT\tShADadFf\t24\t2806\t46\t50123\t(empty)"
                    + "\t1:yE5RtqajZvQ26kI1CCCMbyJy+Ck=\n";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @Test
    void shouldReadAJsonLine() {
        final FlowRecord record = onlyRecord(JSON);
        assertThat(record.stage()).isEqualTo(FlowRecord.Stage.SUMMARY);
        assertThat(record.end()).isEqualTo(FlowRecord.End.END);
        assertThat(record.id().uid()).isEqualTo("CHhAvVGS1DHFjwGM9");
        assertThat(record.id().observer()).isEqualTo("zeek-1");
        assertThat(record.tuple())
                .isEqualTo(
                        new FlowTuple(Transport.TCP, "192.168.10.24", 51514, "203.0.113.80", 443));
        assertThat(record.communityId()).isEqualTo("1:yE5RtqajZvQ26kI1CCCMbyJy+Ck=");
        assertThat(record.startMicros()).isEqualTo(1_729_700_000_123_456L);
        assertThat(record.packets().count()).isZero();
        assertThat(record.summary())
                .isEqualTo(
                        new FlowSummary(
                                2_437_512,
                                1834,
                                48211,
                                24,
                                46,
                                2806,
                                50123,
                                "SF",
                                "ShADadFf",
                                "ssl",
                                "",
                                "",
                                ""));
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("conn", 1L));
    }

    @Test
    void shouldReadTheSameFromTsv() {
        final FlowRecord tsv = onlyRecord(HEADER + ROW);
        final FlowRecord json = onlyRecord(JSON);
        assertThat(tsv.summary()).isEqualTo(json.summary());
        assertThat(tsv.tuple()).isEqualTo(json.tuple());
        assertThat(tsv.id()).isEqualTo(json.id());
        assertThat(tsv.startMicros()).isEqualTo(json.startMicros());
    }

    @Test
    void shouldTakeUnsetAndEmptyCellsAsUnknown() {
        final FlowSummary summary =
                onlyRecord(
                                HEADER
                                        + ROW.replace("\tssl\t2.437512\t1834", "\t-\t-\t-")
                                                .replace("ShADadFf", "(empty)"))
                        .summary();
        assertThat(summary.service()).isEmpty();
        assertThat(summary.history()).isEmpty();
        assertThat(summary.durationMicros()).isEqualTo(FlowSummary.UNKNOWN);
        assertThat(summary.originatorBytes()).isEqualTo(FlowSummary.UNKNOWN);
        assertThat(summary.responderBytes()).isEqualTo(48211);
    }

    @Test
    void shouldTakeWhatAJsonLineLeavesOutAsUnknown() {
        final FlowRecord record =
                onlyRecord(
                        "{\"ts\":1.5,\"uid\":\"C\",\"id.orig_h\":\"::1\",\"id.orig_p\":128,"
                                + "\"id.resp_h\":\"::2\",\"id.resp_p\":129,\"proto\":\"icmp\","
                                + "\"service\":null,\"history\":\"\",\"conn_state\":\"OTH\"}");
        assertThat(record.tuple().transport()).isEqualTo(Transport.ICMP6);
        assertThat(record.communityId()).startsWith("1:");
        assertThat(record.summary())
                .isEqualTo(new FlowSummary(-1, -1, -1, -1, -1, -1, -1, "OTH", "", "", "", "", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"2024-10-23T16:13:20.123456Z\"", "\"2024-10-23T16:13:20.123456+0000\""})
    void shouldReadIsoTimes(final String time) {
        assertThat(onlyRecord(JSON.replace("1729700000.123456", time)).startMicros())
                .isEqualTo(1_729_700_000_123_456L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown_transport", "esp"})
    void shouldPassOverProtocolsWithoutFlows(final String proto) {
        assertThat(read(JSON.replace("\"tcp\"", "\"" + proto + "\""))).isEmpty();
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of("not_a_flow_protocol", 1L));
        assertThat(ledger.total(Ledger.Entry.EVENTS)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto"})
    void shouldNameAMissingField(final String field) {
        assertThat(read(JSON.replace("\"" + field + "\"", "\"x\""))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("missing_field");
        assertThat(onlyDeadLetter().detail()).contains("'" + field + "'");
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("conn", 1L));
    }

    @ParameterizedTest
    @CsvSource({
        "2.437512, -1.3e-05, negative_duration",
        "2.437512, -1.0, negative_duration",
        "2.437512, \"-0.000013\", negative_duration",
        "2.437512, NaN, not_a_number",
        "2.437512, -Infinity, not_a_number",
        "2.437512, \"nan\", not_a_number",
        ":1834, :-1, negative_count",
        ":1834, :-1.0, negative_count",
        ":1834, :NaN, not_a_number"
    })
    void shouldTakeANumberThatCannotBeMeantAsUnknownAndCountIt(
            final String good, final String bad, final String reason) {
        final FlowSummary summary = onlyRecord(JSON.replace(good, bad)).summary();

        assertThat(good.equals(":1834") ? summary.originatorBytes() : summary.durationMicros())
                .isEqualTo(FlowSummary.UNKNOWN);
        assertThat(summary.responderBytes()).isEqualTo(48211);
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES)).isEqualTo(Map.of(reason, 1L));
    }

    @ParameterizedTest
    @CsvSource({
        "2.437512, -1.3e-05, negative_duration",
        "2.437512, -nan, not_a_number",
        "2.437512, inf, not_a_number",
        "1834, -1, negative_count"
    })
    void shouldTakeACellThatCannotBeMeantAsUnknownAndCountIt(
            final String good, final String bad, final String reason) {
        final FlowSummary summary = onlyRecord(HEADER + ROW.replace(good, bad)).summary();

        assertThat(Math.min(summary.originatorBytes(), summary.durationMicros()))
                .isEqualTo(FlowSummary.UNKNOWN);
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES)).isEqualTo(Map.of(reason, 1L));
    }

    @ParameterizedTest
    @CsvSource({
        ":51514, :\"51514\"",
        ":51514, :51514.0",
        ":51514, :5.1514e4",
        ":1834, :1.834E+03",
        ":1834, :\"1834\"",
        "2.437512, \"2.437512\"",
        "2.437512, 2437512e-6",
        "1729700000.123456, \"1729700000.123456\""
    })
    void shouldReadNumbersInEveryFormThatShippersMakeOfThem(final String good, final String made) {
        final FlowRecord record = onlyRecord(JSON.replace(good, made));

        final FlowRecord plain = onlyRecord(JSON);
        assertThat(record.summary()).isEqualTo(plain.summary());
        assertThat(record.tuple()).isEqualTo(plain.tuple());
        assertThat(record.startMicros()).isEqualTo(plain.startMicros());
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"-\"", "\"(empty)\"", "\"\"", "null"})
    void shouldTakeWhatTsvHasForUnsetAsUnknownInJsonToo(final String unset) {
        final FlowSummary summary =
                onlyRecord(
                                JSON.replace("2.437512", unset)
                                        .replace("\"ssl\"", unset)
                                        .replace(":1834", ":" + unset))
                        .summary();

        assertThat(summary.durationMicros()).isEqualTo(FlowSummary.UNKNOWN);
        assertThat(summary.originatorBytes()).isEqualTo(FlowSummary.UNKNOWN);
        assertThat(summary.service()).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1729700000.123456 | \"soon\"  | 'ts' is 'soon'",
                ":51514            | :65536    | 'id.orig_p' is '65536'",
                ":51514            | :-1       | 'id.orig_p' is '-1'",
                ":51514            | :\"ssh\"  | 'id.orig_p' is 'ssh'",
                ":1834             | :1.5      | 'orig_bytes' is '1.5'",
                ":1834             | :1234567890123456789 | 'orig_bytes' is '1234567890123456789'",
                "2.437512          | \"long\"  | 'duration' is 'long'",
                "2.437512          | true      | 'duration' is 'true'",
                "\"192.168.10.24\" | \"host\"  | 'id.orig_h' is 'host'",
                "\"192.168.10.24\" | \"::1\"   | 'id.resp_h' is '203.0.113.80'",
                "\"SF\"            | [1]       | 'conn_state' is '['",
                "\"SF\"            | \"\\u0007\" | 'conn_state' is",
            })
    void shouldNameABadFieldAndItsValue(final String good, final String bad, final String part) {
        assertThat(read(JSON.replace(good, bad))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_field");
        assertThat(onlyDeadLetter().detail()).contains(part);
    }

    @Test
    void shouldRefuseARowOfAnotherWidth() {
        assertThat(read(HEADER + ROW.replace("\tSF\t", "\t"))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_tsv");
    }

    @Test
    void shouldGoOnBehindADamagedLine() {
        assertThat(read(JSON.substring(0, 100) + "\n" + JSON)).hasSize(1);
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_json");
    }

    @Test
    void shouldUseATornJsonLineOnlyIfItIsWhole() {
        final List<FlowRecord> records = new ArrayList<>();
        final SensorStream stream = stream(records);
        final byte[] whole = JSON.getBytes(StandardCharsets.UTF_8);
        stream.unterminated(whole, 0, whole.length, 0);
        stream.unterminated(whole, 0, whole.length - 1, 900);
        assertThat(records).hasSize(1);
        assertThat(onlyDeadLetter().reason()).isEqualTo("torn_line");
    }

    @Test
    void shouldNotTrustTheLastCellOfATornRow() {
        final List<FlowRecord> records = new ArrayList<>();
        final SensorStream stream = stream(records);
        push(stream, HEADER);
        final byte[] torn = ROW.strip().getBytes(StandardCharsets.UTF_8);
        stream.unterminated(torn, 0, torn.length, 900);
        assertThat(records).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("torn_line");
    }

    @Test
    void shouldForgetTheHeaderOfAnotherFile() {
        final List<FlowRecord> records = new ArrayList<>();
        final SensorStream stream = stream(records);
        push(stream, HEADER + ROW);
        stream.continueIn("conn.2.log");
        push(stream, ROW);
        assertThat(records).hasSize(1);
        assertThat(onlyDeadLetter().source()).isEqualTo("conn.2.log");
    }

    private DeadLetter onlyDeadLetter() {
        assertThat(deadLetters).hasSize(1);
        return deadLetters.get(0);
    }

    private FlowRecord onlyRecord(final String text) {
        final List<FlowRecord> records = read(text);
        assertThat(deadLetters).isEmpty();
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private List<FlowRecord> read(final String text) {
        final List<FlowRecord> records = new ArrayList<>();
        final SensorStream stream = stream(records);
        push(stream, text);
        stream.finish();
        return records;
    }

    private SensorStream stream(final List<FlowRecord> records) {
        return new SensorStream(
                "conn.log",
                SensorFormats.installed().only("conn"),
                FlowAssembler.Options.defaults("zeek-1"),
                ledger,
                deadLetters::add,
                ContextInterest.all(),
                records::add);
    }

    private static void push(final SensorStream stream, final String text) {
        long position = 0;
        for (final String line : text.split("\n")) {
            final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            stream.line(bytes, 0, bytes.length, position);
            position += bytes.length + 1;
        }
    }
}
