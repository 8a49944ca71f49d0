/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.packet.TransportLocator;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The bits of the headers of packets 1 to N, as nPrint 1.2.1 lays them out with {@code -4 -t -u}
 * (Holland et al., "New Directions in Automated Traffic Analysis", CCS 2021).
 *
 * <p>A packet has 1,024 columns: 480 for the IPv4 header, 480 for the TCP header, 64 for the UDP
 * header, each byte with its most significant bit first. A value is 0 or 1, or -1 where there is no
 * such bit: the header has fewer options than the 40 bytes that it could have, the packet has
 * another transport, the sensor cut the packet before that byte, or there is no such packet. A
 * {@link Mask} leaves its columns out, so that a packet has 896 of them without addresses and
 * ports, and 768 with every mask.
 *
 * <p>Where nPrint and this class differ:
 *
 * <ul>
 *   <li>Of an IPv6 packet nPrint's {@code -4} prints no IP header. Here the IPv4 columns hold the
 *       fields that mean the same: {@code ver} 6, {@code tos} the traffic class, {@code tl} 40 plus
 *       the payload length (the low 16 bits), {@code ttl} the hop limit, {@code proto} the
 *       upper-layer protocol behind the extension headers. The other IPv4 columns, {@code hl} and
 *       the addresses among them, are -1.
 *   <li>nPrint takes an IPv6 extension header for the transport header and skips the packet. Here
 *       extension headers are skipped, and the transport header behind them is read.
 *   <li>In a fragment other than the first, nPrint prints payload as if it were a transport header.
 *       Here the transport columns are -1.
 *   <li>Where a capture cut a packet inside a header, nPrint reads on behind the packet. Here the
 *       bits of the missing bytes are -1.
 * </ul>
 *
 * <p>As in nPrint, a header is as long as it says, also when it says less than the protocol allows.
 */
public final class NprintEncoder implements FeatureEncoder {

    static final String NAME = "nprint";
    static final int VERSION = 1;

    private static final int IPV4_BYTES = 60;
    private static final int TCP_BYTES = 60;
    private static final int UDP_BYTES = 8;

    /** IPv4 bytes from here on have no counterpart in the IPv6 columns. */
    private static final int IPV6_FIELD_BYTES = 10;

    /** The eight values of each byte, then those of the two symbols that are no byte. */
    private static final float[] SYMBOLS = symbols();

    private static final int ABSENT_BYTE = 256;
    private static final int VERSION_6_WITHOUT_LENGTH = 257;

    private static final float[] ABSENT = absent(IPV4_BYTES + TCP_BYTES + UDP_BYTES);

    private final int packets;
    private final Region ipv4;
    private final Region tcp;
    private final Region udp;
    private final int packetWidth;
    private final List<String> columns;

    /**
     * @param packets how many packets from the flow's start are encoded
     * @param mask columns that are left out
     */
    public NprintEncoder(final int packets, final Set<Mask> mask) {
        this.packets = packets;
        this.ipv4 = Region.of(Field.IPV4, mask);
        this.tcp = Region.of(Field.TCP, mask);
        this.udp = Region.of(Field.UDP, mask);
        this.packetWidth = ipv4.columns() + tcp.columns() + udp.columns();
        final List<String> names = new ArrayList<>(width());
        for (int packet = 1; packet <= packets; packet++) {
            for (final Region region : List.of(ipv4, tcp, udp)) {
                for (final String column : region.names()) {
                    names.add("pkt" + packet + "_" + column);
                }
            }
        }
        this.columns = List.copyOf(names);
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_PACKETS;
    }

    @Override
    public int width() {
        return packets * packetWidth;
    }

