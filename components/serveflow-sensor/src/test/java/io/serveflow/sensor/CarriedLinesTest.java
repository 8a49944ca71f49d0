/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as they arrive where a site renamed its logs, and where something carried them. */
class CarriedLinesTest {

    private static final String CONN =
            "{\"ts\":1700000000.123456,\"uid\":\"CAbc1\",\"id.orig_h\":\"192.0.2.10\","
                    + "\"id.orig_p\":51514,\"id.resp_h\":\"198.51.100.20\",\"id.resp_p\":443,"
                    + "\"proto\":\"tcp\",\"duration\":7200.5,\"conn_state\":\"SF\"}";
    private static final String SERVEFLOW =
            "{\"ts\":1700000000.5,\"uid\":\"C8cFq12jP\",\"id.orig_h\":\"192.0.2.10\","
                    + "\"id.orig_p\":40000,\"id.resp_h\":\"198.51.100.20\",\"id.resp_p\":443,"
                    + "\"proto\":\"tcp\",\"community_id\":\"1:4XKFrcviN/pwMTNVqAjw5e/T0Vk=\","
                    + "\"stage\":\"first\",\"reason\":\"depth\",\"pkt_dt\":[0.0],"
                    + "\"pkt_orig\":[true],\"pkt_len\":[60],\"pkt_data\":[\"RQAAPA==\"]}";
    private static final String DNS =
            "{\"ts\":1700000000.5,\"uid\":\"CK\",\"id.orig_h\":\"192.0.2.10\",\"query\":\"x\"}";
    private static final String EVE =
            "{\"timestamp\":\"2026-11-22T20:47:41.006319+0000\",\"flow_id\":7,"
                    + "\"event_type\":\"flow\",\"src_ip\":\"192.0.2.10\",\"src_port\":54357,"
                    + "\"dest_ip\":\"198.51.100.20\",\"dest_port\":123,\"proto\":\"UDP\","
                    + "\"flow\":{\"start\":\"2026-11-22T20:47:36.376848+0000\"}}";
    private static final String ROWS =
            """
            #separator \\x09
            #set_separator	,
            #empty_field	(empty)
            #unset_field	-
            #path	serveflow
            #fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	stage	reason	pkt_dt	pkt_orig	pkt_len	pkt_data
            1700000000.5	C1	192.0.2.10	40000	198.51.100.20	443	tcp	context	end	0.0,0.5	T,F	60,60	RQAAPA==,RQAAPA==
            """;
    private static final String CONN_ROWS =
            """
            #separator \\x09
            #path	conn
            #fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	conn_state
            1700000000.5	C2	192.0.2.10	40000	198.51.100.20	443	tcp	SF
            """;

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<FlowRecord> records = new ArrayList<>();
    private SensorStream stream = stream("topic-0");
    private long position;

