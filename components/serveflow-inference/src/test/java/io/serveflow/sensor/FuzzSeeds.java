/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static io.serveflow.flow.TestPackets.bytes;
import static io.serveflow.flow.TestPackets.concat;
import static io.serveflow.flow.TestPackets.extension;
import static io.serveflow.flow.TestPackets.ipv4;
import static io.serveflow.flow.TestPackets.ipv6;
import static io.serveflow.flow.TestPackets.tcp;
import static io.serveflow.flow.TestPackets.udp;

import io.serveflow.flow.TestPackets;
import io.serveflow.flow.TestTunnels;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Named;

/**
 * What fuzzing of the readers begins with: small files of every form, made here or cut from {@code
 * samples}.
 */
final class FuzzSeeds {

    private static final Path SAMPLES = ProjectFiles.samples();

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final long START = 1_700_000_000_000_000L;
    private static final int RAW = 101;

    private FuzzSeeds() {}

    static Stream<Named<byte[]>> pcap() {
        return Stream.of(
                seed("dns", firstPackets("dns.pcap", 6)),
                seed("coap", firstPackets("coap.pcap", 6)),
                seed("http", firstPackets("http.pcap", 6)),
                seed("radio", firstPackets("radio.pcap", 6)),
                seed("big endian", pcap(ByteOrder.BIG_ENDIAN, CaptureBuilder.PCAP_NANOSECONDS)),
                seed("modified", pcap(ByteOrder.LITTLE_ENDIAN, CaptureBuilder.PCAP_MODIFIED)));
    }

    static Stream<Named<byte[]>> pcapng() {
        return Stream.of(
                seed("little endian", pcapng(ByteOrder.LITTLE_ENDIAN)),
                seed("big endian", pcapng(ByteOrder.BIG_ENDIAN)),
                seed(
                        "two sections",
                        CaptureBuilder.pcapng(ByteOrder.LITTLE_ENDIAN)
                                .raw(pcapng(ByteOrder.BIG_ENDIAN))
                                .bytes()));
    }

    private static byte[][] inTunnels() {
        final byte[] inner = ipv4(TestPackets.TCP, "10.0.0.1", "10.0.0.2", tcp(5, 80, 2, DATA));
        return TestTunnels.around(inner).values().toArray(byte[][]::new);
    }

    /** Frames of each link type, the type's number before them in two bytes. */
    static Stream<Named<byte[]>> frames() {
        final byte[] ip = ipv4(TestPackets.UDP, "10.0.0.1", "10.0.0.2", udp(1, 53, DATA));
        final byte[] snap = bytes(0xaa, 0xaa, 0x03, 0, 0, 0, 0x08, 0x00);
        final byte[] wireless = concat(bytes(0x88, 0x01), new byte[24], snap, ip);
        return Stream.concat(
                Arrays.stream(inTunnels()).map(tunnel -> frame(RAW, tunnel)),
                Stream.of(
                        frame(
                                1,
                                new byte[12],
                                bytes(0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 0),
                                TestTunnels.frame(ip)),
                        frame(
                                1,
                                new byte[12],
                                bytes(0x88, 0x47, 0, 1, 1, 64, 0x45, 0, 0, 20),
                                new byte[8],
                                bytes(8, 0),
                                ip),
                        frame(239, bytes(2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 1, 0, 36, 0, 9, 0), ip),
                        frame(258, bytes(12, 0, 0, 0, 1, 0, 0, 0, 12, 0, 0, 0), ip),
                        frame(192, bytes(0, 0, 8, 0, 12, 0, 0, 0), ip),
                        frame(163, bytes(0x80, 0x21, 0x10, 1, 0, 0, 0, 8), wireless),
                        frame(117, bytes(4, 2, 0, 0), ip),
                        frame(1, new byte[12], bytes(0x81, 0, 0, 5, 0x08, 0x00), ip),
                        frame(1, new byte[12], bytes(0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64), ip),
                        frame(1, new byte[12], bytes(0x88, 0x64, 0x11, 0, 0, 1, 0, 9, 0, 0x21), ip),
                        frame(1, new byte[12], bytes(0, 40), snap, ip),
                        frame(0, bytes(2, 0, 0, 0), ip),
                        frame(9, bytes(0xff, 0x03, 0, 0x21), ip),
                        frame(104, bytes(0x0f, 0, 0x08, 0x00), ip),
                        frame(105, wireless),
                        frame(127, bytes(0, 0, 8, 0, 0, 0, 0, 0), wireless),
                        frame(113, new byte[14], bytes(0x08, 0x00), ip),
                        frame(276, bytes(0x08, 0x00), new byte[18], ip),
                        frame(RAW, ip),
                        frame(RAW, tunnels()[0]),
                        frame(RAW, tunnels()[1]),
                        frame(RAW, tunnels()[2])));
    }

