/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Zeek package as far as it can be held to this project without a Zeek. */
class ZeekPackageTest {

    private static final Path PACKAGE =
            Path.of(System.getProperty("serveflow.root"), "zeek-scripts");
    private static final Path TESTING = PACKAGE.resolve("testing");
    private static final FlowAssembler.Options OPTIONS = FlowAssembler.Options.defaults("zeek");

    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("tests")
    void shouldExpectTheRecordsThatTheCaptureMakes(final String test) throws IOException {
        final Path capture = TESTING.resolve("Traces").resolve(test + ".pcap");
        final List<FlowRecord> expected =
                read(new PcapSource(capture, OPTIONS, new Ledger(), deadLetters::add));
        final List<FlowRecord> baseline =
                read(new ZeekRecordSource(baseline(test), "zeek", new Ledger(), deadLetters::add));
        assertThat(deadLetters).isEmpty();
        assertThat(baseline).isNotEmpty();
        assertThat(anonymous(baseline)).isEqualTo(anonymous(expected));
    }

    @ParameterizedTest
    @MethodSource("tests")
    void shouldExpectOneUidForBothLinesOfAFlow(final String test) throws IOException {
        final List<FlowRecord> baseline =
                read(new ZeekRecordSource(baseline(test), "zeek", new Ledger(), deadLetters::add));
        assertThat(uids(baseline, FlowRecord.Stage.CONTEXT))
                .doesNotHaveDuplicates()
                .isEqualTo(uids(baseline, FlowRecord.Stage.FIRST));
    }

    @Test
    void shouldHaveACaptureAndABaselineForEveryTest() throws IOException {
        assertThat(names(TESTING.resolve("Traces"))).isEqualTo(tests().toList());
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

    private static List<FlowRecord> read(final FlowRecordSource source) throws IOException {
        try (source) {
            final List<FlowRecord> records = new ArrayList<>();
            for (Optional<FlowRecord> next = source.next();
                    next.isPresent();
                    next = source.next()) {
                records.add(next.get());
            }
            return records;
        }
    }
}
