/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.bundle;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.Ledger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Made-up flows, always the same, on which the answers of a new bundle are pinned.
 *
 * <p>A bundle carries the records of its golden vectors with it, and captured traffic must not
 * travel that way: these packets were never on a wire. Their addresses are those set aside for
 * documentation (RFC 5737, RFC 3849) and their payload is noise, but headers, ports, sizes and the
 * order of packets are those of common services, so that they reach many branches of a model.
 */
public final class GoldenFlows {

    /**
     * Who speaks how much to which port.
     *
     * @param port the responder's
     * @param hops subtracted from the responder's initial TTL of 64
     * @param payloads bytes of each packet with payload, negative from the responder
     */
    private record Dialogue(
            Transport transport, boolean ipv6, int port, int hops, int... payloads) {}

    private static final List<Dialogue> DIALOGUES =
            List.of(
                    new Dialogue(Transport.UDP, false, 53, 0, 33, -97),
                    new Dialogue(Transport.UDP, true, 53, 7, 40, -210, 40, -180),
                    new Dialogue(Transport.TCP, false, 80, 11, 420, -1400, -1400, -610, 380),
                    new Dialogue(Transport.TCP, false, 443, 9, 517, -1400, -1400, -900, 126, -51),
                    new Dialogue(Transport.TCP, true, 443, 12, 610, -1380, -1380, 80, 240, -300),
                    new Dialogue(Transport.UDP, false, 443, 8, 1250, -1250, -1250, 1250, 73, -44),
                    new Dialogue(Transport.UDP, false, 123, 14, 48, -48),
                    new Dialogue(Transport.UDP, false, 161, 1, 43, -46, 43, -51, 44),
                    new Dialogue(Transport.TCP, false, 22, 3, -41, 32, 1500, -1080, 48, -280),
                    new Dialogue(Transport.UDP, false, 5060, 5, 640, -310, -480, 700, 172, -172),
                    new Dialogue(Transport.TCP, false, 25, 16, -52, 22, -140, 31, -8, 29, -14),
                    new Dialogue(Transport.TCP, false, 502, 0, 12, -29, 12, -29, 12, -29, 12, -29),
                    new Dialogue(Transport.UDP, false, 5353, 0, 45, 45, 120, 45),
                    new Dialogue(Transport.UDP, false, 67, 0, 300, -300, 312, -300),
                    new Dialogue(Transport.TCP, false, 3306, 2, -78, 180, -11, 37, -66),
                    new Dialogue(Transport.TCP, false, 445, 1, 73, -240, 166, -330, 590, -180),
                    new Dialogue(Transport.UDP, false, 51413, 19, 101, -290, 101, -310, 68, -1048));

    private static final String OBSERVER = "golden";
    private static final long START_MICROS = 1_700_000_000_000_000L;
    private static final long DIALOGUE_MICROS = 300_000_000;
    private static final int INITIAL_TTL = 64;
    private static final int FIRST_CLIENT_PORT = 49_152;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int PSH = 8;
    private static final int ACK = 16;

    /** MSS 1460, SACK permitted, NOP, window scale 7, padded to three words. */
    private static final byte[] SYN_OPTIONS = {2, 4, 5, (byte) 0xb4, 4, 2, 1, 3, 3, 7, 0, 0};

    private static final byte[] NO_OPTIONS = {};

    private final Random noise = new Random(1);
    private final FlowAssembler assembler;
    private final List<FlowRecord> records = new ArrayList<>();

    private Dialogue dialogue;
    private int clientPort;
    private long now;
    private int packetNumber;
    private final int[] sent = new int[2];

    private GoldenFlows(final int depth) {
        this.assembler =
                new FlowAssembler(
                        FlowAssembler.Options.defaults(OBSERVER).withDepth(depth),
                        new Ledger(),
                        records::add);
    }

    /**
     * The records of all flows, each flow's first record before its context record.
     *
     * @param depth packets in a full context record
     */
    public static List<FlowRecord> records(final int depth) {
        final GoldenFlows flows = new GoldenFlows(depth);
        for (int i = 0; i < DIALOGUES.size(); i++) {
            flows.speak(DIALOGUES.get(i), i);
        }
        flows.assembler.finish();
        return List.copyOf(flows.records);
    }