    static Stream<Named<byte[]>> zeekJson() {
        return Stream.of(
                seed("ntp", firstLines("records/ntp.log", 3)),
                seed("mixed", firstLines("records/mixed.log", 2)),
                seed(
                        "ISO time, observer, unknown fields",
                        """
                        {"_path":"serveflow","ts":"2017-01-13T14:50:32.865799Z","uid":"C1","observer":"x",\
                        "id.orig_h":"::1","id.orig_p":8,"id.resp_h":"::2","id.resp_p":0,"proto":"icmp",\
                        "stage":"context","reason":"timeout","more":{"a":[1,{"b":null}]},\
                        "pkt_dt":[0,-4e-5,1.5],"pkt_orig":[true,false,true],"pkt_len":[60,52,9],\
                        "pkt_data":["RQAAPA==","RQAANKs=",""]}
                        {"ts":1}
                        """),
                seed(
                        "a hello, a host, a question",
                        """
                        {"ts":1.5,"uid":"C1","id.orig_h":"::1","id.orig_p":8,"id.resp_h":"::2",\
                        "id.resp_p":443,"proto":"udp","community_id":"1:x","stage":"context",\
                        "reason":"end","pkt_dt":[0],"pkt_orig":[true],"pkt_len":[60],\
                        "pkt_data":["RQAAPA=="],"app_proto":"quic","server_name":"A.example.",\
                        "next_protocol":"h3","ech":true,"quic_version":1798521807,\
                        "hello_length":1734,"hello_complete":true,"hello_versions":[19018,772],\
                        "hello_ciphers":[4865],"hello_extensions":[0,57,65037],\
                        "hello_groups":[29],"hello_protocols":["h3","JJ"],\
                        "hello_parameters":[1,27],"hello_grease":false}
                        {"ts":1.5,"uid":"C2","id.orig_h":"::1","id.orig_p":8,"id.resp_h":"::2",\
                        "id.resp_p":80,"proto":"tcp","stage":"first","pkt_dt":[0],\
                        "pkt_orig":[true],"pkt_len":[60],"pkt_data":["RQAAPA=="],\
                        "dns_query":"-","http_host":"[::1]:80","hello_groups":"-"}
                        """));
    }

    /** Lines of the {@code serveflow} log without their ends, one a seed. */
    static Stream<Named<byte[]>> zeekLines() {
        return Stream.concat(
                lines(zeekJson()).filter(line -> line.length() < 2_000).map(FuzzSeeds::seed),
                Stream.of(seed("{\"_path\":\"x\",\"n\":-1.5e3,\"t\":true,\"u\":null,\"ts\":1.5}")));
    }