    @Override
    public int reach() {
        return TransportLocator.REACH;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public void encode(final FlowRecord flow, final FloatBuffer row) {
        if (row.remaining() < width()) {
            throw new BufferOverflowException();
        }
        final Packets known = flow.packets();
        final int present = Math.min(packets, known.count());
        for (int i = 0; i < present; i++) {
            encodePacket(known.bytes(), known.start(i), known.end(i), row);
        }
        for (int i = present; i < packets; i++) {
            row.put(ABSENT, 0, packetWidth);
        }
    }

    private void encodePacket(
            final byte[] bytes, final int start, final int end, final FloatBuffer row) {
        final long located = TransportLocator.locate(bytes, start, end);
        final int protocol = TransportLocator.protocol(located);
        encodeIp(bytes, start, end, protocol, row);

        final int header = TransportLocator.offset(located);
        if (header != TransportLocator.ABSENT && protocol == TransportLocator.TCP) {
            final int length = TransportLocator.tcpHeaderBytes(bytes, header, end);
            encodeHeader(tcp, bytes, header, Math.min(length, end - header), row);
            row.put(ABSENT, 0, udp.columns());
        } else if (header != TransportLocator.ABSENT && protocol == TransportLocator.UDP) {
            row.put(ABSENT, 0, tcp.columns());
            encodeHeader(udp, bytes, header, Math.min(UDP_BYTES, end - header), row);
        } else {
            row.put(ABSENT, 0, tcp.columns() + udp.columns());
        }
    }

    private void encodeIp(
            final byte[] bytes,
            final int start,
            final int end,
            final int protocol,
            final FloatBuffer row) {
        final int version = end <= start ? 0 : TransportLocator.version(bytes, start);
        if (version == 4) {
            final int length = TransportLocator.ipv4HeaderBytes(bytes, start);
            encodeHeader(ipv4, bytes, start, Math.min(length, end - start), row);
        } else if (version == 6) {
            encodeIpv6(bytes, start, end, protocol, row);
        } else {
            row.put(ABSENT, 0, ipv4.columns());
        }
    }

    /** Writes a region's columns of a header of which {@code kept} bytes are there. */
    private static void encodeHeader(
            final Region region,
            final byte[] bytes,
            final int header,
            final int kept,
            final FloatBuffer row) {
        for (final Range range : region.ranges()) {
            final int to = Math.max(range.from(), Math.min(range.to(), kept));
            for (int at = range.from(); at < to; at++) {
                row.put(SYMBOLS, (bytes[header + at] & 0xff) * Byte.SIZE, Byte.SIZE);
            }
            row.put(ABSENT, 0, (range.to() - to) * Byte.SIZE);
        }
    }

    private void encodeIpv6(
            final byte[] bytes,
            final int start,
            final int end,
            final int protocol,
            final FloatBuffer row) {
        for (final Range range : ipv4.ranges()) {
            final int to = Math.max(range.from(), Math.min(range.to(), IPV6_FIELD_BYTES));
            for (int at = range.from(); at < to; at++) {
                final int symbol = ipv6Symbol(at, bytes, start, end - start, protocol);
                row.put(SYMBOLS, symbol * Byte.SIZE, Byte.SIZE);
            }
            row.put(ABSENT, 0, (range.to() - to) * Byte.SIZE);
        }
    }

    /** What stands for an IPv6 packet in byte {@code at} of the IPv4 header. */
    private static int ipv6Symbol(
            final int at, final byte[] bytes, final int start, final int kept, final int protocol) {
        return switch (at) {
            case 0 -> VERSION_6_WITHOUT_LENGTH;
            case 1 ->
                    kept < 2
                            ? ABSENT_BYTE
                            : (bytes[start] & 0x0f) << 4 | (bytes[start + 1] & 0xf0) >>> 4;
            case 2, 3 -> {
                if (kept < 6) {
                    yield ABSENT_BYTE;
                }
                final int total =
                        TransportLocator.IPV6_HEADER_BYTES
                                + ((bytes[start + 4] & 0xff) << 8 | bytes[start + 5] & 0xff);
                yield (at == 2 ? total >>> 8 : total) & 0xff;
            }
            case 8 -> kept < 8 ? ABSENT_BYTE : bytes[start + 7] & 0xff;
            case 9 -> protocol == TransportLocator.ABSENT ? ABSENT_BYTE : protocol;
            default -> ABSENT_BYTE;
        };
    }

    private static float[] symbols() {
        final float[] symbols = new float[(VERSION_6_WITHOUT_LENGTH + 1) * Byte.SIZE];
        for (int value = 0; value < ABSENT_BYTE; value++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                symbols[value * Byte.SIZE + bit] = value >>> (7 - bit) & 1;
            }
        }
        Arrays.fill(symbols, ABSENT_BYTE * Byte.SIZE, symbols.length, -1);
        System.arraycopy(
                symbols, 0x60 * Byte.SIZE, symbols, VERSION_6_WITHOUT_LENGTH * Byte.SIZE, 4);
        return symbols;
    }