    private void speak(final Dialogue next, final int number) {
        dialogue = next;
        clientPort = FIRST_CLIENT_PORT + 97 * number;
        now = START_MICROS + number * DIALOGUE_MICROS;
        packetNumber = 0;
        sent[0] = 1_000_000 * (number + 1);
        sent[1] = 3_000_000 * (number + 1);
        final boolean tcp = dialogue.transport == Transport.TCP;
        if (tcp) {
            segment(true, SYN, SYN_OPTIONS, 0);
            segment(false, SYN | ACK, SYN_OPTIONS, 0);
            segment(true, ACK, NO_OPTIONS, 0);
        }
        for (final int payload : dialogue.payloads) {
            if (tcp) {
                segment(payload > 0, PSH | ACK, NO_OPTIONS, Math.abs(payload));
            } else {
                datagram(payload > 0, Math.abs(payload));
            }
        }
        if (tcp) {
            segment(true, FIN | ACK, NO_OPTIONS, 0);
            segment(false, FIN | ACK, NO_OPTIONS, 0);
        }
    }

    private void segment(
            final boolean client, final int flags, final byte[] options, final int payload) {
        final ByteBuffer packet =
                ip(client, dialogue.transport, TCP_HEADER + options.length + payload);
        ports(packet, client);
        packet.putInt(sent[client ? 0 : 1]);
        packet.putInt((flags & ACK) == 0 ? 0 : sent[client ? 1 : 0]);
        packet.putShort((short) ((TCP_HEADER + options.length) / 4 << 12 | flags));
        packet.putShort((short) (client ? 64_240 : 65_160));
        packet.putInt(0);
        packet.put(options);
        sent[client ? 0 : 1] += payload + ((flags & (SYN | FIN)) == 0 ? 0 : 1);
        send(packet);
    }

    private void datagram(final boolean client, final int payload) {
        final ByteBuffer packet = ip(client, dialogue.transport, UDP_HEADER + payload);
        ports(packet, client);
        packet.putShort((short) (UDP_HEADER + payload));
        packet.putShort((short) 0);
        send(packet);
    }

    private void ports(final ByteBuffer packet, final boolean client) {
        packet.putShort((short) (client ? clientPort : dialogue.port));
        packet.putShort((short) (client ? dialogue.port : clientPort));
    }

    /** A packet with its IP header written, checksum 0, and room for {@code length} bytes more. */
    private ByteBuffer ip(final boolean client, final Transport transport, final int length) {
        final int ttl = client ? INITIAL_TTL : INITIAL_TTL - dialogue.hops;
        packetNumber++;
        if (dialogue.ipv6) {
            return ByteBuffer.allocate(IPV6_HEADER + length)
                    .putInt(6 << 28)
                    .putShort((short) length)
                    .put((byte) transport.number())
                    .put((byte) ttl)
                    .putLong(0x20010db8_00000000L)
                    .putLong(client ? 1 : 2)
                    .putLong(0x20010db8_00000000L)
                    .putLong(client ? 2 : 1);
        }
        final int client4 = 0xc0000201;
        final int server4 = 0xcb007101;
        return ByteBuffer.allocate(IPV4_HEADER + length)
                .putShort((short) 0x4500)
                .putShort((short) (IPV4_HEADER + length))
                .putShort((short) packetNumber)
                .putShort((short) 0x4000)
                .put((byte) ttl)
                .put((byte) transport.number())
                .putShort((short) 0)
                .putInt(client ? client4 : server4)
                .putInt(client ? server4 : client4);
    }

    /** Fills what is left of a packet with noise and lets the assembler see it. */
    private void send(final ByteBuffer packet) {
        final byte[] payload = new byte[packet.remaining()];
        noise.nextBytes(payload);
        packet.put(payload);
        assembler.packet(now, packet.array(), 0, packet.capacity(), packet.capacity());
        now += 900 + 1_100L * packetNumber;
    }
}
