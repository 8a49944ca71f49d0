/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.IpAddress;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.AllRecords;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Zeek package as far as it can be held to this project without a Zeek. */
class ZeekPackageTest {

    private static final Path PACKAGE = ProjectFiles.path("zeek-scripts");
    private static final Path TESTING = PACKAGE.resolve("testing");
    private static final int TEREDO = 3_544;
    private static final FlowAssembler.Options OPTIONS =
            FlowAssembler.Options.defaults("zeek").withHelloSnap(0);

    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("tests")
    void shouldExpectTheRecordsThatTheCaptureMakes(final String test) throws IOException {
        final List<FlowRecord> expected =
                AllRecords.of(
                        SensorInput.open(
                                TESTING.resolve("Traces").resolve(trace(test)),
                                SensorFormats.installed().only("pcap"),
                                options(test),
                                new Ledger(),
                                deadLetters::add));
        final List<FlowRecord> baseline =
                AllRecords.of(
                        SensorInput.open(
                                baseline(test),
                                SensorFormats.installed().only("zeek"),
                                FlowAssembler.Options.defaults("zeek").withHelloSnap(0),
                                new Ledger(),
                                deadLetters::add));
        assertThat(deadLetters).isEmpty();
        assertThat(baseline).isNotEmpty();
        assertThat(anonymous(withoutTunnels(baseline)))
                .isEqualTo(anonymous(asZeekHasThem(expected, test)));
    }

    @ParameterizedTest
    @MethodSource("tests")
    void shouldExpectOneUidForBothLinesOfAFlow(final String test) throws IOException {
        final List<FlowRecord> baseline =
                AllRecords.of(
                        SensorInput.open(
                                baseline(test),
                                SensorFormats.installed().only("zeek"),
                                FlowAssembler.Options.defaults("zeek").withHelloSnap(0),
                                new Ledger(),
                                deadLetters::add));
        assertThat(uids(baseline, FlowRecord.Stage.CONTEXT))
                .doesNotHaveDuplicates()
                .isEqualTo(uids(baseline, FlowRecord.Stage.FIRST));
    }

    @Test
    void shouldHaveACaptureAndABaselineForEveryTest() throws IOException {
        final Set<String> traces = new TreeSet<>();
        for (final String test : tests().toList()) {
            traces.add(trace(test).replace(".pcap", ""));
        }
        assertThat(names(TESTING.resolve("Traces"))).containsExactlyElementsOf(traces);
        assertThat(names(TESTING.resolve("Baseline")))
                .isEqualTo(tests().map(test -> "tests." + test).toList());
    }

    /** The columns as a Zeek 8.0.9 wrote them of the same record type. */
    @Test
    void shouldLogTheColumnsOfTheSensorRecord() throws IOException {
        assertThat(matches("(?m)^\t\t(\\w+: [\\w ]+) &log;$"))
                .containsExactly(
                        "ts: time",
                        "uid: string",
                        "id: conn_id",
                        "proto: transport_proto",
                        "community_id: string",
                        "stage: string",
                        "reason: string",
                        "pkt_dt: vector of interval",
                        "pkt_orig: vector of bool",
                        "pkt_len: vector of count",
                        "pkt_data: vector of string");
    }

    /** In the order in which they are read without a JSON parser. */
    @Test
    void shouldLogWhatIsSaidInTheOrderOfTheFields() throws IOException {
        assertThat(matches("(?m)^\t\t(\\w+): [\\w ]+ &log &optional;$"))
                .containsExactlyElementsOf(
                        Arrays.stream(ZeekField.values())
                                .filter(ZeekField::ofHandshake)
                                .filter(field -> field != ZeekField.HELLO_GREASE)
                                .map(ZeekField::key)
                                .toList());
    }

