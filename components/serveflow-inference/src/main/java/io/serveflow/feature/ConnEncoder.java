/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a sensor says of a whole flow, as in Zeek's {@code conn.log}: duration, volumes, how it
 * ended, TLS. No address, no payload byte, no name that the sensor gave the application.
 *
 * <p>Numbers are ln(1 + x), since they span nine decades; one that is unknown is -1, which no known
 * one is. In order:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><th>columns</th><th>value</th></tr>
 * <tr><td>{@code duration}</td><td>ln(1 + microseconds)</td></tr>
 * <tr><td>{@code orig_bytes resp_bytes orig_pkts resp_pkts orig_ip_bytes resp_ip_bytes}</td>
 * <td>ln(1 + count)</td></tr>
 * <tr><td>{@code orig_pkt_size resp_pkt_size}</td><td>ln(1 + IP bytes a packet); -1 without
 * packets</td></tr>
 * <tr><td>{@code pkt_gap}</td><td>ln(1 + microseconds a packet of both sides); -1 without
 * packets</td></tr>
 * <tr><td>{@code orig_bytes_share orig_pkts_share}</td><td>the originator's part of both sides' IP
 * bytes and packets, 0 to 1; -1 where both are 0</td></tr>
 * <tr><td>{@code orig_port resp_port}</td><td>port / 65,535 (ICMP: type and code); left out by the
 * mask {@code ports}</td></tr>
 * <tr><td>{@code proto_tcp _udp _icmp _sctp}</td><td>0 or 1</td></tr>
 * <tr><td>{@code state_S0 ...}</td><td>0 or 1; the thirteen states of Zeek, the four of Suricata,
 * {@code other}</td></tr>
 * <tr><td>{@code orig_hist_s ...}, {@code resp_hist_s ...}</td><td>how often the letter is in
 * Zeek's history, upper case for the originator; -1 without history</td></tr>
 * <tr><td>{@code hist_flipped}</td><td>whether Zeek exchanged the roles; -1 without history</td></tr>
 * <tr><td>{@code tls_ssl3 _10 _11 _12 _13 _other}</td><td>0 or 1; {@code ssl3} is SSL 3 and
 * before</td></tr>
 * <tr><td>{@code ja4_tcp _quic _dtls}</td><td>0 or 1, the first letter of JA4</td></tr>
 * <tr><td>{@code ja4_version ja4_sni ja4_ciphers ja4_extensions}</td><td>highest version offered
 * (13 is TLS 1.3), whether a name was asked for, how many ciphers and extensions were offered; -1
 * without JA4</td></tr>
 * <tr><td>{@code ja4_alpn_h1 _h2 _h3 _none _other}</td><td>0 or 1</td></tr>
 * </table>
 *
 * <p>Suricata's states have columns of their own: {@code established} may be any of several of
 * Zeek's, so a tier that was trained on one sensor's logs knows nothing of the other's. Of JA4 only
 * the readable first part is used. Its hashes, and JA3 as a whole, name one build of one client: a
 * tier would learn them by heart, and clients that shuffle their extensions have another JA3 each
 * time.
 */
public final class ConnEncoder implements FeatureEncoder {

    static final String NAME = "conn";
    static final int VERSION = 1;

    private static final List<String> STATES =
            List.of(
                    "S0",
                    "S1",
                    "SF",
                    "REJ",
                    "S2",
                    "S3",
                    "RSTO",
                    "RSTR",
                    "RSTOS0",
                    "RSTRH",
                    "SH",
                    "SHR",
                    "OTH",
                    "new",
                    "established",
                    "closed",
                    "bypassed");

    /** Of Zeek's history; what both sides can do is upper case where the originator did it. */
    private static final String LETTERS = "shadfrcgtwiq";

    private static final int LETTER_COUNT = LETTERS.length();
    private static final List<String> TLS_VERSIONS =
            List.of("ssl3", "10", "11", "12", "13", "other");
    private static final List<String> ALPNS = List.of("h1", "h2", "h3", "none", "other");

