/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.Gzip;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZeekLogTest {

    private static final String FIRST =
            """
            {"ts":1484319032.865799,"uid":"C8cFq12jP","id.orig_h":"10.0.0.5","id.orig_p":51514,\
            "id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp",\
            "community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","stage":"first","reason":"depth",\
            "pkt_dt":[0.0],"pkt_orig":[true],"pkt_len":[60],"pkt_data":["RQAAPA=="]}
            """;

    private static final String CONTEXT =
            """
            {"ts":1484319032.865799,"uid":"C8cFq12jP","id.orig_h":"10.0.0.5","id.orig_p":51514,\
            "id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp",\
            "community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","stage":"context","reason":"timeout",\
            "pkt_dt":[0.0,0.0024428367614746094],"pkt_orig":[true,false],"pkt_len":[60,52],\
            "pkt_data":["RQAAPA==","RQAANKs="]}
            """;

    private static final String TSV_HEADER =
            """
            #separator \\x09
            #set_separator	,
            #empty_field	(empty)
            #unset_field	-
            #path	serveflow
            #open	2026-11-22-10-55-00
            #fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	community_id	stage	\
            reason	pkt_dt	pkt_orig	pkt_len	pkt_data
            #types	time	string	addr	port	addr	port	enum	string	string	\
            string	vector[interval]	vector[bool]	vector[count]	vector[string]
            """;

    private static final String TSV_CONTEXT =
            "1484319032.865799\tC8cFq12jP\t10.0.0.5\t51514\t203.0.113.9\t443\ttcp\t"
                    + "1:LQU9qZlK+B5F3KDmev6m5PMibrg=\tcontext\ttimeout\t"
                    + "0.000000,0.002443\tT,F\t60,52\tRQAAPA==,RQAANKs=\n";

    /** What the package writes behind the packets, with values that mean nothing among them. */
    private static final String HELLO =
            """
            "app_proto":"tls","server_name":"WWW.Example.org.","next_protocol":"h2","ech":true,\
            "hello_length":1734,"hello_complete":true,"hello_versions":[19018,772,771],\
            "hello_ciphers":[4865,4866],"hello_extensions":[0,16,43,65037],\
            "hello_groups":[29,23],"hello_protocols":["h2","http/1.1"]\
            """;

    private static final String LONG_NAME =
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                    + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                    + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                    + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    void shouldReadAFirstRecord() throws IOException {
        assertThat(read(FIRST)).containsExactly(first("sensor-1"));
    }

    @Test
    void shouldReadAContextRecordWithIntervalsRoundedToMicroseconds() throws IOException {
        assertThat(read(CONTEXT)).containsExactly(context());
    }

    @Test
    void shouldReadTheTsvFormAsTheSameRecord() throws IOException {
        assertThat(read(TSV_HEADER + TSV_CONTEXT + "#close\t2026-11-22-10-55-01\n"))
                .containsExactly(context());
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldReadWhatZeekSaysOfAHello() throws IOException {
        assertThat(read(CONTEXT.replace("]}", "]," + HELLO + "}")))
                .containsExactly(context().saying(Optional.of(handshake())));
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES)).isEmpty();
    }

    @Test
    void shouldReadWhatZeekSaysOfAHelloInTsv() throws IOException {
        final String header =
                TSV_HEADER.replace(
                        "pkt_data\n",
                        "pkt_data\tapp_proto\tserver_name\thttp_host\tech\tnext_protocol"
                                + "\thello_length\thello_complete\thello_versions\thello_ciphers"
                                + "\thello_extensions\thello_groups\thello_protocols"
                                + "\thello_parameters\n");
        final String row =
                TSV_CONTEXT.replace(
                        "\n",
                        "\ttls\tWWW.Example.org.\t-\tT\th2\t1734\tT\t19018,772,771\t4865,4866"
                                + "\t0,16,43,65037\t29,23\th2,http/1.1\t(empty)\n");
        assertThat(read(header + row)).containsExactly(context().saying(Optional.of(handshake())));
        assertThat(deadLetters).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"app_proto\":\"http\",\"http_host\":\"Example.org:8080\" | HTTP | example.org",
                "\"app_proto\":\"http\",\"http_host\":\"[2001:db8::1]:80\" | HTTP | ''",
                "\"http_host\":\"example.org\" | HTTP | example.org",
                "\"dns_query\":\"example.org\" | DNS | example.org",
                "\"app_proto\":\"dns\",\"server_name\":\"other.example\" | DNS | ''",
                "\"server_name\":\"example.org\" | TLS | example.org",
                "\"quic_version\":1,\"server_name\":\"example.org\" | QUIC | example.org",
                "\"app_proto\":\"ssh\" | SSH | ''",
                "\"app_proto\":\"gopher\" | OTHER | ''"
            })
    void shouldTakeTheNameThatBelongsToTheProtocol(
            final String members, final Handshake.Protocol protocol, final String name)
            throws IOException {
        final Handshake handshake =
                read(CONTEXT.replace("]}", "]," + members + "}")).get(0).handshake().orElseThrow();
        assertThat(handshake.protocol()).isEqualTo(protocol);
        assertThat(handshake.name()).isEqualTo(name);
    }

    @Test
    void shouldTakeAHelloOverUdpForOneOfDtls() throws IOException {
        final String line =
                CONTEXT.replace("\"tcp\"", "\"udp\"").replace("]}", "],\"hello_length\":200}");
        assertThat(read(line).get(0).handshake().orElseThrow().protocol())
                .isEqualTo(Handshake.Protocol.DTLS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "caf\u00e9.example",
                "a b",
                "a..example",
                "*.example",
                "a\\u0000b",
                LONG_NAME
            })
    void shouldCountANameThatIsNoneAndKeepTheRecord(final String name) throws IOException {
        final FlowRecord record =
                read(CONTEXT.replace("]}", "],\"server_name\":\"" + name + "\"}")).get(0);
        assertThat(record.handshake().orElseThrow().name()).isEmpty();
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.UNKNOWN_VALUES)).isEqualTo(Map.of("odd_name", 1L));
    }

    @Test
    void shouldLeaveOutValuesThatMeanNothing() throws IOException {
        final String line =
                CONTEXT.replace(
                        "]}",
                        "],\"hello_ciphers\":[2570,4865,64250],\"hello_protocols\":[\"JJ\",\"h2\","
                                + "\"\\\\x8a\\\\x8a\"],\"hello_parameters\":[27,1,58]}");
        final ClientHello hello =
                read(line).get(0).handshake().flatMap(Handshake::hello).orElseThrow();
        assertThat(hello.ciphers()).containsExactly(4865);
        assertThat(hello.protocols()).containsExactly("h2");
        assertThat(hello.transportParameters()).containsExactly(1L);
        assertThat(hello.grease()).isTrue();
        assertThat(hello.complete()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"ech\":1 | field 'ech' is '1'; it must be true or false",
                "\"server_name\":5 | field 'server_name' is '5'; it must be text",
                "\"hello_length\":-1 | field 'hello_length' is '-1'; it must be a whole number, 0"
                        + " to 2147483647",
                "\"hello_ciphers\":7 | field 'hello_ciphers' is '7'; it must be an array of whole"
                        + " numbers",
                "\"hello_ciphers\":[1,65536] | field 'hello_ciphers[1]' is '65536'; it must be a"
                        + " whole number, 0 to 65535",
                "\"hello_groups\":[true] | field 'hello_groups' is 'true'; it must be an array of"
                        + " whole numbers",
                "\"hello_protocols\":[5] | field 'hello_protocols' is '5'; it must be an array of"
                        + " texts",
                "\"quic_version\":4294967296 | field 'quic_version' is '4294967296'; it must be a"
                        + " whole number, 0 to 4294967295"
            })
    void shouldNameABadFieldOfAHello(final String member, final String sentence)
            throws IOException {
        assertThat(read(CONTEXT.replace("]}", "]," + member + "}"))).isEmpty();
        assertThat(deadLetters).extracting(DeadLetter::reason).containsExactly("bad_field");
        assertThat(deadLetters.get(0).detail()).isEqualTo(sentence);
    }

    @Test
    void shouldReadAnIsoTime() throws IOException {
        assertThat(read(FIRST.replace("1484319032.865799", "\"2017-01-13T14:50:32.865799Z\"")))
                .containsExactly(first("sensor-1"));
    }

    @Test
    void shouldComputeAMissingCommunityId() throws IOException {
        final String line =
                FIRST.replace("\"community_id\":\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\",", "");
        // The hash was computed apart from this code, after the specification.
        assertThat(read(line).get(0).communityId()).isEqualTo("1:8YWmJPPJx9qp/IujnWIlcGnkOVI=");
    }

    @Test
    void shouldPreferTheObserverThatARecordNames() throws IOException {
        assertThat(read(FIRST.replace("\"proto\"", "\"observer\":\"zeek-dmz\",\"proto\"")))
                .containsExactly(first("zeek-dmz"));
    }

    @Test
    void shouldIgnoreFieldsThatItDoesNotKnow() throws IOException {
        final String line =
                FIRST.replace("\"proto\"", "\"x\":{\"ts\":1,\"y\":[{}]},\"z\":null,\"proto\"");
        assertThat(read(line)).containsExactly(first("sensor-1"));
    }

    @Test
    void shouldReadFieldsInAnyOrder() throws IOException {
        final String line = "{\"pkt_data\":[\"RQAAPA==\"]," + FIRST.substring(1);
        assertThat(read(line.replace(",\"pkt_data\":[\"RQAAPA==\"]}", "}")))
                .containsExactly(first("sensor-1"));
    }

    @Test
    void shouldTakeTheReasonOfAFirstRecordAsDepth() throws IOException {
        assertThat(read(FIRST.replace("\"reason\":\"depth\",", "")))
                .containsExactly(first("sensor-1"));
    }

    /** A capture's ICMP packets make no flows; a sensor's are to mean the same. */
    @ParameterizedTest
    @ValueSource(strings = {"icmp", "sctp"})
    void shouldSkipWhatIsNeitherTcpNorUdpAsInACapture(final String proto) throws IOException {
        final String other = FIRST.replace("\"tcp\"", "\"" + proto + "\"");
        final String ipv6 = other.replace("10.0.0.5", "fe80::1").replace("203.0.113.9", "ff02::1");
        assertThat(read(other + ipv6 + FIRST)).hasSize(1);
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED))
                .containsExactlyEntriesOf(Map.of("other_transport", 2L));
        assertThat(ledger.total(Ledger.Entry.EVENTS)).isEqualTo(1);
    }

    /** The row goes another way than the line of JSON. */
    @Test
    void shouldSkipIcmpInARow() throws IOException {
        assertThat(read(TSV_HEADER + TSV_CONTEXT.replace("\ttcp\t", "\ticmp\t"))).isEmpty();
        assertThat(ledger.total(Ledger.Entry.SKIPPED)).isEqualTo(1);
    }

    @Test
    void shouldReadMoreFlowsThanFitTheFirstBuffers() throws IOException {
        final int packets = 300;
        final String line =
                FIRST.replace("[0.0]", "[" + "0.0,".repeat(packets - 1) + "0.0]")
                        .replace("[true]", "[" + "true,".repeat(packets - 1) + "true]")
                        .replace("[60]", "[" + "60,".repeat(packets - 1) + "60]")
                        .replace(
                                "[\"RQAAPA==\"]",
                                "[" + "\"RQAAPA==\",".repeat(packets - 1) + "\"RQAAPA==\"]");
        final Packets read = read(line).get(0).packets();
        assertThat(read.count()).isEqualTo(packets);
        assertThat(read.end(packets - 1)).isEqualTo(4 * packets);
    }

    @Test
    void shouldCountEventsAndFlows() throws IOException {
        read(FIRST + CONTEXT + "nonsense\n" + FIRST);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("zeek", 4L));
        assertThat(ledger.total(Ledger.Entry.FLOWS)).isEqualTo(2);
    }

    @Test
    void shouldCountNoEventsForTsvHeaders() throws IOException {
        read(TSV_HEADER + TSV_CONTEXT);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("zeek", 1L));
    }

    @Test
    void shouldGoOnBehindABadLine() throws IOException {
        final String bad = "{\"ts\":1484319032.8\n";
        assertThat(read(FIRST + bad + CONTEXT)).containsExactly(first("sensor-1"), context());
        final DeadLetter letter = onlyDeadLetter();
        assertThat(letter.source()).endsWith("serveflow.log");
        assertThat(letter.offset()).isEqualTo(FIRST.length());
        assertThat(letter.reason()).isEqualTo("bad_json");
        assertThat(letter.payload()).isEqualTo(bad.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense",
                "[1,2]",
                "\"text\"",
                "{\"ts\":1,}",
                "{\"ts\":1}{\"uid\":1}",
                "{\"ts\":nan}",
                "{\"pkt_dt\":[0.0",
                "{\"uid\":\"a\u0000b\"}",
            })
    void shouldKeepWhatIsNoJsonObject(final String line) throws IOException {
        assertThat(read(line + "\n")).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_json");
        assertThat(onlyDeadLetter().payload()).isEqualTo(line);
    }

    @Test
    void shouldKeepALineOfBytesThatAreNoUtf8() throws IOException {
        final byte[] line = new byte[64];
        line[63] = '\n';
        final byte[] latin = "{\"uid\":\"\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(line);
        bytes.write(latin);
        assertThat(read(bytes.toByteArray())).isEmpty();
        assertThat(deadLetters)
                .extracting(DeadLetter::reason)
                .containsExactly("bad_json", "bad_json");
    }

    @ParameterizedTest
    @CsvSource({
        "ts",
        "uid",
        "id.orig_h",
        "id.orig_p",
        "id.resp_h",
        "id.resp_p",
        "proto",
        "stage",
        "reason",
        "pkt_dt",
        "pkt_orig",
        "pkt_len",
        "pkt_data",
    })
    void shouldNameAMissingField(final String field) throws IOException {
        assertThat(read(CONTEXT.replace("\"" + field + "\"", "\"x\""))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("missing_field");
        assertThat(onlyDeadLetter().detail()).isEqualTo("field '" + field + "' is missing");
    }

    @Test
    void shouldTakeAnUnsetFieldAsMissing() throws IOException {
        assertThat(read(FIRST.replace("\"C8cFq12jP\"", "null"))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("missing_field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ":51514 | :\"51514\"",
                ":443 | :443.0",
                "[60,52] | [\"60\",5.2e1]",
                "[true,false] | [\"true\",\"F\"]",
                "[0.0,0.0024428367614746094] | [\"0.0\",\"0.0024428367614746094\"]",
            })
    void shouldReadNumbersInEveryFormThatShippersMakeOfThem(final String good, final String made)
            throws IOException {
        final FlowRecord record = read(CONTEXT.replace(good, made)).get(0);

        final FlowRecord plain = read(CONTEXT).get(0);
        assertThat(record.tuple()).isEqualTo(plain.tuple());
        assertThat(record.packets()).isEqualTo(plain.packets());
        assertThat(deadLetters).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1484319032.865799    | \"yesterday\"      | 'ts' is 'yesterday'",
                "1484319032.865799    | -1.5               | 'ts' is '-1.5'",
                "1484319032.865799    | true               | 'ts' is 'true'",
                "\"C8cFq12jP\"        | \"\"               | 'uid' is ''",
                "\"C8cFq12jP\"        | 17                 | 'uid' is '17'",
                "\"C8cFq12jP\"        | \"a\\u0007\"       | 'uid'",
                "\"C8cFq12jP\"        | \"\\ud83d\"        | 'uid'",
                "\"10.0.0.5\"         | \"printer\"        | 'id.orig_h' is 'printer'",
                "\"10.0.0.5\"         | \"fe80::1\"        | 'id.resp_h' is '203.0.113.9'",
                "51514                | 65536              | 'id.orig_p' is '65536'",
                "51514                | -1                 | 'id.orig_p' is '-1'",
                "51514                | 99999999999999999999 | 'id.orig_p'",
                "443                  | 44.3               | 'id.resp_p' is '44.3'",
                "443                  | \"https\"          | 'id.resp_p' is 'https'",
                "1484319032.865799    | NaN                | 'ts' is 'NaN'",
                "\"tcp\"              | \"unknown_transport\" | 'proto' is 'unknown_transport'",
                "\"context\"          | \"second\"         | 'stage' is 'second'",
                "\"timeout\"          | \"tired\"          | 'reason' is 'tired'",
                "[true,false]         | [true,0]           | 'pkt_orig' is '0'",
                "[true,false]         | true               | 'pkt_orig' is 'true'",
                "[true,false]         | [true]             | have 2, 1, 2 and 2 elements",
                "[true,false]         | [true,null]        | 'pkt_orig' is 'null'",
                "[60,52]              | [60,52,52]         | have 2, 2, 3 and 2 elements",
                "[60,52]              | [60,-52]           | 'pkt_len[1]' is '-52'",
                "[60,52]              | [60,4]             | 'pkt_len[1]' is '4'",
                "[60,52]              | [60,{}]            | 'pkt_len' is '{'",
                "0.0024428367614746094| 1e99               | 'pkt_dt[1]' is '1e99'",
                "\"RQAANKs=\"         | \"RQAANKs\"        | 'pkt_data[1]' is 'RQAANKs'",
                "\"RQAANKs=\"         | \"RQAANK*=\"       | 'pkt_data[1]' is 'RQAANK*='",
            })
    void shouldNameABadFieldAndItsValue(
            final String good, final String bad, final String sentencePart) throws IOException {
        assertThat(read(CONTEXT.replace(good, bad))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_field");
        assertThat(onlyDeadLetter().detail()).contains(sentencePart);
    }

    @Test
    void shouldRefuseARecordWithoutPackets() throws IOException {
        final String line =
                FIRST.replace("[0.0]", "[]")
                        .replace("[true]", "[]")
                        .replace("[60]", "[]")
                        .replace("[\"RQAAPA==\"]", "[]");
        assertThat(read(line)).isEmpty();
        assertThat(onlyDeadLetter().detail()).contains("at least one");
    }

    @Test
    void shouldShowOnlyTheBeginningOfALongValue() throws IOException {
        read(FIRST.replace("\"tcp\"", "\"" + "x".repeat(255) + "\""));
        assertThat(onlyDeadLetter().detail()).hasSizeLessThan(200).contains("xxx...'");
    }

    @Test
    void shouldUseALastLineWithoutNewlineThatIsWhole() throws IOException {
        assertThat(read(FIRST + CONTEXT.strip())).containsExactly(first("sensor-1"), context());
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldKeepATornLastLine() throws IOException {
        assertThat(read(FIRST + CONTEXT.substring(0, 300))).containsExactly(first("sensor-1"));
        assertThat(onlyDeadLetter().reason()).isEqualTo("torn_line");
        assertThat(onlyDeadLetter().offset()).isEqualTo(FIRST.length());
        assertThat(onlyDeadLetter().payload()).isEqualTo(CONTEXT.substring(0, 300));
    }

    @Test
    void shouldNotTrustATornTsvRowThatStillParses() throws IOException {
        final String torn = TSV_CONTEXT.substring(0, TSV_CONTEXT.length() - "NKs=\n".length());
        assertThat(read(TSV_HEADER + torn)).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("torn_line");
    }

    @Test
    void shouldKeepATornTsvRowOfALogWithoutPackets() throws IOException {
        final String header = "#separator \\x09\n#fields\tts\tuid\tpkt_data\n";
        assertThat(read(header + "1.5\tC8cFq12jP\t-")).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("torn_line");
    }

    @Test
    void shouldKeepATornTsvRowWhosePacketsLackTheirLengths() throws IOException {
        final String header = "#separator \\x09\n#fields\tts\tuid\tpkt_data\n";
        assertThat(read(header + "1.5\tC8cFq12jP\tRQAAPA==" + ",RQAANKs=".repeat(16))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("torn_line");
    }

    @Test
    void shouldUseATsvRowWithoutNewlineWhoseLastPacketIsWhole() throws IOException {
        final String row = TSV_CONTEXT.replace("60,52", "60,5").strip();
        assertThat(read(TSV_HEADER + row)).hasSize(1);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldUseATsvRowWithoutNewlineWhoseLastPacketIsAsLongAsTheSensorCuts() throws IOException {
        final String row = TSV_CONTEXT.replace("RQAANKs=", "RQAANA==").strip();
        assertThat(read(TSV_HEADER + row)).hasSize(1);
        assertThat(deadLetters).isEmpty();
    }

    @Test
    void shouldSkipALineThatIsTooLong() throws IOException {
        final String tooLong = "{\"x\":\"" + "y".repeat(SensorStream.MAX_LINE_BYTES) + "\"}\n";
        assertThat(read(FIRST + tooLong + CONTEXT)).containsExactly(first("sensor-1"), context());
        assertThat(onlyDeadLetter().reason()).isEqualTo("line_too_long");
        assertThat(onlyDeadLetter().offset()).isEqualTo(FIRST.length());
        assertThat(onlyDeadLetter().payload()).hasSize(64 * 1024).startsWith("{\"x\":\"yyy");
        assertThat(ledger.total(Ledger.Entry.EVENTS)).isEqualTo(3);
    }

    @Test
    void shouldReadCompressedLogsWithOffsetsInTheText() throws IOException {
        assertThat(read(Gzip.packed(FIRST + "nonsense\n" + CONTEXT)))
                .containsExactly(first("sensor-1"), context());
        assertThat(onlyDeadLetter().offset()).isEqualTo(FIRST.length());
    }

    @Test
    void shouldReadCompressedLogsThatWereJoined() throws IOException {
        final ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(Gzip.packed(FIRST));
        joined.write(Gzip.packed(CONTEXT));
        assertThat(read(joined.toByteArray())).containsExactly(first("sensor-1"), context());
    }

    @Test
    void shouldReadACompressedLogUpToWhereItBreaksOff() throws IOException {
        final byte[] whole = Gzip.packed(FIRST.repeat(200) + CONTEXT);
        final List<FlowRecord> records = read(Arrays.copyOf(whole, whole.length - 12));
        assertThat(records).isNotEmpty().startsWith(first("sensor-1"));
        assertThat(deadLetters).extracting(DeadLetter::reason).contains("bad_gzip");
    }

    @Test
    void shouldRefuseABrokenGzipHeader() throws IOException {
        final Path file = folder.resolve("serveflow.log");
        Files.write(file, new byte[] {0x1f, (byte) 0x8b, 8});
        assertThatThrownBy(
                        () ->
                                new LogSource(
                                        file,
                                        SensorFormats.installed().only("zeek"),
                                        FlowAssembler.Options.defaults("sensor-1"),
                                        ledger,
                                        deadLetters::add))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("serveflow.log")
                .hasMessageContaining("gzip header");
    }

    @Test
    void shouldReadTsvWithOtherSeparators() throws IOException {
        final String header =
                TSV_HEADER.replace("\\x09", "\\x7c").replace('\t', '|').replace("r|,", "r|;");
        final String row = TSV_CONTEXT.replace('\t', '|').replace(',', ';');
        assertThat(read(header + row)).containsExactly(context());
    }

    @Test
    void shouldUndoTheEscapesOfTsv() throws IOException {
        final String row = TSV_CONTEXT.replace("C8cFq12jP", "a\\x7cb\\\\c\\x2d");
        assertThat(read(TSV_HEADER + row).get(0).id().uid()).isEqualTo("a|b\\c-");
    }

    @Test
    void shouldTakeAnUnsetTsvCellAsMissing() throws IOException {
        assertThat(read(TSV_HEADER + TSV_CONTEXT.replace("C8cFq12jP", "-"))).isEmpty();
        assertThat(onlyDeadLetter().detail()).isEqualTo("field 'uid' is missing");
    }

    @Test
    void shouldReadAPacketWithoutBytesFromTsv() throws IOException {
        final String row = TSV_CONTEXT.replace("RQAANKs=", "(empty)");
        final Packets packets = read(TSV_HEADER + row).get(0).packets();
        assertThat(packets.end(1) - packets.start(1)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"'\ttcp\t','\t',13", "'\ttcp\t','\ttcp\tx\t',15"})
    void shouldKeepATsvRowOfAnotherWidth(final String cells, final String others, final int width)
            throws IOException {
        assertThat(read(TSV_HEADER + TSV_CONTEXT.replace(cells, others))).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_tsv");
        assertThat(onlyDeadLetter().detail())
                .isEqualTo("the row has " + width + " columns, but #fields names 14");
    }

    @Test
    void shouldKeepATsvHeaderThatItCannotFollow() throws IOException {
        assertThat(read("#separator \\x09\\x09\n")).isEmpty();
        assertThat(onlyDeadLetter().reason()).isEqualTo("bad_tsv");
    }

    @Test
    void shouldShowOnlyTheBeginningOfALongSeparator() throws IOException {
        assertThat(read("#separator " + "x".repeat(10_000) + "\n")).isEmpty();
        assertThat(onlyDeadLetter().detail()).hasSizeLessThan(200).contains("xxx...");
    }

    @Test
    void shouldTakeAHeaderThatIsLongerThanAnyCellBefore() throws IOException {
        final String header = TSV_HEADER.replace("(empty)", "e".repeat(10_000));
        assertThat(read(header + TSV_CONTEXT)).containsExactly(context());
    }

    @Test
    void shouldReadLogsOfBothFormsThatWereJoined() throws IOException {
        assertThat(read(TSV_HEADER + TSV_CONTEXT + FIRST + TSV_HEADER + TSV_CONTEXT))
                .containsExactly(context(), first("sensor-1"), context());
    }

    @Property
    void shouldEndEveryLineAsARecordOrADeadLetter(
            @ForAll @Size(min = 1, max = 6) final List<@IntRange(max = 2_000) Integer> places,
            @ForAll @CharRange(from = '\0', to = '\u00ff') final char damage)
            throws IOException {
        final byte[] text =
                (FIRST + TSV_HEADER + TSV_CONTEXT + CONTEXT + FIRST)
                        .getBytes(StandardCharsets.ISO_8859_1);
        for (final int place : places) {
            text[place % text.length] = (byte) damage;
        }
        folder = Files.createTempDirectory("serveflow");
        deadLetters.clear();
        final long before = ledger.total(Ledger.Entry.EVENTS);
        try {
            final List<FlowRecord> records = read(text);
            assertThat(records).hasSizeLessThanOrEqualTo(4 + places.size());
            assertThat(ledger.total(Ledger.Entry.EVENTS) - before)
                    .isEqualTo(records.size() + deadLetters.size());
        } finally {
            Files.delete(folder.resolve("serveflow.log"));
            Files.delete(folder);
        }
    }

    private static FlowRecord first(final String observer) {
        final Packets packets =
                new Packets.Builder().add(0, true, 60, bytes("4500003c"), 0, 4).build();
        return new FlowRecord(
                new FlowId(observer, "C8cFq12jP"),
                new FlowTuple(Transport.TCP, "10.0.0.5", 51_514, "203.0.113.9", 443),
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                1_484_319_032_865_799L,
                FlowRecord.Stage.FIRST,
                FlowRecord.End.DEPTH,
                packets,
                42);
    }

    private static Handshake handshake() {
        return new Handshake(
                Handshake.Protocol.TLS,
                "www.example.org",
                true,
                "h2",
                Optional.of(
                        new ClientHello(
                                1_734,
                                true,
                                0,
                                List.of(772, 771),
                                List.of(4865, 4866),
                                List.of(0, 16, 43, 65_037),
                                List.of(29, 23),
                                List.of("h2", "http/1.1"),
                                List.of(),
                                true)));
    }

    private static FlowRecord context() {
        final Packets packets =
                new Packets.Builder()
                        .add(0, true, 60, bytes("4500003c"), 0, 4)
                        .add(2_443, false, 52, bytes("45000034ab"), 0, 5)
                        .build();
        return new FlowRecord(
                new FlowId("sensor-1", "C8cFq12jP"),
                new FlowTuple(Transport.TCP, "10.0.0.5", 51_514, "203.0.113.9", 443),
                "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
                1_484_319_032_865_799L,
                FlowRecord.Stage.CONTEXT,
                FlowRecord.End.TIMEOUT,
                packets,
                42);
    }

    private static byte[] bytes(final String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private DeadLetter onlyDeadLetter() {
        assertThat(deadLetters).hasSize(1);
        return deadLetters.get(0);
    }

    private List<FlowRecord> read(final String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<FlowRecord> read(final byte[] bytes) throws IOException {
        final Path file = folder.resolve("serveflow.log");
        Files.write(file, bytes);
        return AllRecords.of(
                new LogSource(
                        file,
                        SensorFormats.installed().only("zeek"),
                        FlowAssembler.Options.defaults("sensor-1"),
                        ledger,
                        deadLetters::add,
                        () -> 42));
    }
}