    @Test
    void shouldExpectWhatConnectionsSayAsTheyBegin() throws IOException {
        final List<Handshake> said = said("beginnings");
        assertThat(said)
                .extracting(Handshake::protocol, Handshake::name)
                .containsExactlyInAnyOrder(
                        tuple(Handshake.Protocol.TLS, "www.example.org"),
                        tuple(Handshake.Protocol.HTTP, "www.example.org"),
                        tuple(Handshake.Protocol.SSH, ""),
                        tuple(Handshake.Protocol.DNS, "www.example.org"));
        assertThat(said("silent")).isEmpty();
        final Handshake quic = said("quic").get(0);
        assertThat(quic)
                .isEqualTo(
                        new Handshake(
                                Handshake.Protocol.QUIC,
                                "www.example.org",
                                true,
                                "",
                                Optional.of(
                                        new ClientHello(
                                                348,
                                                true,
                                                1,
                                                List.of(0x0304, 0x0303),
                                                List.of(0x1301, 0x1302, 0x1303),
                                                List.of(57, 43, 10, 65_037, 16, 0),
                                                List.of(0x11ec, 29, 23),
                                                List.of("h3"),
                                                List.of(1L, 4L, 15L),
                                                true))));
    }

    /** What may be missing in a Zeek is asked for. */
    @Test
    void shouldLoadWithoutTheAnalyzersThatItListensTo() throws IOException {
        final String script = Files.readString(PACKAGE.resolve("scripts/main.zeek"));
        for (final String event :
                List.of(
                        "ssl_client_hello",
                        "QUIC::initial_packet",
                        "http_header",
                        "dns_request",
                        "ssh_client_version")) {
            assertThat(script).contains("@ifdef ( " + event + " )\n");
        }
        assertThat(script.split("@ifdef", -1)).hasSameSizeAs(script.split("@endif", -1));
    }

    private List<Handshake> said(final String test) throws IOException {
        return AllRecords.of(
                        SensorInput.open(
                                baseline(test),
                                SensorFormats.installed().only("zeek"),
                                FlowAssembler.Options.defaults("zeek").withHelloSnap(0),
                                new Ledger(),
                                deadLetters::add))
                .stream()
                .flatMap(record -> record.handshake().stream())
                .toList();
    }

    /** ICMP packets of a capture make no flows. */
    @Test
    void shouldTakeTheProtocolsThatACaptureHasFlowsOf() throws IOException {
        assertThat(matches("(?m)^\toption protocols: (.*);$"))
                .containsExactly("set[transport_proto] = { tcp, udp }");
    }

    /** Names and form of the lines are what the reader knows, however other logs are configured. */
    @Test
    void shouldNotTakeTheDefaultsOfOtherLogs() throws IOException {
        final String script = Files.readString(PACKAGE.resolve("scripts/main.zeek"));
        assertThat(script)
                .contains("[\"gzip_level\"] = \"0\"")
                .contains("filter$scope_sep = \".\";")
                .contains("filter$field_name_map = table();");
        for (final String limit :
                List.of(
                        "max_field_string_bytes",
                        "max_total_string_bytes",
                        "max_field_container_elements",
                        "max_total_container_elements")) {
            assertThat(script).contains("$" + limit + "=0");
        }
    }

    @Test
    void shouldKeepWhatTheAssemblerKeepsByDefault() throws IOException {
        assertThat(matches("(?m)^\toption ((?:depth|snap|wait): .*);$"))
                .containsExactly(
                        "depth: count = " + OPTIONS.depth(),
                        "snap: count = " + OPTIONS.snap(),
                        "wait: interval = " + OPTIONS.waitMicros() / 1_000_000 + "sec");
    }

    @Test
    void shouldHandleNoEventOfEveryPacket() throws IOException {
        assertThat(matches("(?m)^event (\\w+)"))
                .contains("conn_generic_packet_threshold_crossed", "conn_packets_threshold_crossed")
                .doesNotContain("new_packet", "raw_packet", "packet_contents", "tcp_packet");
    }

    @Test
    void shouldNameFilesThatExistInZkgMeta() throws IOException {
        final String meta = Files.readString(PACKAGE.resolve("zkg.meta"));
        final Path scripts = PACKAGE.resolve(find("(?m)^script_dir = (.+)$", meta));
        assertThat(scripts.resolve("__load__.zeek")).isRegularFile();
        assertThat(loads(scripts.resolve("__load__.zeek"))).isNotEmpty().allMatch(Files::exists);
        final String command = find("(?m)^test_command = (.+)$", meta);
        final Path folder = PACKAGE.resolve(find("^cd (\\S+) ", command));
        assertThat(folder.resolve(find("btest -c (\\S+)", command))).isRegularFile();
    }