    /** The first part of JA4, such as {@code t13d1516h2}. */
    private static final int JA4_LENGTH = 10;

    private static final float MAX_PORT = 65_535;
    private static final int UNKNOWN = -1;

    private final boolean ports;
    private final List<String> columns;

    /**
     * @param mask of which only {@link Mask#PORTS} leaves something out here
     */
    public ConnEncoder(final Set<Mask> mask) {
        this.ports = !mask.contains(Mask.PORTS);
        this.columns = columns(ports);
    }

    private static List<String> columns(final boolean ports) {
        final List<String> names = new ArrayList<>();
        names.addAll(
                List.of(
                        "duration",
                        "orig_bytes",
                        "resp_bytes",
                        "orig_pkts",
                        "resp_pkts",
                        "orig_ip_bytes",
                        "resp_ip_bytes",
                        "orig_pkt_size",
                        "resp_pkt_size",
                        "pkt_gap",
                        "orig_bytes_share",
                        "orig_pkts_share"));
        if (ports) {
            names.addAll(List.of("orig_port", "resp_port"));
        }
        names.addAll(List.of("proto_tcp", "proto_udp", "proto_icmp", "proto_sctp"));
        STATES.forEach(state -> names.add("state_" + state));
        names.add("state_other");
        for (final String side : List.of("orig", "resp")) {
            LETTERS.chars().forEach(letter -> names.add(side + "_hist_" + (char) letter));
        }
        names.add("hist_flipped");
        TLS_VERSIONS.forEach(version -> names.add("tls_" + version));
        names.addAll(
                List.of(
                        "ja4_tcp",
                        "ja4_quic",
                        "ja4_dtls",
                        "ja4_version",
                        "ja4_sni",
                        "ja4_ciphers",
                        "ja4_extensions"));
        ALPNS.forEach(alpn -> names.add("ja4_alpn_" + alpn));
        return List.copyOf(names);
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_SUMMARY;
    }

    @Override
    public int width() {
        return columns.size();
    }

    @Override
    public int reach() {
        return 0;
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
        final FlowSummary summary = flow.summary();
        putVolumes(summary, row);
        if (ports) {
            row.put(flow.tuple().originatorPort() / MAX_PORT);
            row.put(flow.tuple().responderPort() / MAX_PORT);
        }
        putTransport(flow.tuple(), row);
        putState(summary.state(), row);
        putHistory(summary.history(), row);
        putOneHot(tlsVersion(summary.tlsVersion()), TLS_VERSIONS.size(), row);
        putJa4(summary.ja4(), row);
    }

    private static void putVolumes(final FlowSummary summary, final FloatBuffer row) {
        row.put(logarithm(summary.durationMicros()));
        row.put(logarithm(summary.originatorBytes()));
        row.put(logarithm(summary.responderBytes()));
        row.put(logarithm(summary.originatorPackets()));
        row.put(logarithm(summary.responderPackets()));
        row.put(logarithm(summary.originatorIpBytes()));
        row.put(logarithm(summary.responderIpBytes()));
        row.put(logarithmOfMean(summary.originatorIpBytes(), summary.originatorPackets()));
        row.put(logarithmOfMean(summary.responderIpBytes(), summary.responderPackets()));
        row.put(logarithmOfMean(summary.durationMicros(), summary.packets()));
        row.put(share(summary.originatorIpBytes(), summary.responderIpBytes()));
        row.put(share(summary.originatorPackets(), summary.responderPackets()));
    }

    private static void putTransport(final FlowTuple tuple, final FloatBuffer row) {
        final int column =
                switch (tuple.transport()) {
                    case TCP -> 0;
                    case UDP -> 1;
                    case ICMP, ICMP6 -> 2;
                    case SCTP -> 3;
                };
        putOneHot(column, Transport.values().length - 1, row);
    }

    private static void putState(final String state, final FloatBuffer row) {
        final int known = STATES.indexOf(state);
        final int column = state.isEmpty() || known >= 0 ? known : STATES.size();
        putOneHot(column, STATES.size() + 1, row);
    }