    static Stream<Named<byte[]>> zeekTsv() {
        return Stream.of(
                seed(
                        "two rows and a torn one",
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
                        1484319032.865799	C8	10.0.0.5	51514	203.0.113.9	443	tcp	-	first	-	\
                        0.000000	T	60	RQAAPA==
                        1484319032.865799	C\\x38	10.0.0.5	51514	203.0.113.9	443	tcp	-	context	timeout	\
                        0.000000,0.002443	T,F	60,52	RQAAPA==,(empty)
                        #close	2026-11-22-10-56-00
                        1484319033.5	C9	10.0.0.5	51514	203.0.113.9	443	udp	-	first	depth	0.0	T	4	RQAA\
                        """),
                seed(
                        "a hello",
                        """
                        #separator |
                        #set_separator|,
                        #fields|ts|uid|id.orig_h|id.orig_p|id.resp_h|id.resp_p|proto|stage|pkt_dt|\
                        pkt_orig|pkt_len|pkt_data|server_name|ech|hello_ciphers|hello_protocols
                        1.5|C|::1|8|::2|443|tcp|first|0|T|60|RQ==|a\\xe4.example|T|4865,2570|(empty)
                        """),
                seed(
                        "other separators",
                        "#separator |\n#set_separator|;\n#fields|ts|uid|x|proto\n1.5|C|y\\|udp\n"));
    }

    static Stream<Named<byte[]>> eve() {
        return Stream.of(
                seed("ntp", firstLines("eve/ntp.eve.json.gz", 3)),
                seed("http", firstLines("eve/http.eve.json.gz", 3)),
                seed(
                        "other events",
                        """
                        {"event_type":"stats","a":[{}]}
                        {"pkt_src":"stream (flow timeout)","event_type":"alert"}
                        {"alert":{"signature_id":2},"event_type":"alert"}
                        """),
                seed(
                        "events about the protocol of a flow",
                        """
                        {"event_type":"tls","flow_id":1,"tls":{"sni":"a.example","ja3":{}}}
                        """
                                + line("eve/https.eve.json.gz")
                                + """

                                {"event_type":"tls","flow_id":588492014963173,"tls":{"sni":"a.example",\
                                "version":"TLS 1.3","client_alpns":["h2"],"server_alpns":["h2"],\
                                "ja3":{"hash":"0","string":"771,4866-255,0-43-65037,29-23,0-1-2"},\
                                "client_handshake":{"ciphers":[4865],"exts":[0,16]}}}
                                {"event_type":"quic","flow_id":588492014963173,"quic":{"version":"v2",\
                                "sni":"b.example","extensions":[{"name":"alpn","type":16,"values":["h3"]}]}}
                                {"event_type":"dns","flow_id":588492014963173,"dns":{"version":3,\
                                "type":"request","queries":[{"rrname":"c.example","rrtype":"A"}]}}
                                {"event_type":"http","flow_id":588492014963173,"http":{"hostname":"d:80"}}
                                {"event_type":"ssh","flow_id":588492014963173,"ssh":{"client":{}}}
                                """),
                seed(
                        "shipped twice",
                        (line("eve/ntp.eve.json.gz") + "\n").repeat(2)
                                + line("eve/ntp.eve.json.gz")
                                        .replace("\"serveflow\":1", "\"serveflow\":\"70\"")
                                + "\n"));
    }

    static Stream<Named<byte[]>> eveFlow() {
        return Stream.of(
                seed(
                        "TLS and its flow",
                        """
                        {"timestamp":"2026-11-22T21:25:08.625467+0000","flow_id":1278987280626041,\
                        "event_type":"tls","src_ip":"10.0.0.5","src_port":51514,"dest_ip":"203.0.113.9",\
                        "dest_port":443,"proto":"TCP","tls":{"sni":"x","version":"TLS 1.3",\
                        "ja3":{"hash":"e7d705a3286e19ea42f587b344ee6865","string":"771,4865"},\
                        "ja4":"t13d1516h2_8daaf6152771_b186095e22b6"}}
                        {"timestamp":"2026-11-22T21:26:08.6+0000","flow_id":1278987280626041,\
                        "event_type":"flow","src_ip":"10.0.0.5","src_port":51514,"dest_ip":"203.0.113.9",\
                        "dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":9,\
                        "pkts_toclient":8,"bytes_toserver":900,"bytes_toclient":3400,\
                        "start":"2026-11-22T21:25:08.5+0000","end":"2026-11-22T21:25:09.5+0000","age":1,\
                        "state":"closed","reason":"timeout","alerted":false},\
                        "community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","tcp":{"syn":true}}
                        """),
                seed(
                        "ICMP, QUIC, large numbers",
                        """
                        {"flow_id":2,"event_type":"flow","src_ip":"fe80::1","dest_ip":"ff02::16",\
                        "proto":"IPv6-ICMP","icmp_type":143,"icmp_code":0,"flow":{\
                        "pkts_toserver":999999999999999999,"bytes_toserver":999999999999999999,\
                        "pkts_toclient":111111111111111111,"bytes_toclient":1,\
                        "start":"2026-11-22T21:25:08.5+0000","end":"1970-01-01T00:00:00.0Z"}}
                        {"flow_id":3,"event_type":"quic","quic":{"version":"1","ja4":"q13d0310h3"}}
                        {"flow_id":3,"event_type":"flow","src_ip":"::1","dest_ip":"::2","proto":"GRE",\
                        "flow":{"start":"2026-11-22T21:25:08.5+0000"}}
                        """),
                seed(
                        "nulls and numbers of shippers",
                        """
                        {"flow_id":4.0,"event_type":"quic","quic":{"version":null,"ja3":{"hash":null},"ja4":null}}
                        {"flow_id":"4","event_type":"flow","src_ip":"10.0.0.5","src_port":"51514",\
                        "dest_ip":"10.0.0.6","dest_port":4.43e2,"proto":"UDP","app_proto":null,\
                        "community_id":null,"flow":{"pkts_toserver":-1,"bytes_toserver":NaN,\
                        "start":"2026-11-22T21:25:08.5+0000","end":"2026-11-22T21:25:07.5+0000","state":null}}
                        """));
    }

    static Stream<Named<byte[]>> connJson() {
        return Stream.of(
                seed(
                        "of Zeek",
                        """
                        {"ts":1484319032.865799,"uid":"C8","id.orig_h":"10.0.0.5","id.orig_p":51514,\
                        "id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp","service":"ssl","duration":0.5,\
                        "orig_bytes":517,"resp_bytes":3000,"conn_state":"SF","local_orig":true,"missed_bytes":0,\
                        "history":"ShADadFf","orig_pkts":9,"orig_ip_bytes":900,"resp_pkts":8,\
                        "resp_ip_bytes":3400,"tunnel_parents":["C1"],"ip_proto":6}
                        {"ts":"2017-01-13T14:50:32.8Z","uid":"C9","id.orig_h":"fe80::1","id.orig_p":143,\
                        "id.resp_h":"ff02::16","id.resp_p":0,"proto":"icmp","conn_state":"OTH",\
                        "community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","observer":"x"}
                        {"ts":1,"uid":"C0","id.orig_h":"::1","id.resp_h":"::2","proto":"unknown_transport"}
                        """),
                seed(
                        "as shippers make it",
                        """
                        {"id":{"orig_h":"10.0.0.5","orig_p":"51514","resp_h":"10.0.0.6","resp_p":443.0},\
                        "ts":"1.5","uid":"C8","proto":"tcp","service":"-","duration":-1.3e-05,\
                        "orig_bytes":NaN,"resp_bytes":"(empty)","orig_pkts":1e1,"conn_state":"SF"}
                        {"_path":"conn_long","ts":1.5,"uid":"C8","id_orig_h":"10.0.0.5","id_orig_p":1,\
                        "id_resp_h":"10.0.0.6","id_resp_p":2,"proto":"udp","conn_state":"S1"}
                        """),
                seed(
                        "joined with TLS",
                        """
                        {"ts":1.5,"uid":"C8","id.orig_h":"10.0.0.5","id.orig_p":1,"id.resp_h":"10.0.0.6",\
                        "id.resp_p":443,"proto":"tcp","conn_state":"SF","tls_version":"TLSv13",\
                        "ja3":"e7d705a3286e19ea42f587b344ee6865","ja4":"t13d1516h2_8daaf6152771_b186095e22b6"}
                        """));
    }

    static Stream<Named<byte[]>> connTsv() {
        return Stream.of(
                seed(
                        "two rows and a torn one",
                        """
                        #separator \\x09
                        #set_separator	,
                        #empty_field	(empty)
                        #unset_field	-
                        #path	conn
                        #fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	service	duration	\
                        orig_bytes	resp_bytes	conn_state	local_orig	history	orig_pkts	orig_ip_bytes	\
                        resp_pkts	resp_ip_bytes	tunnel_parents
                        1484319032.865799	C8	10.0.0.5	51514	203.0.113.9	443	tcp	ssl	0.5	517	3000	SF	T	\
                        ShADadFf	9	900	8	3400	(empty)
                        1484319033.5	C9	10.0.0.5	8	203.0.113.9	0	icmp	-	-	-	-	OTH	-	-	1	84	0	0	-
                        #close	2026-11-22-10-56-00
                        1484319034.5	C7	10.0.0.5	5353	203.0.113.9	53	udp	dns	0.1	40	80	SF	T	\
                        Dd	1	68	1	108	C1\
                        """));
    }

    static Stream<Named<byte[]>> ndpid() {
        final byte[] frame = concat(new byte[12], bytes(0x08, 0x00), tunnels()[0]);
        final String packet =
                """
                {"alias":"lab","source":"eth0","thread_id":0,"packet_id":3,"flow_id":1,\
                "flow_packet_id":1,"pkt_caplen":%d,"pkt_type":2048,"pkt_l3_offset":14,"pkt_len":%d,\
                "thread_ts_usec":1484319032865799,"pkt":"%s","packet_event_id":2,\
                "packet_event_name":"packet-flow"}\
                """
                        .formatted(frame.length, frame.length, base64(frame));
        return Stream.of(
                seed("with its length", "%05d%s\n".formatted(packet.length(), packet)),
                seed(
                        "older, oversize, end",
                        """
                        {"source":"eth0","flow_id":2,"pkt_ts_sec":1484319032,"pkt_ts_usec":5,\
                        "pkt_datalink":101,"pkt":"%s","packet_event_name":"packet-flow"}
                        {"flow_id":2,"thread_ts_msec":1484319032865,"pkt_oversize":true,\
                        "packet_event_name":"packet-flow"}
                        {"flow_id":2,"flow_event_name":"end"}
                        {"daemon_event_name":"init"}
                        """
                                .formatted(base64(tunnels()[2]))));
    }

    static Stream<Named<byte[]>> securityOnion() {
        return Stream.of(
                seed(
                        "of conn.log",
                        shipped("zeek.conn", lines(connJson()).findFirst().orElseThrow())),
                seed("of EVE", shipped("suricata.common", line("eve/ntp.eve.json.gz"))),
                seed("of another log", shipped("zeek.dns", "{\"ts\":1.5,\"uid\":\"C\"}")),
                seed("of a log that goes on", shipped("zeek.conn_long", connLine())),
                seed(
                        "of Docker, one of them cut",
                        """
                        {"log":%s,"stream":"stdout","time":"2026-11-22T10:55:00Z"}
                        {"log":"{\\"ts\\":1.","stream":"stdout","time":"2026-11-22T10:55:00Z"}
                        """
                                .formatted(quoted(connLine()).replaceAll("\"$", "\\\\n\""))),
                seed(
                        "of Vector around Docker",
                        """
                        \ufeff{"file":"/logs/conn.1.log","host":"h","message":%s,"source_type":"file"}
                        """
                                .formatted(quoted("{\"log\":" + connLine() + ",\"date\":1.5}"))),
                seed(
                        "of Logstash",
                        """
                        {"event":{"original":%s},"@version":"1","message":"x","stage":"prod"}
                        """
                                .formatted(quoted(connLine()))),
                seed(
                        "of the serveflow log, by its file",
                        """
                        {"@timestamp":"2026-11-22T10:55:00.000Z","host":"h","agent":{"name":"a"},\
                        "log":{"file":{"path":"/nsm/zeek/logs/current/serveflow.log"},"offset":9},\
                        "message":%s}
                        """
                                .formatted(quoted(line("records/ntp.log")))));
    }

    static Stream<Named<byte[]>> zeekKafka() {
        return Stream.of(
                seed("conn", tagged("conn", lines(connJson()).findFirst().orElseThrow())),
                seed("serveflow", tagged("serveflow", line("records/ntp.log"))),
                seed("of another log", tagged("dns", "{\"ts\":1.5,\"uid\":\"C\"}")));
    }

    /** Lines of several sensors, torn ones that run into others, and one of nobody. */
    static Stream<Named<byte[]>> mixed() {
        return Stream.of(
                seed(
                        "one of each",
                        Stream.of(zeekJson(), eve(), connJson(), ndpid(), securityOnion())
                                .flatMap(FuzzSeeds::lines)
                                .filter(line -> line.length() < 600)
                                .collect(Collectors.joining("\n", "", "\n{\"a\":1}\n"))),
                seed(
                        "torn",
                        line("eve/ntp.eve.json.gz").substring(0, 100)
                                + line("eve/ntp.eve.json.gz")
                                + "\n{\"ts\":1."
                                + line("records/ntp.log")
                                + "\n"),
                seed(
                        "rows of two logs",
                        Stream.concat(lines(zeekTsv()), lines(connTsv()))
                                .collect(Collectors.joining("\n"))));
    }

    private static String connLine() {
        return lines(connJson()).findFirst().orElseThrow();
    }

    private static String shipped(final String pipeline, final String line) {
        return """
        {"@timestamp":"2026-11-22T10:55:00.000Z","@metadata":{"beat":"filebeat","pipeline":"%s"},\
        "observer":{"name":"so-sensor"},"tags":["x"],"message":%s}
        """
                .formatted(pipeline, quoted(line));
    }

    private static String tagged(final String log, final String line) {
        return "{\"" + log + "\": " + line + "}\n";
    }

    private static String quoted(final String line) {
        return '"' + line.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String line(final String log) {
        return new String(firstLines(log, 1), StandardCharsets.UTF_8).strip();
    }

    private static Stream<String> lines(final Stream<Named<byte[]>> seeds) {
        return seeds.flatMap(seed -> new String(seed.getPayload(), StandardCharsets.UTF_8).lines());
    }

    private static String base64(final byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static Stream<Named<byte[]>> gzip() {
        return Stream.of(
                seed("eve", Gzip.packed(firstLines("eve/ntp.eve.json.gz", 2))),
                seed("zeek", Gzip.packed(firstLines("records/ntp.log", 2))),
                seed("pcap", Gzip.packed(firstPackets("dns.pcap", 4))),
                seed("two members", concat(Gzip.packed(bytes('{', '}')), Gzip.packed(DATA))),
                seed("text", DATA));
    }

    private static byte[] pcap(final ByteOrder order, final int magic) {
        final CaptureBuilder capture = CaptureBuilder.pcap(order, magic, RAW);
        for (final byte[] tunnel : tunnels()) {
            capture.packet(START, tunnel);
        }
        return capture.bytes();
    }

    private static byte[] pcapng(final ByteOrder order) {
        final CaptureBuilder capture = CaptureBuilder.pcapng(order);
        return capture.describeInterface(
                        RAW, 0, concat(capture.resolution(9), capture.timeOffset(5)))
                .describeInterface(1, 64, capture.resolution(0x94))
                .enhancedPacket(0, START * 1_000, tunnels()[0])
                .obsoletePacket(0, START * 1_000, tunnels()[1])
                .simplePacket(tunnels()[2], 100)
                .enhancedPacket(1, START, concat(new byte[12], bytes(0x08, 0x00), tunnels()[0]))
                .block(0xbad, ByteBuffer.allocate(8))
                .bytes();
    }

    /** Packets with another inside: IPv6 in IPv4, GTP-U, and IPv6 with extension headers. */
    private static byte[][] tunnels() {
        final byte[] inner = ipv4(TestPackets.TCP, "10.0.0.1", "10.0.0.2", tcp(5, 80, 2, DATA));
        final byte[] gtp = concat(bytes(0x30, 0xff, 0, inner.length, 0, 0, 0, 1), inner);
        final byte[] extended = extension(TestPackets.UDP, 0, new byte[6], udp(5, 53, DATA));
        return new byte[][] {
            ipv4(
                    41,
                    "10.1.0.1",
                    "10.1.0.2",
                    ipv6(TestPackets.TCP, "::1", "::2", tcp(5, 6, 1, DATA))),
            ipv4(TestPackets.UDP, "10.1.0.1", "10.1.0.2", udp(2152, 2152, gtp)),
            ipv6(0, "fd00::1", "fd00::2", extended),
        };
    }

    private static Named<byte[]> frame(final int linkType, final byte[]... parts) {
        return seed("link type " + linkType, concat(bytes(linkType >> 8, linkType), concat(parts)));
    }

    /** A capture up to and with so many packets, each cut to 96 bytes. */
    private static byte[] firstPackets(final String capture, final int packets) {
        try (InputStream in = Files.newInputStream(SAMPLES.resolve("captures").resolve(capture))) {
            byte[] cut = in.readNBytes(24);
            for (int i = 0; i < packets; i++) {
                final ByteBuffer header =
                        ByteBuffer.wrap(in.readNBytes(16)).order(ByteOrder.LITTLE_ENDIAN);
                final byte[] frame = in.readNBytes(header.getInt(8));
                final int kept = Math.min(96, frame.length);
                header.putInt(8, kept);
                cut = concat(cut, header.array(), Arrays.copyOf(frame, kept));
            }
            return cut;
        } catch (final IOException e) {
            throw new UncheckedIOException("the samples are part of the sources", e);
        }
    }

    private static byte[] firstLines(final String log, final int lines) {
        final Path file = SAMPLES.resolve(log);
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = log.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .limit(lines)
                    .collect(Collectors.joining("\n", "", "\n"))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException("the samples are part of the sources", e);
        }
    }

    private static Named<byte[]> seed(final String text) {
        return seed(text, text);
    }

    private static Named<byte[]> seed(final String name, final String text) {
        return seed(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Named<byte[]> seed(final String name, final byte[] bytes) {
        return Named.of(name, bytes);
    }
}