    static Stream<String> tests() throws IOException {
        return names(TESTING.resolve("tests")).stream();
    }

    private static String script(final String test) throws IOException {
        return Files.readString(TESTING.resolve("tests").resolve(test + ".zeek"));
    }

    /** The capture that a test reads, which may be that of another. */
    private static String trace(final String test) throws IOException {
        return find("\\$TRACES/(\\S+)", script(test));
    }

    /** What a test sets. */
    private static FlowAssembler.Options options(final String test) throws IOException {
        return OPTIONS.withDepth(setting(test, "depth", OPTIONS.depth()))
                .withSnap(setting(test, "snap", OPTIONS.snap()));
    }

    private static int setting(final String test, final String option, final int otherwise)
            throws IOException {
        return Pattern.compile("(?m)^redef ServeFlow::" + option + " = (\\d+);$")
                .matcher(script(test))
                .results()
                .map(match -> Integer.parseInt(match.group(1)))
                .findFirst()
                .orElse(otherwise);
    }

    /** The connection that carries Teredo is one for Zeek; here there is only what is in it. */
    private static List<FlowRecord> withoutTunnels(final List<FlowRecord> records) {
        return records.stream().filter(r -> r.tuple().responderPort() != TEREDO).toList();
    }

    /** Zeek holds the IPv4-mapped addresses of IPv6 as IPv4; the reader of captures does not. */
    private static List<FlowRecord> asZeekHasThem(
            final List<FlowRecord> records, final String test) {
        return test.equals("ipv4-mapped")
                ? records.stream().map(ZeekPackageTest::unmapped).toList()
                : records;
    }

    private static FlowRecord unmapped(final FlowRecord record) {
        final FlowTuple mapped = record.tuple();
        final FlowTuple tuple =
                new FlowTuple(
                        mapped.transport(),
                        unmapped(mapped.originator()),
                        mapped.originatorPort(),
                        unmapped(mapped.responder()),
                        mapped.responderPort());
        return new FlowRecord(
                record.id(),
                tuple,
                CommunityId.v1(tuple),
                record.startMicros(),
                record.stage(),
                record.end(),
                record.packets(),
                0);
    }

    private static String unmapped(final String address) {
        final byte[] bytes = IpAddress.parse(address);
        return IpAddress.format(bytes, bytes.length - 4, 4);
    }

    private static Path baseline(final String test) {
        return TESTING.resolve("Baseline").resolve("tests." + test).resolve("serveflow.log");
    }

    /** What is in a folder, in order, without the endings of the names. */
    private static List<String> names(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(
                            file ->
                                    file.getFileName()
                                            .toString()
                                            .replaceFirst("\\.(pcap|zeek)$", ""))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> loads(final Path script) throws IOException {
        return Pattern.compile("(?m)^@load \\./(\\S+)$")
                .matcher(Files.readString(script))
                .results()
                .map(load -> script.resolveSibling(load.group(1) + ".zeek"))
                .toList();
    }

    private static List<String> matches(final String regex) throws IOException {
        return Pattern.compile(regex)
                .matcher(Files.readString(PACKAGE.resolve("scripts/main.zeek")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String find(final String regex, final String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map((final MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> uids(final List<FlowRecord> records, final FlowRecord.Stage stage) {
        return records.stream()
                .filter(record -> record.stage() == stage)
                .map(record -> record.id().uid())
                .toList();
    }

    /** Zeek's uids are its own. */
    private static List<FlowRecord> anonymous(final List<FlowRecord> records) {
        return records.stream()
                .map(
                        record ->
                                new FlowRecord(
                                        new FlowId(record.id().observer(), "C"),
                                        record.tuple(),
                                        record.communityId(),
                                        record.startMicros(),
                                        record.stage(),
                                        record.end(),
                                        record.packets(),
                                        0))
                .sorted(
                        Comparator.comparingLong(FlowRecord::startMicros)
                                .thenComparing(FlowRecord::communityId)
                                .thenComparing(FlowRecord::stage))
                .toList();
    }
}
