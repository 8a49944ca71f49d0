/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark.part;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.sensor.json.Base64Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Decoding the packets of a flow's context record; the baseline is the decoder of the JDK, which is
 * given each packet as an array of its own and room for the result.
 */
@OperationsPerInvocation(PartBenchmark.FLOWS)
public class Base64Benchmark extends PartBenchmark {

    /** The base64 of all packets, in the forms that the decoders read. */
    @State(Scope.Benchmark)
    public static class Text {

        private static final int MOST_BYTES = 1 << 16;

        final List<byte[]> packets = new ArrayList<>();
        final List<char[]> characters = new ArrayList<>();
        final List<byte[]> quoted = new ArrayList<>();
        final byte[] decoded = new byte[MOST_BYTES + Base64Text.SLACK];

        @Setup
        public void encode(final Sample sample) {
            for (final FlowRecord record : sample.flows.context()) {
                final Packets of = record.packets();
                for (int i = 0; i < of.count(); i++) {
                    encode(Arrays.copyOfRange(of.bytes(), of.start(i), of.end(i)));
                }
            }
        }

        private void encode(final byte[] packet) {
            final String text = Base64.getEncoder().encodeToString(packet);
            final byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
            packets.add(ascii);
            characters.add(text.toCharArray());
            final byte[] line = Arrays.copyOf(ascii, ascii.length + 1 + Base64Text.ZEROS_BEHIND);
            line[ascii.length] = '"';
            quoted.add(line);
        }
    }

    @Benchmark
    public void jdk(final Text text, final Blackhole sink) {
        final Base64.Decoder decoder = Base64.getDecoder();
        for (final byte[] packet : text.packets) {
            sink.consume(decoder.decode(packet, text.decoded));
        }
    }

    @Benchmark
    public void ofCharacters(final Text text, final Blackhole sink) {
        for (final char[] packet : text.characters) {
            sink.consume(Base64Text.decode(packet, 0, packet.length, text.decoded, 0));
        }
    }

    @Benchmark
    public void toQuote(final Text text, final Blackhole sink) {
        for (final byte[] packet : text.quoted) {
            sink.consume(Base64Text.decodeToQuote(packet, 0, text.decoded, 0));
        }
    }
}
