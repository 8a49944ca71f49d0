/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import java.util.HexFormat;
import java.util.Random;

/** Flow records of hand-made packets for tests. */
public final class SampleFlows {

    private static final HexFormat HEX = HexFormat.of();

    private SampleFlows() {}

    /** The bytes of a hexadecimal listing, in which white space has no meaning. */
    public static byte[] hex(final String listing) {
        return HEX.parseHex(listing.replaceAll("\\s", ""));
    }

    /** A first record of a flow's only known packet, kept whole. */
    public static FlowRecord first(final byte[] packet) {
        return record(
                FlowRecord.Stage.FIRST,
                new Packets.Builder().add(0, true, packet.length, packet, 0, packet.length));
    }

    /** A context record of the packets added to a builder. */
    public static FlowRecord context(final Packets.Builder packets) {
        return record(FlowRecord.Stage.CONTEXT, packets);
    }

    /** A first record of a TCP packet with random field values. */
    public static FlowRecord randomFirst(final long seed) {
        return first(randomTcp(new Random(seed)));
    }

    /** A context record of some TCP packets with random field values. */
    public static FlowRecord randomContext(final long seed, final int count) {
        final Random random = new Random(seed);
        final Packets.Builder packets = new Packets.Builder();
        long offset = 0;
        for (int i = 0; i < count; i++) {
            final byte[] packet = randomTcp(random);
            packets.add(
                    offset,
                    i == 0 || random.nextBoolean(),
                    packet.length + random.nextInt(1400),
                    packet,
                    0,
                    packet.length);
            offset += random.nextInt(50_000);
        }
        return context(packets);
    }

    /** A summary with random numbers. */
    public static FlowRecord randomSummary(final long seed) {
        final Random random = new Random(seed);
        return TestFlows.summary(
                "C" + seed,
                new FlowSummary(
                        random.nextInt(100_000_000),
                        random.nextInt(10_000),
                        random.nextInt(1_000_000),
                        1 + random.nextInt(100),
                        1 + random.nextInt(1_000),
                        random.nextInt(20_000),
                        random.nextInt(1_100_000),
                        random.nextBoolean() ? "SF" : "S1",
                        "ShADad",
                        "",
                        "TLSv13",
                        "",
                        "t13d" + (10 + random.nextInt(20)) + "16h2_8daaf6152771_02713d6af862"));
    }

    private static byte[] randomTcp(final Random random) {
        final byte[] packet = new byte[20 + 20 + 4 * random.nextInt(11)];
        random.nextBytes(packet);
        packet[0] = 0x45;
        packet[6] &= 0x40;
        packet[7] = 0;
        packet[9] = 6;
        packet[32] = (byte) ((packet.length - 20) / 4 << 4);
        return packet;
    }

    private static FlowRecord record(final FlowRecord.Stage stage, final Packets.Builder packets) {
        return new FlowRecord(
                new FlowId("lab", "C1"),
                new FlowTuple(Transport.TCP, "10.0.0.5", 51514, "203.0.113.9", 443),
                "1:wAJLGI4jO7D4YrwPk2m+pfI/uKs=",
                1_700_000_000_123_456L,
                stage,
                FlowRecord.End.DEPTH,
                packets.build(),
                0);
    }
}