    private static float[] absent(final int bytes) {
        final float[] absent = new float[bytes * Byte.SIZE];
        Arrays.fill(absent, -1);
        return absent;
    }

    /** A header field as nPrint names it; {@code mask} is null for one that is always kept. */
    private record Field(String name, int bits, Mask mask) {

        static final List<Field> IPV4 =
                List.of(
                        kept("ipv4_ver", 4),
                        kept("ipv4_hl", 4),
                        kept("ipv4_tos", 8),
                        kept("ipv4_tl", 16),
                        new Field("ipv4_id", 16, Mask.IP_ID),
                        kept("ipv4_rbit", 1),
                        kept("ipv4_dfbit", 1),
                        kept("ipv4_mfbit", 1),
                        kept("ipv4_foff", 13),
                        kept("ipv4_ttl", 8),
                        kept("ipv4_proto", 8),
                        new Field("ipv4_cksum", 16, Mask.CHECKSUMS),
                        new Field("ipv4_src", 32, Mask.ADDRESSES),
                        new Field("ipv4_dst", 32, Mask.ADDRESSES),
                        kept("ipv4_opt", 320));

        static final List<Field> TCP =
                List.of(
                        new Field("tcp_sprt", 16, Mask.PORTS),
                        new Field("tcp_dprt", 16, Mask.PORTS),
                        new Field("tcp_seq", 32, Mask.SEQ_ACK),
                        new Field("tcp_ackn", 32, Mask.SEQ_ACK),
                        kept("tcp_doff", 4),
                        kept("tcp_res", 3),
                        kept("tcp_ns", 1),
                        kept("tcp_cwr", 1),
                        kept("tcp_ece", 1),
                        kept("tcp_urg", 1),
                        kept("tcp_ackf", 1),
                        kept("tcp_psh", 1),
                        kept("tcp_rst", 1),
                        kept("tcp_syn", 1),
                        kept("tcp_fin", 1),
                        kept("tcp_wsize", 16),
                        new Field("tcp_cksum", 16, Mask.CHECKSUMS),
                        kept("tcp_urp", 16),
                        kept("tcp_opt", 320));

        static final List<Field> UDP =
                List.of(
                        new Field("udp_sport", 16, Mask.PORTS),
                        new Field("udp_dport", 16, Mask.PORTS),
                        kept("udp_len", 16),
                        new Field("udp_cksum", 16, Mask.CHECKSUMS));

        static Field kept(final String name, final int bits) {
            return new Field(name, bits, null);
        }

        boolean leftOut(final Set<Mask> masks) {
            return mask != null && masks.contains(mask);
        }
    }

    /** Bytes {@code [from, to)} of a header. */
    private record Range(int from, int to) {}

    /** The columns of one header that no mask leaves out; masked fields are whole bytes. */
    private record Region(Range[] ranges, List<String> names) {

        static Region of(final List<Field> fields, final Set<Mask> masks) {
            final List<Range> ranges = new ArrayList<>();
            final List<String> names = new ArrayList<>();
            int begin = 0;
            int bit = 0;
            for (final Field field : fields) {
                if (field.leftOut(masks)) {
                    if (bit > begin) {
                        ranges.add(new Range(begin / Byte.SIZE, bit / Byte.SIZE));
                    }
                    begin = bit + field.bits();
                } else {
                    for (int i = 0; i < field.bits(); i++) {
                        names.add(field.name() + "_" + i);
                    }
                }
                bit += field.bits();
            }
            if (bit > begin) {
                ranges.add(new Range(begin / Byte.SIZE, bit / Byte.SIZE));
            }
            return new Region(ranges.toArray(Range[]::new), List.copyOf(names));
        }

        int columns() {
            return names.size();
        }
    }
}
