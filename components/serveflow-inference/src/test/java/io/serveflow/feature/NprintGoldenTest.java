/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.Packets;
import io.serveflow.flow.SampleFlows;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Compares the encoder with what nPrint 1.2.1 ({@code -4 -t -u}) printed for real captures. */
@EnabledIf("dataPresent")
class NprintGoldenTest {

    private static final Path DATA = SharedTraffic.folder();

    private static final int LINK_ETHERNET = 1;
    private static final int IPV4_COLUMNS = 480;
    private static final int COLUMNS = 1024;

    static boolean dataPresent() {
        return Files.isDirectory(DATA.resolve("nprint-golden"));
    }

    @Test
    void shouldPrintWhatNprintPrints() throws IOException {
        int ipv4 = 0;
        int ipv6 = 0;
        int cut = 0;
        try (DirectoryStream<Path> captures =
                Files.newDirectoryStream(DATA.resolve("nprint-golden"), "*.csv.gz")) {
            for (final Path golden : captures) {
                final String name = golden.getFileName().toString().replace(".csv.gz", "");
                final List<byte[]> rows = goldenRows(golden);
                final List<byte[]> packets =
                        ipPackets(DATA.resolve("svc/pcap").resolve(name + ".pcap"), rows.size());
                assertThat(packets).as(name).hasSameSizeAs(rows);
                for (int i = 0; i < rows.size(); i++) {
                    final byte[] packet = packets.get(i);
                    final byte[] printed = print(packet);
                    final byte[] expected = rows.get(i);
                    final boolean isIpv4 = packet[0] >>> 4 == 4;
                    // nPrint prints no IP header for IPv6 here; this encoder does.
                    final int from = isIpv4 ? 0 : IPV4_COLUMNS;
                    if (headersCut(packet)) {
                        // nPrint reads behind the packet; what is there it prints in the same way.
                        assertKnownColumnsEqual(name, i, printed, expected, from);
                        cut++;
                    } else {
                        assertThat(Arrays.copyOfRange(printed, from, COLUMNS))
                                .as("%s, packet %d", name, i + 1)
                                .isEqualTo(Arrays.copyOfRange(expected, from, COLUMNS));
                    }
                    if (isIpv4) {
                        ipv4++;
                    } else {
                        ipv6++;
                    }
                }
            }
        }
        assertThat(ipv4).isEqualTo(4244);
        assertThat(ipv6).isEqualTo(419);
        assertThat(cut).isEqualTo(1);
    }

    private static void assertKnownColumnsEqual(
            final String name,
            final int packet,
            final byte[] printed,
            final byte[] expected,
            final int from) {
        for (int column = from; column < COLUMNS; column++) {
            if (printed[column] != -1) {
                assertThat(printed[column])
                        .as("%s, packet %d, column %d", name, packet + 1, column)
                        .isEqualTo(expected[column]);
            }
        }
    }

    /** Whether a TCP header without IPv6 extension headers ends behind the captured bytes. */
    private static boolean headersCut(final byte[] packet) {
        final boolean isIpv4 = packet[0] >>> 4 == 4;
        final int protocol = packet[isIpv4 ? 9 : 6];
        final int transport = isIpv4 ? (packet[0] & 0x0f) * 4 : 40;
        return protocol == 6
                && (packet.length < transport + 20
                        || packet.length < transport + ((packet[transport + 12] & 0xf0) >>> 4) * 4);
    }

    private static byte[] print(final byte[] packet) {
        final NprintEncoder encoder = new NprintEncoder(1, Set.of());
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(
                SampleFlows.context(
                        new Packets.Builder()
                                .add(0, true, packet.length, packet, 0, packet.length)),
                row);
        final byte[] printed = new byte[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            printed[i] = (byte) row.get(i);
        }
        return printed;
    }

    private static List<byte[]> goldenRows(final Path csv) throws IOException {
        try (BufferedReader lines = new BufferedReader(new StringReader(Gzip.text(csv)))) {
            lines.readLine();
            final List<byte[]> rows = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final String[] cells = line.split(",");
                assertThat(cells).hasSize(1 + COLUMNS);
                final byte[] row = new byte[COLUMNS];
                for (int i = 0; i < COLUMNS; i++) {
                    row[i] = Byte.parseByte(cells[i + 1]);
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** The first packets of a little-endian capture, from the IP header on. */
    private static List<byte[]> ipPackets(final Path pcap, final int count) throws IOException {
        final ByteBuffer capture =
                ByteBuffer.wrap(Files.readAllBytes(pcap)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(capture.getInt(0)).as("pcap magic of %s", pcap).isEqualTo(0xa1b2c3d4);
        final int linkHeader = capture.getInt(20) == LINK_ETHERNET ? 14 : 0;
        final List<byte[]> packets = new ArrayList<>();
        int at = 24;
        while (packets.size() < count && at < capture.limit()) {
            final int captured = capture.getInt(at + 8);
            final byte[] packet = new byte[captured - linkHeader];
            capture.get(at + 16 + linkHeader, packet);
            packets.add(packet);
            at += 16 + captured;
        }
        return packets;
    }
}