    static Stream<Arguments> carried() {
        return Stream.of(
                arguments(
                        "Filebeat",
                        "{\"@timestamp\":\"2023-11-14T22:13:25.000Z\",\"log\":{\"offset\":0,\"file\":{\"path\":\"/var/log/x\"}},\"message\":%s}"),
                arguments(
                        "Vector file",
                        "{\"file\":\"/opt/zeek/logs/current/x.log\",\"host\":\"s1\",\"message\":%s,\"source_type\":\"file\",\"timestamp\":\"2023-11-14T22:13:25Z\"}"),
                arguments(
                        "Vector kafka",
                        "{\"headers\":{},\"message\":%s,\"message_key\":null,\"offset\":3,\"partition\":0,\"source_type\":\"kafka\",\"timestamp\":\"2023-11-14T22:13:25Z\",\"topic\":\"zeek\"}"),
                arguments(
                        "Vector with the time first",
                        "{\"timestamp\":\"2023-11-14T22:13:25Z\",\"message\":%s,\"source_type\":\"socket\"}"),
                arguments("bare message", "{\"message\":%s}"),
                arguments("Fluent Bit", "{\"date\":1700000005.1,\"log\":%s}"),
                arguments(
                        "Fluent Bit to Kafka",
                        "{\"@timestamp\":1700000005.1,\"log\":%s,\"stage\":\"prod\"}"),
                arguments(
                        "Fluent Bit in Kubernetes",
                        "{\"log\":%s,\"stream\":\"stdout\",\"kubernetes\":{\"pod_name\":\"zeek\"}}"),
                arguments(
                        "Docker",
                        "{\"log\":%s,\"stream\":\"stdout\",\"time\":\"2023-11-14T22:13:25.000Z\"}"),
                arguments(
                        "Logstash",
                        "{\"@timestamp\":\"2023-11-14T22:13:25.000Z\",\"@version\":\"1\",\"host\":\"s1\",\"path\":\"/x\",\"message\":%s}"),
                arguments(
                        "Logstash with ECS",
                        "{\"event\":{\"original\":%s},\"@timestamp\":\"2023-11-14T22:13:25.000Z\",\"log\":{\"file\":{\"path\":\"/x\"}},\"message\":\"parsed\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("carried")
    void shouldReadALineOutOfWhatCarriedIt(final String shipper, final String event) {
        for (final String line : List.of(CONN, SERVEFLOW, EVE, DNS, CONN, EVE)) {
            lines(event.formatted(quoted(line + "\n")));
        }

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .extracting(record -> record.id().uid())
                .containsExactly("CAbc1", "C8cFq12jP", "7", "CAbc1", "7");
        assertThat(skipped()).isEqualTo(Map.of("other_log", 1L));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("carried")
    void shouldReadAnObjectOutOfWhatCarriedIt(final String shipper, final String event) {
        for (final String line : List.of(CONN, SERVEFLOW, EVE)) {
            lines(event.formatted(line));
        }

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .extracting(record -> record.id().uid())
                .containsExactly("CAbc1", "C8cFq12jP", "7");
    }

    @Test
    void shouldReadWhatOneShipperWroteAndAnotherCarried() {
        final String docker =
                "{\"log\":%s,\"stream\":\"stdout\",\"time\":\"2023-11-14T22:13:25.000Z\"}";
        lines(
                "{\"message\":%s,\"source_type\":\"file\",\"host\":\"node-1\"}"
                        .formatted(quoted(docker.formatted(quoted(CONN + "\n")))),
                "{\"message\":%s,\"source_type\":\"kafka\"}"
                        .formatted(quoted("{\"conn\":" + CONN + "}")));

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .extracting(record -> record.id().observer())
                .containsExactly("node-1", "stream-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nsm/zeek/logs/current/serveflow.2023-11-14-22-00-00.log",
                "/opt/zeek/logs/current/json_streaming_serveflow.log",
                "/opt/zeek/logs/current/json_streaming_serveflow.1.log",
                "/opt/zeek/logs/2023-11-14/serveflow.22:00:00-23:00:00.log",
                "/opt/zeek/logs/current/serveflow-eth0.log",
                "/opt/zeek/logs/current/conn-local.log",
                "/opt/zeek/logs/current/flows.log",
                "/opt/zeek/logs/current/dns.log"
            })
    void shouldReadALineByItsKeysWhateverItsFileIsCalled(final String path) {
        final String event =
                "{\"@timestamp\":\"2023-11-14T22:13:25.000Z\",\"log\":{\"file\":{\"path\":\""
                        + path
                        + "\"}},\"message\":%s}";
        lines(event.formatted(quoted(CONN)), event.formatted(quoted(SERVEFLOW)));

        assertThat(records).hasSize(2);
        assertThat(skipped()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zeek.serveflow.2023-11-14-22-00-00",
                "zeek.conn-local",
                "zeek.json_streaming_conn",
                "suricata.common"
            })
    void shouldReadALineByItsKeysWhateverItsPipelineIsCalled(final String pipeline) {
        lines(
                "{\"@metadata\":{\"pipeline\":\"%s\"},\"message\":%s}"
                        .formatted(pipeline, quoted(SERVEFLOW)));

        assertThat(records).hasSize(1);
        assertThat(skipped()).isEmpty();
    }

    @Test
    void shouldSayThatAContainerEngineCutALine() {
        final int half = CONN.length() / 2;
        final String event =
                "{\"log\":%s,\"stream\":\"stdout\",\"time\":\"2023-11-14T22:13:25.000Z\"}";
        lines(
                event.formatted(quoted(CONN.substring(0, half))),
                event.formatted(quoted(CONN.substring(half) + "\n")),
                event.formatted(quoted(CONN + "\n")));

        assertThat(records).hasSize(1);
        assertThat(deadLetters)
                .hasSize(2)
                .allSatisfy(
                        letter ->
                                assertThat(letter.detail())
                                        .startsWith(
                                                "a container engine's log has only a part of the"
                                                        + " line here, which it cuts after 16 KB"));
    }

    @Test
    void shouldSayThatRowsOfATsvLogCannotBeReadOutOfAnEvent() {
        lines(
                "{\"@timestamp\":\"2023-11-14T22:13:25.000Z\",\"message\":%s}"
                        .formatted(quoted("1700000000.5\tC2\t192.0.2.10")));

        assertThat(deadLetters)
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.reason()).isEqualTo("bad_json");
                            assertThat(letter.detail()).contains("let Zeek write JSON");
                        });
    }

    @Test
    void shouldPassOverTextThatIsSaidToBeOfAnotherLog() {
        lines(
                "{\"@metadata\":{\"pipeline\":\"zeek.dns\"},\"message\":%s}"
                        .formatted(quoted("1700000000.5\tC2\t192.0.2.10")),
                "{\"@metadata\":{\"pipeline\":\"zeek.stderr\"},\"message\":%s}"
                        .formatted(quoted("listening on eth0")));

        assertThat(deadLetters).isEmpty();
        assertThat(skipped()).isEqualTo(Map.of("other_log", 2L));
    }

    @Test
    void shouldNotTakeTheMessageOfAnEventOfSuricataForALine() {
        lines(
                "{\"timestamp\":\"2023-11-14T22:13:25Z\",\"message\":%s,\"source_type\":\"x\"}"
                        .formatted(quoted(CONN)),
                EVE.replace("\"flow\":{", "\"mqtt\":{\"message\":\"hello\"},\"flow\":{"));

        assertThat(deadLetters).isEmpty();
        assertThat(records).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serveflow-eth0", "json_streaming_serveflow", "flows", "dns"})
    void shouldReadRowsByTheirColumnsWhateverTheirPathIsCalled(final String path) {
        lines(ROWS.replace("serveflow", path).split("\n"));
        lines(CONN_ROWS.replace("\tconn\n", "\t" + path + "\n").split("\n"));

        assertThat(deadLetters).isEmpty();
        assertThat(records).extracting(r -> r.id().uid()).containsExactly("C1", "C2");
        assertThat(skipped()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns", "known_services", "conn", "serveflow"})
    void shouldPassOverRowsWithOtherColumnsWhateverTheirPathIsCalled(final String path) {
        lines(
                "#separator \\x09",
                "#path\t" + path,
                "#fields\tts\thost\tservice",
                "1.5\t192.0.2.1\thttp");

        assertThat(deadLetters).isEmpty();
        assertThat(skipped()).isEqualTo(Map.of("other_log", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\x2c", "\\x7c", "\\x3b"})
    void shouldReadRowsWithAnySeparator(final String escape) {
        final String separator = String.valueOf((char) Integer.parseInt(escape.substring(2), 16));
        lines(
                ROWS.replace(",", "+")
                        .replace("\t", separator)
                        .replace("#separator \\x09", "#separator " + escape)
                        .split("\n"));

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .singleElement()
                .satisfies(record -> assertThat(record.packets().count()).isEqualTo(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {CONN, SERVEFLOW, EVE})
    void shouldPassOverAByteOrderMark(final String line) {
        lines("\ufeff" + line, "\ufeff", line);
        lines("{\"message\":%s,\"source_type\":\"file\"}".formatted(quoted("\ufeff" + line)));
        final byte[] last = ("\ufeff" + line).getBytes(StandardCharsets.UTF_8);
        stream.unterminated(last, 0, last.length, position++);

        assertThat(deadLetters).isEmpty();
        assertThat(records).hasSize(4);
    }

    @Test
    void shouldPassOverAnyNumberOfByteOrderMarks() {
        final String marks = "\ufeff".repeat(300_000);
        lines(marks, marks + CONN);

        assertThat(deadLetters).isEmpty();
        assertThat(records).hasSize(1);
    }

    @Test
    void shouldPassOverAByteOrderMarkBeforeAHeader() {
        lines(("\ufeff" + CONN_ROWS).split("\n"));

        assertThat(deadLetters).isEmpty();
        assertThat(records).hasSize(1);
    }

    @Test
    void shouldReadTheIdOfAConnectionUnderTheKeysThatShippersMakeOfIt() {
        for (final String line : List.of(SERVEFLOW, CONN)) {
            lines(line, line.replace("id.", "id_"), nested(line));
        }
        lines(ROWS.replace("id.", "id_").split("\n"));
        lines(CONN_ROWS.replace("id.", "id_").split("\n"));

        assertThat(deadLetters).isEmpty();
        assertThat(records)
                .hasSize(8)
                .allSatisfy(
                        record -> {
                            assertThat(record.tuple().originator()).isEqualTo("192.0.2.10");
                            assertThat(record.tuple().responderPort()).isEqualTo(443);
                        });
    }

    @Test
    void shouldKeepAnIdThatIsNoneAsADeadLetter() {
        lines(
                CONN.replace("id.orig_h", "id").replace("\"192.0.2.10\"", "{\"id\":{}}"),
                SERVEFLOW.replace("id.orig_h", "id").replace("\"192.0.2.10\"", "7"));

        assertThat(deadLetters)
                .extracting(DeadLetter::detail)
                .containsOnly("field 'id.orig_h' is missing");
    }

    static Stream<Arguments> interim() {
        return Stream.of(
                arguments("tag", "{\"conn_long\":" + CONN + "}"),
                arguments("path", CONN.replace("{\"ts\"", "{\"_path\":\"conn_long\",\"ts\"")),
                arguments("path at the end", CONN.replace("}", ",\"_path\":\"conn_burst\"}")),
                arguments(
                        "pipeline",
                        "{\"@metadata\":{\"pipeline\":\"zeek.conn_long\"},\"message\":"
                                + quoted(CONN)
                                + "}"),
                arguments(
                        "file of Filebeat",
                        "{\"log\":{\"file\":{\"path\":\"/nsm/zeek/conn_long.2023-11-14.log\"}},"
                                + "\"message\":"
                                + quoted(CONN)
                                + "}"),
                arguments(
                        "file of Vector",
                        "{\"file\":\"/opt/zeek/conn_long.log\",\"message\":" + quoted(CONN) + "}"),
                arguments("rows", CONN_ROWS.replace("\tconn\n", "\tconn_long\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("interim")
    void shouldNotTakeARecordOfAConnectionThatGoesOnForItsFinalOne(
            final String name, final String interim) {
        lines(interim.split("\n"));
        assertThat(records).isEmpty();
        assertThat(skipped()).isEqualTo(Map.of("interim_record", 1L));

        lines("{\"conn\":" + CONN.replace("7200.5", "9000") + "}");
        lines(CONN_ROWS.split("\n"));
        assertThat(records).hasSize(2);
        assertThat(records.get(0).summary().durationMicros()).isEqualTo(9_000_000_000L);
        assertThat(deadLetters).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conn_long",
                "zeek.conn_long",
                "zeek.conn_long.2023-11-14-22-00-00",
                "/opt/zeek/logs/current/conn_long.log",
                "/opt/zeek/logs/2023-11-14/conn_long.22:00:00-23:00:00.log.gz",
                "/logs/json_streaming_conn_burst.log",
                "/logs/conn_long-eth0.log"
            })
    void shouldTellTheNameOfALogOfConnectionsThatGoOn(final String name) {
        assertThat(isInterim(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "conn",
                "zeek.conn",
                "conn-local",
                "/data/conn_long/conn.log",
                "/data/conn-long-interim-kafka.ndjson",
                "/data/conn_longitude.log",
                "conn_summary"
            })
    void shouldTakeNoOtherNameForOne(final String name) {
        assertThat(isInterim(name)).isFalse();
    }

    private static boolean isInterim(final String name) {
        return SensorFormats.installed().lines().stream()
                .anyMatch(format -> format.isInterimLog(name));
    }

    @Test
    void shouldBelieveWhatIsNearestToALineBeforeTheNameOfTheFileThatIsRead() {
        stream = stream("/data/conn_long.ndjson");
        lines("{\"conn_long\":" + CONN + "}", "{\"conn\":" + CONN + "}", CONN);

        assertThat(records).hasSize(1);
        assertThat(skipped()).isEqualTo(Map.of("interim_record", 2L));
    }

    @Test
    void shouldTellRecordsOfConnectionsThatGoOnByTheNameOfTheirFile() {
        stream = stream("/opt/zeek/logs/current/conn_long.log");
        lines(CONN);
        stream.continueIn("/opt/zeek/logs/current/conn.log");
        lines(CONN);

        assertThat(records).hasSize(1);
        assertThat(skipped()).isEqualTo(Map.of("interim_record", 1L));
    }

    /** As a shipper writes it that makes objects of dotted keys. */
    private static String nested(final String line) {
        final int from = line.indexOf("\"id.orig_h\"");
        final int to = line.indexOf(",\"proto\"");
        return line.substring(0, from)
                + "\"id\":{"
                + line.substring(from, to).replace("id.", "")
                + "}"
                + line.substring(to);
    }

    private static String quoted(final String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + "\"";
    }

    private Map<String, Long> skipped() {
        return ledger.byDetail(Ledger.Entry.SKIPPED);
    }

    private void lines(final String... lines) {
        for (final String line : lines) {
            final byte[] bytes = ("..." + line).getBytes(StandardCharsets.UTF_8);
            stream.line(bytes, 3, bytes.length, position++);
        }
    }

    private SensorStream stream(final String source) {
        return new SensorStream(
                source,
                SensorFormats.installed(),
                FlowAssembler.Options.defaults("stream-1"),
                ledger,
                deadLetters::add,
                ContextInterest.all(),
                records::add);
    }
}
