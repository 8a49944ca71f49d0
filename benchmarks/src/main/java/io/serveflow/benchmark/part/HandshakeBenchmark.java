/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.handshake.HandshakeReader;
import io.serveflow.testing.hello.HelloWriter;
import io.serveflow.testing.hello.QuicWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the originator says of itself, read from ten whole packets. The baseline copies the packets'
 * bytes.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class HandshakeBenchmark extends PartBenchmark {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final int PACKETS = 10;
    private static final int SEGMENT = 1_400;

    /** Of the ids of connections, which all differ, as keys are made once an id. */
    private static final int ID_BYTES = 8;

    /** The flows that are read. */
    @State(Scope.Benchmark)
    public static class Reading {

        /**
         * {@code captured} for the flows of the captures; made ones: {@code tls} for a hello in two
         * segments, {@code quic} for one in a datagram, {@code quic-large} for one in two.
         */
        @Param({"captured", "tls", "quic", "quic-large"})
        public String hello = "";

        final HandshakeReader reader = new HandshakeReader();
        List<Packets> flows = List.of();
        byte[] room = {};

        @Setup
        public void prepare(final Sample sample) {
            flows =
                    switch (hello) {
                        case "captured" ->
                                sample.whole().stream().map(FlowRecord::packets).toList();
                        case "tls" -> made(HandshakeBenchmark::tls);
                        case "quic" -> made(i -> quic(i, small(i), QuicWriter.padding(850)));
                        default -> made(i -> quic(i, large(i), QuicWriter.padding(400)));
                    };
            room = new byte[flows.stream().mapToInt(flow -> flow.bytes().length).max().orElse(0)];
        }
    }

    private static List<Packets> made(final IntFunction<Packets> flow) {
        return IntStream.range(0, FLOWS).mapToObj(flow).toList();
    }

    private static String name(final int i) {
        return "host-" + i + ".cdn.example.org";
    }

    private static byte[] small(final int i) {
        return HelloWriter.client()
                .serverName(name(i))
                .versions(0x0304)
                .groups(0x001d, 0x0017, 0x0018)
                .protocols("h3")
                .extension(51, new byte[42])
                .transportParameters(1, 3, 4, 5, 6, 7, 8, 9, 14, 15)
                .message();
    }

    private static byte[] large(final int i) {
        return HelloWriter.ofABrowser(name(i))
                .transportParameters(1, 3, 4, 5, 6, 7, 8, 9, 14, 15)
                .message();
    }

    private static Packets tls(final int i) {
        final byte[] hello = HelloWriter.ofABrowser(name(i)).record();
        final byte[] answer = HelloWriter.server().extension(51, new byte[1_124]).record();
        final Packets.Builder flow = new Packets.Builder();
        addSegment(flow, true, 99, SYN, new byte[0]);
        addSegment(flow, false, 499, SYN | ACK, new byte[0]);
        addSegment(flow, true, 100, ACK, new byte[0]);
        addSegment(flow, true, 100, ACK, Arrays.copyOf(hello, SEGMENT));
        addSegment(
                flow, true, 100 + SEGMENT, ACK, Arrays.copyOfRange(hello, SEGMENT, hello.length));
        addSegment(flow, false, 500, ACK, answer);
        while (flow.count() < PACKETS) {
            addSegment(flow, false, 500 + flow.count() * SEGMENT, ACK, new byte[SEGMENT]);
        }
        return flow.build();
    }

    private static Packets quic(final int i, final byte[] hello, final byte[] padding) {
        final QuicWriter writer =
                new QuicWriter(
                        QuicWriter.V1, ByteBuffer.allocate(ID_BYTES).putInt(i).putInt(i).array());
        final Packets.Builder flow = new Packets.Builder();
        final int first = Math.min(hello.length, 1_100);
        addDatagram(
                flow,
                writer.initial(
                        0,
                        QuicWriter.crypto(hello, 0, first),
                        first < hello.length ? new byte[0] : padding));
        if (first < hello.length) {
            addDatagram(
                    flow,
                    writer.initial(1, QuicWriter.crypto(hello, first, hello.length), padding));
        }
        while (flow.count() < PACKETS) {
            // With a short header, as all later ones have.
            addDatagram(flow, new byte[1_200]);
        }
        return flow.build();
    }

    private static void addSegment(
            final Packets.Builder flow,
            final boolean client,
            final int sequence,
            final int flags,
            final byte[] payload) {
        add(
                flow,
                client,
                TCP,
                ByteBuffer.allocate(20 + payload.length)
                        .putShort((short) (client ? 40_000 : 443))
                        .putShort((short) (client ? 443 : 40_000))
                        .putInt(sequence)
                        .putInt(0)
                        .put((byte) 0x50)
                        .put((byte) flags)
                        .putShort((short) 0)
                        .putInt(0)
                        .put(payload)
                        .array());
    }

    private static void addDatagram(final Packets.Builder flow, final byte[] payload) {
        add(
                flow,
                true,
                UDP,
                ByteBuffer.allocate(8 + payload.length)
                        .putShort((short) 40_000)
                        .putShort((short) 443)
                        .putShort((short) (8 + payload.length))
                        .putShort((short) 0)
                        .put(payload)
                        .array());
    }

    private static void add(
            final Packets.Builder flow,
            final boolean client,
            final int protocol,
            final byte[] transport) {
        final byte[] packet =
                ByteBuffer.allocate(20 + transport.length)
                        .put((byte) 0x45)
                        .put((byte) 0)
                        .putShort((short) (20 + transport.length))
                        .putInt(0)
                        .put((byte) 64)
                        .put((byte) protocol)
                        .putShort((short) 0)
                        .putInt(client ? 0x0a000005 : 0x0a000006)
                        .putInt(client ? 0x0a000006 : 0x0a000005)
                        .put(transport)
                        .array();
        flow.add(flow.count(), client, packet.length, packet, 0, packet.length);
    }

    @Benchmark
    public void copy(final Reading reading, final Blackhole sink) {
        for (int i = 0; i < FLOWS; i++) {
            final byte[] bytes = reading.flows.get(i).bytes();
            System.arraycopy(bytes, 0, reading.room, 0, bytes.length);
            sink.consume(reading.room);
        }
    }

    @Benchmark
    public void read(final Reading reading, final Blackhole sink) {
        for (int i = 0; i < FLOWS; i++) {
            sink.consume(reading.reader.read(reading.flows.get(i)));
        }
    }
}
