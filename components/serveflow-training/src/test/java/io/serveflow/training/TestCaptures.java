/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import io.serveflow.flow.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A folder of made-up captures with a labels file: small UDP flows whose class shows in their
 * packets.
 */
public final class TestCaptures {

    static final String HEADER =
            "pcap,ts_first,proto,src_ip,src_port,dst_ip,dst_port,packets,bytes,label,source_label,"
                    + "group";

    private static final int RAW_IP = 101;
    private static final long START_SECONDS = 1_700_000_000L;

    private final Path folder;
    private final List<String> rows = new ArrayList<>();

    public TestCaptures(final Path folder) {
        this.folder = folder;
    }

    /** A packet of a capture. */
    public record Packet(
            long micros, String from, int fromPort, String to, int toPort, int payload) {}

    public Path folder() {
        return folder;
    }

    public Path labels() {
        return folder.resolve("labels.csv");
    }

    /** Writes a capture of UDP packets. */
    public TestCaptures capture(final String name, final List<Packet> packets) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(
                ByteBuffer.allocate(24)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(0xa1b2c3d4)
                        .putShort((short) 2)
                        .putShort((short) 4)
                        .putInt(0)
                        .putInt(0)
                        .putInt(65_535)
                        .putInt(RAW_IP)
                        .array());
        for (final Packet packet : packets) {
            final byte[] bytes = udp(packet);
            out.write(
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt((int) (packet.micros() / 1_000_000))
                            .putInt((int) (packet.micros() % 1_000_000))
                            .putInt(bytes.length)
                            .putInt(bytes.length)
                            .array());
            out.write(bytes);
        }
        Files.write(folder.resolve(name), out.toByteArray());
        return this;
    }

    /** Adds a row to the labels file. */
    public TestCaptures row(final String row) {
        rows.add(row);
        return this;
    }

    /** Adds a row that means the flow of a packet. */
    public TestCaptures row(
            final String capture, final Packet first, final String label, final String group) {
        return row(
                String.format(
                        Locale.ROOT,
                        "%s,%d.%06d,UDP,%s,%d,%s,%d,1,1,%s,%s.%d,%s",
                        capture,
                        first.micros() / 1_000_000,
                        first.micros() % 1_000_000,
                        first.from(),
                        first.fromPort(),
                        first.to(),
                        first.toPort(),
                        label,
                        label,
                        first.fromPort() % 2,
                        group));
    }

    /** Writes the labels file. */
    public TestCaptures write() throws IOException {
        final List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        lines.addAll(rows);
        Files.write(labels(), lines);
        return this;
    }

    public static long at(final double seconds) {
        return START_SECONDS * 1_000_000 + Math.round(seconds * 1e6);
    }

    /**
     * Captures of three services, each group a capture with three flows of each. The clock shows at
     * packet 1; call and video begin alike on one port and part ways at packet 2. One flow in
     * sixteen is labelled wrong.
     *
     * @param shuffled whether labels are assigned at random
     */
    public static TestCaptures services(
            final Path folder, final int groups, final long seed, final boolean shuffled)
            throws IOException {
        return services(folder, groups, seed, shuffled, List.of(Service.values()));
    }

    /** Captures as those of {@link #services}, with nothing in them but the clock. */
    static TestCaptures clocks(final Path folder, final int groups, final long seed)
            throws IOException {
        return services(folder, groups, seed, false, List.of(Service.CLOCK));
    }

    private static TestCaptures services(
            final Path folder,
            final int groups,
            final long seed,
            final boolean shuffled,
            final List<Service> spoken)
            throws IOException {
        final TestCaptures captures = new TestCaptures(folder);
        final Random random = new Random(seed);
        for (int group = 0; group < groups; group++) {
            final List<Packet> packets = new ArrayList<>();
            final String name = "g" + group + ".pcap";
            for (int flow = 0; flow < 9; flow++) {
                final Service service = spoken.get(flow % spoken.size());
                final String client = "192.0.2." + (1 + random.nextInt(200));
                final int port = 20_000 + random.nextInt(40_000);
                for (int i = 0; i < service.packets; i++) {
                    final long micros = at(group * 100 + flow + i * 0.01);
                    packets.add(
                            i % 2 == 0
                                    ? new Packet(
                                            micros,
                                            client,
                                            port,
                                            "198.51.100.7",
                                            service.port,
                                            service.question)
                                    : new Packet(
                                            micros,
                                            "198.51.100.7",
                                            service.port,
                                            client,
                                            port,
                                            service.answer + random.nextInt(4)));
                }
                final boolean wrong = shuffled || random.nextInt(16) == 0;
                captures.row(
                        name,
                        packets.get(packets.size() - service.packets),
                        (wrong ? Service.values()[random.nextInt(3)] : service)
                                .name()
                                .toLowerCase(Locale.ROOT),
                        "group" + group);
            }
            captures.capture(name, packets);
        }
        return captures.write();
    }

    /**
     * Captures that each hold ten flows of one size, which no other capture has, and of one label,
     * which is drawn.
     */
    static TestCaptures captureIds(final Path folder, final int groups, final long seed)
            throws IOException {
        final TestCaptures captures = new TestCaptures(folder);
        final Random random = new Random(seed);
        for (int group = 0; group < groups; group++) {
            final String name = "c" + group + ".pcap";
            final String label = List.of("one", "two", "three").get(random.nextInt(3));
            final List<Packet> packets = new ArrayList<>();
            for (int flow = 0; flow < 10; flow++) {
                packets.add(
                        new Packet(
                                at(group * 100 + flow),
                                "192.0.2.1",
                                20_000 + flow,
                                "198.51.100.7",
                                9000,
                                100 + 11 * (group * 7 % groups)));
            }
            captures.capture(name, packets);
            packets.forEach(packet -> captures.row(name, packet, label, name));
        }
        return captures.write();
    }

    /**
     * Captures of two devices, each a capture with nine flows of one device to nine ports. Seven of
     * ten flows show by their size which device it is, the others point to the other one.
     */
    static TestCaptures devices(final Path folder, final int groups, final long seed)
            throws IOException {
        final TestCaptures captures = new TestCaptures(folder);
        final Random random = new Random(seed);
        for (int group = 0; group < groups; group++) {
            final String name = "d" + group + ".pcap";
            final boolean camera = group % 2 == 0;
            final List<Packet> packets = new ArrayList<>();
            for (int flow = 0; flow < 9; flow++) {
                packets.add(
                        new Packet(
                                at(group * 100 + flow),
                                "10.0.0." + (1 + group),
                                50_000 + flow,
                                "198.51.100.7",
                                9000 + flow,
                                camera == random.nextInt(10) < 7 ? 100 : 300));
            }
            captures.capture(name, packets);
            packets.forEach(packet -> captures.row(name, packet, camera ? "camera" : "hub", name));
        }
        return captures.write();
    }

    private enum Service {
        CALL(9000, 120, 160, 12),
        CLOCK(123, 48, 48, 2),
        VIDEO(9000, 120, 1200, 12);

        private final int port;
        private final int question;
        private final int answer;
        private final int packets;

        Service(final int port, final int question, final int answer, final int packets) {
            this.port = port;
            this.question = question;
            this.answer = answer;
            this.packets = packets;
        }
    }

    private static byte[] udp(final Packet packet) {
        final int length = 28 + packet.payload();
        return ByteBuffer.allocate(length)
                .putShort((short) 0x4500)
                .putShort((short) length)
                .putInt(0)
                .put((byte) 64)
                .put((byte) 17)
                .putShort((short) 0)
                .put(address(packet.from()))
                .put(address(packet.to()))
                .putShort((short) packet.fromPort())
                .putShort((short) packet.toPort())
                .putShort((short) (8 + packet.payload()))
                .putShort((short) 0)
                .array();
    }

    private static byte[] address(final String literal) {
        return IpAddress.parse(literal);
    }
}
