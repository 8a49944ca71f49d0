/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that hold more than one kind of line. */
class FormatDetectionTest {

    private static final String CONN =
            "{\"ts\":1729700000.123456,\"uid\":\"CHhAvVGS1DHFjwGM9\",\"id.orig_h\":\"192.168.10.24\","
                + "\"id.orig_p\":51514,\"id.resp_h\":\"203.0.113.80\",\"id.resp_p\":443,"
                + "\"proto\":\"tcp\",\"service\":\"ssl\",\"duration\":2.437512,"
                + "\"orig_bytes\":1834,\"resp_bytes\":48211,\"conn_state\":\"SF\","
                + "\"history\":\"ShADadFf\",\"orig_pkts\":24}";
    private static final String SERVEFLOW =
            "{\"ts\":1484319032.865799,\"uid\":\"C8cFq12jP\",\"id.orig_h\":\"10.0.0.5\","
                    + "\"id.orig_p\":51514,\"id.resp_h\":\"203.0.113.9\",\"id.resp_p\":443,"
                    + "\"proto\":\"tcp\",\"stage\":\"first\",\"pkt_dt\":[0.0],\"pkt_orig\":[true],"
                    + "\"pkt_len\":[60],\"pkt_data\":[\"RQAAPA==\"]}";
    private static final String DNS =
            "{\"ts\":1729700000.5,\"uid\":\"CK\",\"id.orig_h\":\"10.0.0.5\",\"id.orig_p\":5353,"
                    + "\"query\":\"example.org\",\"answers\":[\"192.0.2.1\"]}";
    private static final String FLOW =
            "{\"timestamp\":\"2026-11-22T20:47:41.006319+0000\",\"flow_id\":7,"
                    + "\"event_type\":\"flow\",\"src_ip\":\"10.77.1.12\",\"src_port\":54357,"
                    + "\"dest_ip\":\"10.77.2.20\",\"dest_port\":123,\"proto\":\"UDP\","
                    + "\"flow\":{\"start\":\"2026-11-22T20:47:36.376848+0000\"}}";
    private static final String STATS =
            "{\"timestamp\":\"2026-11-22T20:47:41.006319+0000\",\"event_type\":\"stats\","
                    + "\"stats\":{\"uptime\":3}}";
    private static final String NDPID =
            "{\"packet_event_id\":2,\"packet_event_name\":\"packet-flow\",\"thread_id\":0,"
                    + "\"packet_id\":1,\"source\":\"eth0\",\"alias\":\"lab\",\"flow_id\":1,"
                    + "\"flow_packet_id\":1,\"pkt_oversize\":false,\"pkt_caplen\":90,"
                    + "\"pkt_type\":2048,\"pkt_l3_offset\":14,\"pkt_l4_offset\":34,\"pkt_len\":90,"
                    + "\"pkt_l4_len\":56,\"thread_ts_usec\":1436865396190857,\"pkt\":\""
                    + "RIpb2HMEACaIdf8bCABFAABMrX9AADcRaFpVFj54Ti5MCwB7AHsAOKmfIwIH6wAABFAAAAOr"
                    + "g7wD39lPUcMxZbhg2URXVTAzb9DZRFdVMbTpeNlPUfQtJuL0\"}";
    private static final String DNS_TSV =
            "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
                    + "#path\tdns\n#fields\tts\tuid\tquery\n1.5\tCD\texample.org\n";
    private static final String CONN_TSV =
            DNS_TSV.substring(0, DNS_TSV.indexOf("#path"))
                    + "#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p"
                    + "\tproto\tconn_state\n"
                    + "1.5\tCT\t10.0.0.1\t1\t10.0.0.2\t2\tudp\tSF\n";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<FlowRecord> records = new ArrayList<>();
    private SensorStream stream = stream(SensorFormats.installed());
    private long position;