    private static void putHistory(final String history, final FloatBuffer row) {
        final int start = row.position();
        final float nothing = history.isEmpty() ? UNKNOWN : 0;
        final int flipped = start + 2 * LETTER_COUNT;
        for (int column = start; column <= flipped; column++) {
            row.put(nothing);
        }
        for (int i = 0; i < history.length(); i++) {
            final char letter = history.charAt(i);
            final int responder = LETTERS.indexOf(letter);
            final int originator = LETTERS.indexOf(letter | 0x20);
            if (letter == '^') {
                row.put(flipped, 1);
            } else if (responder >= 0) {
                count(start + LETTER_COUNT + responder, row);
            } else if (originator >= 0) {
                count(start + originator, row);
            }
        }
    }

    private static void count(final int column, final FloatBuffer row) {
        row.put(column, row.get(column) + 1);
    }

    /** The column of a version as Zeek ({@code TLSv12}) or Suricata ({@code TLS 1.2}) writes it. */
    private static int tlsVersion(final String version) {
        if (version.isEmpty()) {
            return UNKNOWN;
        }
        final String upper = version.toUpperCase(Locale.ROOT);
        if (upper.startsWith("SSLV")) {
            return 0;
        }
        final String digits = upper.replaceAll("[^0-9]", "");
        return switch (upper.startsWith("TLS") || upper.startsWith("DTLS") ? digits : "") {
            case "1", "10" -> 1;
            case "11" -> 2;
            case "12" -> 3;
            case "13" -> 4;
            default -> 5;
        };
    }

    private static void putJa4(final String ja4, final FloatBuffer row) {
        if (!hasReadablePart(ja4)) {
            putOneHot(UNKNOWN, 3, row);
            row.put(UNKNOWN).put(UNKNOWN).put(UNKNOWN).put(UNKNOWN);
            putOneHot(UNKNOWN, ALPNS.size(), row);
            return;
        }
        putOneHot("tqd".indexOf(ja4.charAt(0)), 3, row);
        row.put(ja4Version(ja4.substring(1, 3)));
        row.put(ja4.charAt(3) == 'd' ? 1 : 0);
        row.put(Integer.parseInt(ja4.substring(4, 6)));
        row.put(Integer.parseInt(ja4.substring(6, 8)));
        putOneHot(alpn(ja4.substring(8, JA4_LENGTH)), ALPNS.size(), row);
    }

    private static boolean hasReadablePart(final String ja4) {
        boolean readable = ja4.length() >= JA4_LENGTH && "tqd".indexOf(ja4.charAt(0)) >= 0;
        for (int i = 4; readable && i < 8; i++) {
            readable = ja4.charAt(i) >= '0' && ja4.charAt(i) <= '9';
        }
        return readable;
    }

    /** SSL 2 and 3 are s2 and s3, DTLS d1 to d3, an unknown version is 00. */
    private static float ja4Version(final String version) {
        return switch (version) {
            case "10", "d1" -> 10;
            case "11" -> 11;
            case "12", "d2" -> 12;
            case "13", "d3" -> 13;
            case "s2", "s3" -> 3;
            default -> 0;
        };
    }

    private static int alpn(final String firstAndLast) {
        return switch (firstAndLast) {
            case "h1" -> 0;
            case "h2" -> 1;
            case "h3" -> 2;
            case "00" -> 3;
            default -> 4;
        };
    }

    private static void putOneHot(final int column, final int columns, final FloatBuffer row) {
        for (int i = 0; i < columns; i++) {
            row.put(i == column ? 1 : 0);
        }
    }

    /** Strict, so that every machine gives the same bits. */
    private static float logarithm(final double number) {
        return number < 0 ? UNKNOWN : (float) StrictMath.log1p(number);
    }

    private static float logarithmOfMean(final long sum, final long count) {
        return sum < 0 || count <= 0 ? UNKNOWN : logarithm((double) sum / count);
    }

    private static float share(final long mine, final long others) {
        return mine < 0 || others < 0 || mine + others == 0
                ? UNKNOWN
                : (float) ((double) mine / ((double) mine + others));
    }
}
