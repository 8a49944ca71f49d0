/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.IpHeaders;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class FlowRecordWriterTest {

    private static final FlowRecord RECORD =
            new FlowRecord(
                    new FlowId("sensor-1", "C8cFq12jP"),
                    new FlowTuple(Transport.TCP, "10.0.0.5", 51_514, "203.0.113.9", 443),
                    "1:8YWmJPPJx9qp/IujnWIlcGnkOVI=",
                    1_700_000_000_120_000L,
                    FlowRecord.Stage.CONTEXT,
                    FlowRecord.End.END,
                    new Packets.Builder()
                            .add(0, true, 60, new byte[] {0x45, 0, 0, 0x3c}, 0, 4)
                            .add(-40, false, 52, new byte[0], 0, 0)
                            .add(1_002_500, true, 52, new byte[] {0x45}, 0, 1)
                            .build(),
                    0);

    private static final String LINE =
            "{\"ts\":1700000000.120000,\"uid\":\"C8cFq12jP\",\"id.orig_h\":\"10.0.0.5\","
                    + "\"id.orig_p\":51514,\"id.resp_h\":\"203.0.113.9\",\"id.resp_p\":443,"
                    + "\"proto\":\"tcp\",\"community_id\":\"1:8YWmJPPJx9qp/IujnWIlcGnkOVI=\","
                    + "\"stage\":\"context\",\"reason\":\"end\",\"pkt_dt\":[0.0,-0.00004,1.0025],"
                    + "\"pkt_orig\":[true,false,true],\"pkt_len\":[60,52,52],"
                    + "\"pkt_data\":[\"RQAAPA==\",\"\",\"RQ==\"]}\n";

    @Test
    void shouldWriteTheFieldsInZeeksOrder() throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FlowRecordWriter writer = FlowRecordWriter.to(out)) {
            writer.write(RECORD);
            writer.write(RECORD);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(LINE + LINE);
    }

    @Test
    void shouldAddTheObserverWhenAsked() throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FlowRecordWriter writer = FlowRecordWriter.withObserver(out)) {
            writer.write(RECORD);
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(LINE.replace("]}\n", "],\"observer\":\"sensor-1\"}\n"));
    }

    @Property(tries = 300)
    void shouldWriteWhatTheSourceReadsBack(@ForAll("records") final List<FlowRecord> records)
            throws IOException {
        final Path file = Files.createTempFile("serveflow", ".log");
        try {
            try (FlowRecordWriter writer =
                    FlowRecordWriter.withObserver(Files.newOutputStream(file))) {
                for (final FlowRecord record : records) {
                    writer.write(record);
                }
            }
            assertThat(read(file)).isEqualTo(records);
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<List<FlowRecord>> records() {
        final Arbitrary<String> printable =
                Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(40);
        final Arbitrary<FlowId> ids = Combinators.combine(printable, printable).as(FlowId::new);
        return Combinators.combine(
                        ids,
                        tuples(),
                        printable,
                        Arbitraries.longs().between(0, 253_402_300_799_999_999L),
                        Arbitraries.of(FlowRecord.Stage.FIRST, FlowRecord.Stage.CONTEXT),
                        Arbitraries.of(FlowRecord.End.class),
                        packets(),
                        handshakes().optional())
                .as(
                        (id, tuple, communityId, start, stage, end, packets, handshake) ->
                                new FlowRecord(
                                                id,
                                                tuple,
                                                communityId,
                                                start,
                                                stage,
                                                stage == FlowRecord.Stage.FIRST
                                                        ? FlowRecord.End.DEPTH
                                                        : end,
                                                packets,
                                                42)
                                        .saying(handshake))
                .list()
                .ofMaxSize(4);
    }

    private static Arbitrary<Handshake> handshakes() {
        return Combinators.combine(
                        Arbitraries.of(Handshake.Protocol.class),
                        words(),
                        Arbitraries.of(true, false),
                        words(),
                        hellos().optional())
                .as(Handshake::new);
    }

    private static Arbitrary<ClientHello> hellos() {
        final Arbitrary<List<Integer>> numbers =
                Arbitraries.integers()
                        .between(0, 65_535)
                        .filter(number -> number % 0x1010 != 0x0a0a)
                        .list()
                        .ofMaxSize(5);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1 << 24),
                        Arbitraries.of(true, false),
                        Arbitraries.longs().between(0, 0xffff_ffffL),
                        numbers,
                        numbers,
                        numbers.tuple2(),
                        words().filter(word -> !word.isEmpty()).list().ofMaxSize(3),
                        Arbitraries.longs()
                                .between(0, 999_999_999_999_999_999L)
                                .filter(id -> id % 31 != 27)
                                .list()
                                .ofMaxSize(4))
                .as(
                        (length, complete, quic, versions, ciphers, others, protocols, ids) ->
                                new ClientHello(
                                        length,
                                        complete,
                                        quic,
                                        versions,
                                        ciphers,
                                        others.get1(),
                                        others.get2(),
                                        protocols,
                                        ids,
                                        complete));
    }

    /** Names as they are compared, and no two letters, which may mean nothing. */
    private static Arbitrary<String> words() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('-', '0')
                .ofMaxLength(20)
                .filter(word -> word.length() > 2 || word.isEmpty());
    }

    private static Arbitrary<FlowTuple> tuples() {
        final Arbitrary<Integer> ports = Arbitraries.integers().between(0, 65_535);
        return Arbitraries.of(4, 16)
                .flatMap(
                        length ->
                                Combinators.combine(
                                                Arbitraries.of(Transport.TCP, Transport.UDP),
                                                addresses(length),
                                                ports,
                                                addresses(length),
                                                ports)
                                        .as(FlowTuple::new));
    }

    private static Arbitrary<String> addresses(final int length) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(length)
                .map(bytes -> IpAddress.format(bytes, 0, length));
    }

    private static Arbitrary<Packets> packets() {
        final Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(130);
        return Combinators.combine(
                        Arbitraries.longs().between(-1_000_000, 600_000_000_000L),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 65_535),
                        bytes)
                .as(Tuple::of)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(
                        list -> {
                            final Packets.Builder builder = new Packets.Builder();
                            list.forEach(
                                    p -> {
                                        final byte[] kept = p.get4();
                                        final int length =
                                                IpHeaders.lengthWithoutPadding(
                                                        kept,
                                                        0,
                                                        kept.length,
                                                        kept.length + p.get3());
                                        builder.add(
                                                p.get1(),
                                                p.get2(),
                                                length,
                                                kept,
                                                0,
                                                Math.min(kept.length, length));
                                    });
                            return builder.build();
                        });
    }

    private static List<FlowRecord> read(final Path file) throws IOException {
        final List<DeadLetter> deadLetters = new ArrayList<>();
        final List<FlowRecord> records =
                AllRecords.of(
                        new LogSource(
                                file,
                                SensorFormats.installed().only("zeek"),
                                FlowAssembler.Options.defaults("another"),
                                new Ledger(),
                                deadLetters::add,
                                () -> 42));
        assertThat(deadLetters).isEmpty();
        return records;
    }
}
