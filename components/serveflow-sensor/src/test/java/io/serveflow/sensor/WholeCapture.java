/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.Transport;
import io.serveflow.sensor.capture.CaptureReader;
import io.serveflow.sensor.packet.LinkLayer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A capture whose packets have the length that they had on the wire: what a snap length took away
 * is filled with zeros, because Suricata reports no packet that is cut.
 */
public final class WholeCapture {

    private static final int RADIOTAP = 127;
    private static final int RAW_IP = 101;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final long IN_2001 = 1_000_000_000 * MICROS_PER_SECOND;
    private static final long YEAR_2038 = MICROS_PER_SECOND << 31;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int DESTINATION_OPTIONS = 60;

    /**
     * A frame of the capture.
     *
     * @param number its place in the capture, from 1
     * @param bytes the frame, link header included
     */
    record Frame(int number, long micros, byte[] bytes) {}

    private final int linkType;
    private final List<Frame> frames;

    private WholeCapture(final int linkType, final List<Frame> frames) {
        this.linkType = linkType;
        this.frames = List.copyOf(frames);
    }

    /** Reads a capture of one link type. */
    public static WholeCapture of(final Path capture) throws IOException {
        final List<Frame> frames = new ArrayList<>();
        int linkType = 0;
        try (CaptureReader reader = CaptureReader.open(capture)) {
            while (reader.next()) {
                linkType = reader.linkType();
                final byte[] frame = new byte[reader.wireLength()];
                System.arraycopy(reader.bytes(), reader.offset(), frame, 0, reader.captured());
                frames.add(new Frame(frames.size() + 1, reader.timeMicros(), frame));
            }
        }
        return new WholeCapture(linkType, frames);
    }

    /** Writes some of its frames to a file. */
    Path write(final Path file, final Predicate<Frame> which) throws IOException {
        final CaptureBuilder whole =
                CaptureBuilder.pcap(
                        ByteOrder.LITTLE_ENDIAN, CaptureBuilder.PCAP_MICROSECONDS, linkType);
        frames.stream().filter(which).forEach(f -> whole.packet(f.micros(), f.bytes()));
        return Files.write(file, whole.bytes());
    }

    /**
     * Whether Suricata can read it as it is: it has no radiotap, takes no time of 0, writes no time
     * that 31 bits of seconds do not hold, and cannot tell a second pass through the same minutes.
     */
    boolean readableForSuricata() {
        return linkType != RADIOTAP
                && timeGoesOn()
                && frames.stream().allMatch(f -> f.micros() > 0 && f.micros() < YEAR_2038);
    }

    /**
     * The same packets as Suricata can read them: dated from 2001 on where the first date is none
     * for it, with no step back of a second or more and none forward of more than a day, which
     * every flow is over after; and without radiotap.
     */
    WholeCapture madeReadableForSuricata() {
        final List<Frame> made = new ArrayList<>();
        long before = frames.isEmpty() ? 0 : frames.get(0).micros();
        long now = before > 0 && before < YEAR_2038 - 365 * MICROS_PER_DAY ? before : IN_2001;
        for (final Frame frame : frames) {
            final long step = frame.micros() - before;
            now += step <= -MICROS_PER_SECOND ? 0 : Math.min(step, MICROS_PER_DAY);
            before = frame.micros();
            if (linkType != RADIOTAP) {
                made.add(new Frame(frame.number(), now, frame.bytes()));
            } else if (ipOffset(frame.bytes()) != LinkLayer.NO_IP) {
                final byte[] packet =
                        Arrays.copyOfRange(
                                frame.bytes(), ipOffset(frame.bytes()), frame.bytes().length);
                made.add(new Frame(frame.number(), now, packet));
            }
        }
        return new WholeCapture(linkType == RADIOTAP ? RAW_IP : linkType, made);
    }

    private int ipOffset(final byte[] frame) {
        return LinkLayer.isKnown(linkType)
                ? LinkLayer.ipOffset(linkType, frame, 0, frame.length)
                : LinkLayer.NO_IP;
    }