    @Test
    void shouldTellEachLineOnItsOwn() {
        lines(
                CONN,
                SERVEFLOW,
                DNS,
                FLOW,
                NDPID,
                STATS,
                CONN,
                FLOW,
                DNS,
                SERVEFLOW,
                "00552" + NDPID.replace("\"flow_packet_id\":1", "\"flow_packet_id\":2"));
        stream.finish();

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .extracting(FlowRecord::stage)
                .containsExactly(
                        FlowRecord.Stage.SUMMARY,
                        FlowRecord.Stage.FIRST,
                        FlowRecord.Stage.SUMMARY,
                        FlowRecord.Stage.FIRST,
                        FlowRecord.Stage.SUMMARY,
                        FlowRecord.Stage.SUMMARY,
                        FlowRecord.Stage.FIRST,
                        FlowRecord.Stage.CONTEXT);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS))
                .isEqualTo(Map.of("conn", 2L, "zeek", 2L, "eve", 2L, "ndpid", 2L));
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of("other_log", 2L, "other_event", 1L));
    }

    @Test
    void shouldTellALineWhoseKeysMovedFarFromThoseOfTheLineBefore() {
        final String moved =
                CONN.replace("\"uid\"", "\"note\":\"" + "x".repeat(500) + "\",\"uid\"");
        lines(CONN, moved, CONN);

        assertThat(records).hasSize(3);
    }

    @Test
    void shouldNotTakeATextForAKey() {
        lines(CONN, DNS.replace("example.org", "\\\"conn_state\\\":"), CONN);

        assertThat(records).hasSize(2);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldGiveTheRowsOfEachTsvLogToItsReader() {
        lines((DNS_TSV + CONN_TSV + DNS_TSV + CONN).split("\n"));

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .extracting(r -> r.id().uid())
                .containsExactly("CT", "CHhAvVGS1DHFjwGM9");
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_log", 2L));
    }

    @Test
    void shouldTellRowsByTheirColumnsWhereTheirLogIsNotNamed() {
        lines(CONN_TSV.replace("#path\tconn\n", "").split("\n"));

        assertThat(records).hasSize(1);
    }

    @Test
    void shouldKeepARowWithoutHeaderAsADeadLetter() {
        lines(CONN_TSV.split("\n"));
        stream.continueIn("another.log");
        lines("1.5\tCT\t10.0.0.1\t1\t10.0.0.2\t2\tudp\tSF");

        assertThat(records).hasSize(1);
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("bad_json");
        assertThat(deadLetters.get(0).source()).isEqualTo("another.log");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "{}", "{\"a\":{\"b\":1}}", "{\"message\":\"hello\"}"})
    void shouldKeepAnObjectOfNoSensorAsADeadLetter(final String line) {
        lines(CONN, line);

        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("unknown_format");
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS))
                .isEqualTo(Map.of("conn", 1L, "unknown", 1L));
    }

    @Test
    void shouldCountADamagedLineUnderTheFormatThatWasDetectedLast() {
        lines(CONN, CONN.substring(0, 60));

        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("conn", 2L));
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("bad_json");
    }

    @Test
    void shouldOpenTheEventsOfALogShipper() {
        lines(
                shipped("zeek.conn", "so-sensor1", CONN),
                shipped("zeek.serveflow", "so-sensor1", SERVEFLOW),
                shipped("zeek.dns", "so-sensor1", DNS),
                shipped("suricata.common", "so-sensor2", FLOW),
                shipped("suricata.common", "so-sensor2", STATS));

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .extracting(record -> record.id().observer() + " " + record.id().uid())
                .containsExactly(
                        "so-sensor1 CHhAvVGS1DHFjwGM9", "so-sensor1 C8cFq12jP", "so-sensor2 7");
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .isEqualTo(Map.of("other_log", 1L, "other_event", 1L));
    }

    @Test
    void shouldPassOverEnvelopesOfOtherLogsInAStreamOfOneFormatToo() {
        stream = stream(SensorFormats.installed().only("conn"));
        lines(shipped("zeek.dns", "so-sensor1", DNS));

        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_log", 1L));
    }

    @Test
    void shouldOpenAnEnvelopeInAStreamOfOneFormat() {
        stream = stream(SensorFormats.installed().only("conn"));
        lines(shipped("zeek.conn", "so-sensor1", CONN), CONN);

        assertThat(records)
                .extracting(record -> record.id().observer())
                .containsExactly("so-sensor1", "stream-1");
    }

    @Test
    void shouldTakeTheNameOfTheSensorWhereverTheShipperSaysIt() {
        final String shipped = shipped("zeek.conn", "agent-1", CONN);
        lines(
                shipped.replace("\"agent\"", "\"observer\":{\"name\":\"observer-1\"},\"agent\""),
                shipped.replace("\"agent\"", "\"host\""),
                shipped.replace("{\"id\":\"x\",\"name\":\"agent-1\"}", "{}"));

        assertThat(records)
                .extracting(record -> record.id().observer())
                .containsExactly("observer-1", "agent-1", "stream-1");
    }

    @Test
    void shouldTellOtherLogsByTheirFileWhereNoPipelineIsNamed() {
        final String shipped =
                shipped("", "so", "1.5\tCD\texample.org")
                        .replace("/conn.log", "/dns.log")
                        .replace("\"pipeline\":\"\"", "\"x\":1");
        lines(shipped);

        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_log", 1L));
    }

    @Test
    void shouldKeepWhatAnEnvelopeHoldsAsADeadLetterWhenItCannotBeRead() {
        lines(shipped("zeek.conn", "so", CONN.replace("51514", "-1")));
        lines(shipped("zeek.conn", "so", ""));
        lines(
                shipped(
                        "zeek.conn",
                        "so",
                        shipped("zeek.conn", "so", shipped("zeek.conn", "so", CONN))));

        assertThat(records).isEmpty();
        assertThat(deadLetters)
                .extracting(DeadLetter::reason)
                .containsExactly("bad_field", "missing_field", "unknown_format");
        assertThat(deadLetters.get(0).payload()).startsWith("{\"@timestamp\"");
    }

    @Test
    void shouldReadTheCharactersOfAnEscapedMessage() {
        lines(
                shipped(
                        "zeek.conn",
                        "so",
                        CONN.replace(
                                        "\"history\"",
                                        "\"note\":\"\u00e9\u20ac\ud83d\ude00 \\\\\",\"history\"")
                                + "\n"));

        assertThat(deadLetters).isEmpty();
        assertThat(records).hasSize(1);
    }

    @Test
    void shouldOpenWhatZeekKafkaTagged() {
        lines(
                "{\"conn\":" + CONN + "}",
                "{\"serveflow\": " + SERVEFLOW + " }",
                "{\"dns\":" + DNS + "}",
                "{\"conn\":" + CONN.replace("\"tcp\"", "17") + "}");

        assertThat(records)
                .extracting(record -> record.id().uid())
                .containsExactly("CHhAvVGS1DHFjwGM9", "C8cFq12jP");
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED)).isEqualTo(Map.of("other_log", 1L));
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("bad_field");
    }

    @Test
    void shouldReadALineThatBeginsInsideATornTaggedOne() {
        lines("{\"conn\":" + CONN.substring(0, 60) + CONN);

        assertThat(records).hasSize(1);
        assertThat(deadLetters).extracting(DeadLetter::reason).containsOnly("torn_line");
    }

    @Test
    void shouldKeepTheFlowsOfSensorsApart() {
        lines(
                shipped("ndpid", "a", NDPID),
                shipped("ndpid", "b", NDPID),
                shipped(
                        "ndpid",
                        "a",
                        NDPID.replace("\"flow_packet_id\":1", "\"flow_packet_id\":2")));
        assertThat(stream.oldestHeld()).hasValue(0);
        stream.finish();

        assertThat(records)
                .extracting(record -> record.id().observer() + " " + record.packets().count())
                .containsExactlyInAnyOrder("a 1", "b 1", "b 1", "a 2");
        assertThat(stream.oldestHeld()).isEmpty();
    }

    @Test
    void shouldEndTheFlowsOfTheSensorThatWasSilentLongestWhereThereAreTooMany() {
        IntStream.rangeClosed(0, StreamDecoders.MAX_OBSERVERS)
                .forEach(i -> lines(shipped("ndpid", "sensor-" + i, NDPID)));

        assertThat(records)
                .filteredOn(record -> record.stage() == FlowRecord.Stage.CONTEXT)
                .extracting(record -> record.id().observer())
                .containsExactly("sensor-0");
        assertThat(ledger.byDetail(Ledger.Entry.EVICTED)).isEqualTo(Map.of("observers_full", 1L));
    }

    @Test
    void shouldLetTimePassForASensorThatFellSilentWhileOthersGoOn() {
        final long[] now = {0};
        stream =
                new SensorStream(
                        "test",
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("stream-1"),
                        ledger,
                        deadLetters::add,
                        ContextInterest.all(),
                        () -> now[0],
                        records::add);
        lines(shipped("ndpid", "a", NDPID));
        now[0] = 11_000_000_000L;
        lines(shipped("ndpid", "b", NDPID));

        assertThat(records)
                .filteredOn(record -> record.stage() == FlowRecord.Stage.CONTEXT)
                .extracting(record -> record.id().observer())
                .containsExactly("a");
    }

    /** Whatever comes has an end, and nothing is thrown. */
    @Property(tries = 2_000)
    void shouldGiveAnyLineOneEnd(@ForAll("anything") final byte[] line) {
        final Ledger counts = new Ledger();
        final List<DeadLetter> letters = new ArrayList<>();
        final List<FlowRecord> given = new ArrayList<>();
        final SensorStream any =
                new SensorStream(
                        "any",
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("any"),
                        counts,
                        letters::add,
                        ContextInterest.all(),
                        given::add);
        any.line(line, 0, line.length, 0);
        any.unterminated(line, 0, line.length, line.length);
        any.finish();

        assertThat(counts.total(Ledger.Entry.EVENTS)).isEqualTo(given.size() + letters.size());
        if (!new String(line, StandardCharsets.ISO_8859_1).matches("(?s)[ \\t]*|#.*")) {
            assertThat(counts.total(Ledger.Entry.EVENTS) + counts.total(Ledger.Entry.SKIPPED))
                    .isPositive();
        }
    }

    @Provide
    Arbitrary<byte[]> anything() {
        final Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
        final Arbitrary<byte[]> damaged =
                Combinators.combine(
                                Arbitraries.of(
                                        CONN,
                                        SERVEFLOW,
                                        DNS,
                                        FLOW,
                                        STATS,
                                        NDPID,
                                        "00552" + NDPID,
                                        "{\"conn\":" + CONN + "}",
                                        shipped("zeek.conn", "so", CONN),
                                        shipped("suricata.common", "so", FLOW)),
                                Arbitraries.integers().between(0, 600),
                                Arbitraries.integers().between(0, 40),
                                Arbitraries.strings().ascii().ofMaxLength(6))
                        .as(FormatDetectionTest::damaged);
        return Arbitraries.oneOf(bytes, damaged);
    }

    private static byte[] damaged(
            final String line, final int at, final int without, final String with) {
        final int from = at % line.length();
        final int to = Math.min(line.length(), from + without);
        return (line.substring(0, from) + with + line.substring(to))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** As the agent of Security Onion sends it to Kafka. */
    private static String shipped(final String pipeline, final String agent, final String line) {
        return "{\"@timestamp\":\"2026-11-22T20:47:41.006Z\",\"@metadata\":{\"beat\":\"filebeat\","
                + "\"pipeline\":\""
                + pipeline
                + "\"},\"agent\":{\"id\":\"x\",\"name\":\""
                + agent
                + "\"},\"event\":{\"module\":\"zeek\",\"category\":\"network\"},"
                + "\"log\":{\"offset\":17,\"file\":{\"path\":\"/nsm/zeek/logs/current/conn.log\"}},"
                + "\"message\":\""
                + line.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + "\",\"tags\":[\"elastic-agent\"]}";
    }

    private void lines(final String... lines) {
        for (final String line : lines) {
            final byte[] bytes = ("..." + line).getBytes(StandardCharsets.UTF_8);
            stream.line(bytes, 3, bytes.length, position++);
        }
    }

    private SensorStream stream(final SensorFormats formats) {
        return new SensorStream(
                "test",
                formats,
                FlowAssembler.Options.defaults("stream-1"),
                ledger,
                deadLetters::add,
                ContextInterest.all(),
                records::add);
    }
}
