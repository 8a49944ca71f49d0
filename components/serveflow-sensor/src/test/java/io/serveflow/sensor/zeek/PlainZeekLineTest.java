/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainZeekLineTest {

    private static final String FIRST =
            """
            {"ts":1484319032.865799,"uid":"C8cFq12jP","id.orig_h":"10.0.0.5","id.orig_p":51514,\
            "id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp",\
            "community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","stage":"first","reason":"depth",\
            "pkt_dt":[0.0],"pkt_orig":[true],"pkt_len":[60],"pkt_data":["RQAAPA=="]}\
            """;

    private static final String CONTEXT =
            """
            {"ts":1484319032.86,"uid":"C8cFq12jP","id.orig_h":"2001:db8::5","id.orig_p":5,\
            "id.resp_h":"2001:db8:1111:2222:3333:4444:5555:6666","id.resp_p":0,"proto":"udp",\
            "community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","stage":"context",\
            "reason":"timeout","pkt_dt":[0.0,9.5367431640625e-07,0.0024428367614746094,-12.5,3],\
            "pkt_orig":[true,false,false,true,true],"pkt_len":[60,52,65535,0,7],\
            "pkt_data":["YAAAAAAU","YAAA","YAAAAAA=","","RQAAPDEyMw=="]}\
            """;

    private static final String SAYING =
            CONTEXT.replace(
                    "]}",
                    """
                    ],"app_proto":"quic","server_name":"www.example.org","next_protocol":"h3",\
                    "ech":true,"quic_version":1798521807,"hello_length":1734,\
                    "hello_complete":true,"hello_versions":[19018,772,771],\
                    "hello_ciphers":[4865,4866,4867],"hello_extensions":[0,16,43,51,57,65037],\
                    "hello_groups":[4588,29,23],"hello_protocols":["h3","h3-29"],\
                    "hello_parameters":[1,3,4278509083],"hello_grease":false,"x":1}\
                    """);

    /** What may stand where it makes a difference. */
    private static final List<String> PIECES =
            List.of(
                    "\"",
                    "\\",
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    " ",
                    "\t",
                    "\u0000",
                    "\u007f",
                    "é",
                    "-",
                    "+",
                    ".",
                    "e",
                    "E",
                    "0",
                    "1",
                    "9",
                    "=",
                    "/",
                    "A",
                    "t",
                    "true",
                    "false",
                    "null",
                    "00",
                    "1e5",
                    "E-7",
                    "-0",
                    "0.5",
                    "99999999",
                    "12345678901",
                    "\"\"",
                    "\"ts\":1,",
                    "\"x\":1,",
                    "\"x\":\"y\",",
                    "\"x\":{},",
                    "\"x\":null,",
                    "\"uid\":\"D\",",
                    "\"observer\":\"o\",",
                    "\"ech\":false,",
                    "\"hello_ciphers\":[1],",
                    "\"hello_extensions\":[],",
                    "\"http_host\":\"o:80\",",
                    "\"-\"",
                    "\"(empty)\"",
                    "[]",
                    "2570",
                    "\"stage\":\"first\",",
                    "\\u0041",
                    "==",
                    "AAAA",
                    "\"2017-01-13T14:50:32.865799Z\"",
                    "256",
                    "65536",
                    "/",
                    "\r");

    private final PlainZeekLine plain = new PlainZeekLine();

    /** A change of a line. */
    record Change(Kind kind, double where, int length, String piece) {

        enum Kind {
            PUT_IN,
            PUT_OVER,
            TAKE_OUT,
            CUT
        }

        String of(final String line) {
            final int at = (int) (where * line.length());
            final int behind = Math.min(line.length(), at + length);
            return switch (kind) {
                case PUT_IN -> line.substring(0, at) + piece + line.substring(at);
                case PUT_OVER -> line.substring(0, at) + piece + line.substring(behind);
                case TAKE_OUT -> line.substring(0, at) + line.substring(behind);
                case CUT -> line.substring(0, at);
            };
        }
    }

    /** What a way of reading made of a line: a record, or the sentence that says why not. */
    private record Result(FlowRecord record, String sentence) {}

    @ParameterizedTest
    @MethodSource("plainLines")
    void shouldReadALineOfZeekAsTheParserDoes(final String line) {
        assertThat(read(line)).isEqualTo(PlainZeekLine.Outcome.READ);
        assertSame(line);
    }

    static List<String> plainLines() {
        return List.of(
                FIRST,
                CONTEXT,
                SAYING,
                SAYING.replaceAll("\\[[0-9,]*\\],\"hello_p", "[],\"hello_p"),
                CONTEXT.replace("]}", "],\"app_proto\":\"dns\",\"dns_query\":\"Example.ORG.\"}"),
                FIRST.replace("]}", "],\"ech\":false,\"observer\":\"dmz\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"app_proto\":\"-\",\"hello_groups\":\"-\",\"ech\":\"-\"",
                "\"server_name\":null,\"hello_protocols\":null",
                "\"quic_version\":\"(empty)\",\"next_protocol\":\"\""
            })
    void shouldTakeForUnknownWhatAShipperMakesOfUnsetFields(final String members) {
        final String line = FIRST.replace("]}", "]," + members + "}");
        assertThat(byParser(line.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(byParser(FIRST.getBytes(StandardCharsets.UTF_8)));
        assertSame(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"_path\":\"serveflow\",\"ts\"",
                "\"n\":-1.5e3,\"t\":true,\"u\":null,\"ts\"",
            })
    void shouldPassOverMembersThatMeanNothing(final String members) {
        final String line = FIRST.replace("\"ts\"", members);
        assertThat(read(line)).isEqualTo(PlainZeekLine.Outcome.READ);
        assertSame(line);
    }

    @Test
    void shouldReadTheObserver() {
        final String line = FIRST.replace("]}", "],\"observer\":\"dmz\",\"x\":1}");
        assertThat(read(line)).isEqualTo(PlainZeekLine.Outcome.READ);
        assertSame(line);
        assertThat(byParser(line.getBytes(StandardCharsets.UTF_8)).record().id().observer())
                .isEqualTo("dmz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"ts\":1}",
                "",
                "{ \"ts\":1484319032.865799}",
                "{\"uid\":\"C\",\"ts\":1484319032.865799}"
            })
    void shouldLeaveOtherFormsToTheParser(final String line) {
        assertThat(read(line)).isEqualTo(PlainZeekLine.Outcome.NOT_PLAIN);
    }

    @Test
    void shouldReadNothingBehindTheEndOfALine() {
        final byte[] bytes = (FIRST + CONTEXT).getBytes(StandardCharsets.UTF_8);
        for (int end = 0; end < FIRST.length(); end++) {
            assertThat(plain.read(bytes, 0, end, ContextInterest.all(), new ZeekRow()))
                    .isEqualTo(PlainZeekLine.Outcome.NOT_PLAIN);
        }
    }

    @Test
    void shouldReadAContextThatNobodyNeedsOnlyUpToItsStage() {
        final byte[] line =
                CONTEXT.substring(0, CONTEXT.indexOf("\"reason\"") + 3)
                        .getBytes(StandardCharsets.UTF_8);
        final List<String> asked = new ArrayList<>();
        final ContextInterest none =
                uid -> {
                    asked.add(uid);
                    return false;
                };
        assertThat(plain.read(line, 0, line.length, none, new ZeekRow()))
                .isEqualTo(PlainZeekLine.Outcome.UNWANTED);
        assertThat(asked).containsExactly("C8cFq12jP");
    }

    @Test
    void shouldReadAFirstRecordThatNobodyNeedsTheContextOf() {
        final byte[] line = FIRST.getBytes(StandardCharsets.UTF_8);
        assertThat(plain.read(line, 0, line.length, uid -> false, new ZeekRow()))
                .isEqualTo(PlainZeekLine.Outcome.READ);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{ "})
    void shouldCountAContextThatNobodyNeedsAsSuperseded(final String brace)
            throws BadLineException {
        final Ledger ledger = new Ledger();
        final List<FlowRecord> records = new ArrayList<>();
        final ZeekDecoder decoder =
                new ZeekDecoder(
                        new DecoderContext(
                                FlowAssembler.Options.defaults("o"),
                                ledger,
                                uid -> false,
                                () -> 42,
                                new LineBeginnings(List.of()),
                                records::add));
        for (final String line : List.of(FIRST, CONTEXT)) {
            final byte[] bytes = (brace + line.substring(1)).getBytes(StandardCharsets.UTF_8);
            decoder.line(bytes, 0, bytes.length, 0);
        }
        assertThat(records).extracting(FlowRecord::stage).containsExactly(FlowRecord.Stage.FIRST);
        assertThat(ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("zeek", 2L));
        assertThat(ledger.total(Ledger.Entry.SUPERSEDED)).isEqualTo(1);
    }

    @Test
    void shouldReadEveryLineOfTheSamples() throws IOException {
        final List<String> lines = lines(samples(), "");
        assertThat(lines).hasSizeGreaterThan(2_000);
        for (final String line : lines) {
            assertThat(read(line)).isEqualTo(PlainZeekLine.Outcome.READ);
            assertSame(line);
        }
    }

    @Test
    @EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
    void shouldReadEveryLineThatZeekWroteOfRealTraffic() throws IOException {
        final List<String> lines =
                lines(SharedTraffic.folder().resolve("zeek-logs"), "json/serveflow.log");
        assertThat(lines).hasSizeGreaterThan(3_000);
        for (final String line : lines) {
            assertThat(read(line)).isEqualTo(PlainZeekLine.Outcome.READ);
            assertSame(line);
        }
    }

    @Property(tries = 20_000)
    void shouldAgreeWithTheParserOnChangedLines(
            @ForAll @IntRange(max = 2) final int which,
            @ForAll @Size(min = 1, max = 3) final List<@From("changes") Change> changes) {
        String line = List.of(FIRST, CONTEXT, SAYING).get(which);
        for (final Change change : changes) {
            line = change.of(line);
        }
        assertSame(line);
    }

    @Provide
    Arbitrary<Change> changes() {
        return Combinators.combine(
                        Arbitraries.of(Change.Kind.class),
                        Arbitraries.doubles().between(0, 1).withoutEdgeCases(),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.of(PIECES))
                .as(Change::new);
    }

    private PlainZeekLine.Outcome read(final String line) {
        final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return plain.read(bytes, 0, bytes.length, ContextInterest.all(), new ZeekRow());
    }

    /** Either way gives the same, or the plain one leaves it to the parser. */
    private void assertSame(final String line) {
        final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        final ZeekRow row = new ZeekRow();
        if (plain.read(bytes, 0, bytes.length, ContextInterest.all(), row)
                == PlainZeekLine.Outcome.READ) {
            assertThat(record(row)).as(line).isEqualTo(byParser(bytes));
        }
    }

    private static Result byParser(final byte[] line) {
        final ZeekRow row = new ZeekRow();
        try {
            new ZeekJson(new LineBeginnings(List.of())).parse(line, 0, line.length, row);
        } catch (final BadLineException e) {
            return new Result(null, "not parsed: " + e.getMessage());
        }
        return record(row);
    }

    private static Result record(final ZeekRow row) {
        try {
            return new Result(row.record("sensor-1", 0, 42), "");
        } catch (final BadLineException e) {
            return new Result(null, e.getMessage());
        }
    }

    private static Path samples() {
        return ProjectFiles.path("samples/records");
    }

    private static List<String> lines(final Path folder, final String suffix) throws IOException {
        final List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file :
                    files.filter(Files::isRegularFile)
                            .filter(f -> f.toString().endsWith(suffix))
                            .sorted()
                            .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