    /** Whether no frame is dated a second or more before one that came earlier. */
    public boolean timeGoesOn() {
        long latest = 0;
        for (final Frame frame : frames) {
            if (latest - frame.micros() >= MICROS_PER_SECOND) {
                return false;
            }
            latest = Math.max(latest, frame.micros());
        }
        return true;
    }

    List<Frame> frames() {
        return frames;
    }

    /**
     * The Community ID of the frame's endpoints with the numbers of its VLANs, by which Suricata
     * tells flows; nothing for a frame that is no TCP or UDP packet, a fragment of one, or one
     * whose headers state lengths that it does not have.
     */
    Optional<String> endpoints(final Frame frame) {
        final byte[] bytes = frame.bytes();
        final int ip = ipOffset(bytes);
        if (ip == LinkLayer.NO_IP) {
            return Optional.empty();
        }
        final ByteBuffer packet = ByteBuffer.wrap(bytes, ip, bytes.length - ip).slice();
        return (packet.get(0) >>> 4 & 0xf) == 4
                ? ofIpv4(packet).map(id -> id + vlans(bytes, ip))
                : ofIpv6(packet).map(id -> id + vlans(bytes, ip));
    }

    private static Optional<String> ofIpv4(final ByteBuffer packet) {
        if (packet.limit() < 20 || (packet.getShort(6) & 0x3fff) != 0) {
            return Optional.empty();
        }
        final int header = (packet.get(0) & 0xf) * 4;
        final int end = packet.getShort(2) & 0xffff;
        return header < 20 || end < header || end > packet.limit()
                ? Optional.empty()
                : id(packet.limit(end), 12, 4, packet.get(9), header);
    }

    private static Optional<String> ofIpv6(final ByteBuffer packet) {
        if (packet.limit() < 40 || 40 + (packet.getShort(4) & 0xffff) > packet.limit()) {
            return Optional.empty();
        }
        packet.limit(40 + (packet.getShort(4) & 0xffff));
        int next = packet.get(6);
        int at = 40;
        while (next == HOP_BY_HOP || next == ROUTING || next == DESTINATION_OPTIONS) {
            if (packet.limit() < at + 8) {
                return Optional.empty();
            }
            next = packet.get(at);
            at += ((packet.get(at + 1) & 0xff) + 1) * 8;
        }
        return id(packet, 8, 16, next, at);
    }

    private static Optional<String> id(
            final ByteBuffer packet,
            final int addresses,
            final int length,
            final int protocol,
            final int at) {
        final boolean sound =
                switch (protocol) {
                    case TCP -> packet.limit() >= at + 20 && tcpHeaderFits(packet, at);
                    case UDP ->
                            packet.limit() >= at + 8
                                    && (packet.getShort(at + 4) & 0xffff) == packet.limit() - at;
                    default -> false;
                };
        if (!sound) {
            return Optional.empty();
        }
        final byte[] source = new byte[length];
        final byte[] destination = new byte[length];
        packet.get(addresses, source).get(addresses + length, destination);
        return Optional.of(
                CommunityId.v1(
                        new FlowTuple(
                                protocol == TCP ? Transport.TCP : Transport.UDP,
                                IpAddress.format(source, 0, length),
                                packet.getShort(at) & 0xffff,
                                IpAddress.format(destination, 0, length),
                                packet.getShort(at + 2) & 0xffff)));
    }

    private static boolean tcpHeaderFits(final ByteBuffer packet, final int at) {
        final int header = (packet.get(at + 12) >>> 4 & 0xf) * 4;
        return header >= 20 && at + header <= packet.limit();
    }

    private String vlans(final byte[] frame, final int ip) {
        if (linkType != 1) {
            return "";
        }
        final List<Integer> vlans = new ArrayList<>();
        for (int at = 12; at < ip - 2 && isVlan(frame, at); at += 4) {
            vlans.add((frame[at + 2] & 0x0f) << 8 | frame[at + 3] & 0xff);
        }
        return vlans.isEmpty() ? "" : vlans.toString();
    }

    private static boolean isVlan(final byte[] frame, final int at) {
        final byte[] type = Arrays.copyOfRange(frame, at, at + 2);
        return Arrays.equals(type, new byte[] {(byte) 0x81, 0})
                || Arrays.equals(type, new byte[] {(byte) 0x88, (byte) 0xa8});
    }
}
