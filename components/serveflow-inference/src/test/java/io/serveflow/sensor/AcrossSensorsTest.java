/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.feature.FeatureEncoder;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.feature.Mask;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The flows of 30 captures as Zeek 8.0.9, the Suricata installed here and our own reader of
 * captures tell them: joined by Community ID and start, with the same features at packet 1.
 */
@EnabledIf("io.serveflow.sensor.Suricata#present")
class AcrossSensorsTest {

    private static final String JOINED = "flows joined";
    private static final String TURNED = "flows joined of which Zeek turned the roles round";

    /**
     * Zeek writes who sent a packet when it comes, and the roles as they are when it writes the
     * row.
     */
    private static final String TURNED_LATE =
            "flows joined of which Zeek turned the roles after packet 1";

    /**
     * Zeek 8.0.9 and Suricata 7.0.10, whose ids are taken as they stand, order the ports by their
     * bytes in memory; captures have the specification's.
     */
    private static final String TO_ITSELF = "flows of a host to itself with a wrong Community ID";

    /**
     * Each has its own timeouts after which the same endpoints are a new flow, of UDP Zeek a
     * shorter one; and the sensors have the flows of a tunnel's ends beside those inside.
     */
    private static final String OTHER_START = "flows that begin at another packet";

    /** The script that wrote Zeek's logs was a sketch. */
    private static final String OUTER_PACKET =
            "flows in tunnels of which Zeek gave the tunnel's packet";

    private static final List<FeatureEncoder> ENCODERS =
            List.of(
                    FeatureEncoders.of(new FeatureSpec("nprint", 1, 1, Set.of())),
                    FeatureEncoders.of(new FeatureSpec("nprint", 1, 1, Set.of(Mask.values()))),
                    FeatureEncoders.of(new FeatureSpec("sequence", 1, 1, Set.of())));

    private final List<String> differences = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    @EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
    void shouldJoinSuricataWithTheCaptureAndZeekWithBoth() throws Exception {
        final Suricata suricata = new Suricata(folder);
        final Map<String, Integer> withSuricata = new TreeMap<>();
        final Map<String, Integer> zeekWithCapture = new TreeMap<>();
        final Map<String, Integer> zeekWithSuricata = new TreeMap<>();
        for (final Path logs : logs()) {
            final WholeCapture capture =
                    WholeCapture.of(
                            SharedTraffic.folder()
                                    .resolve("svc/pcap")
                                    .resolve(logs.getFileName() + ".pcap"));
            final Path whole = capture.write(folder.resolve("whole.pcap"), frame -> true);
            suricata.read(whole);
            final Map<String, FlowRecord> fromCapture = firstRecords(whole);
            final Map<String, FlowRecord> fromSuricata = firstRecords(suricata.eve());
            final Map<String, FlowRecord> fromZeek =
                    firstRecords(logs.resolve("json/serveflow.log"));
            join(logs, fromSuricata, fromCapture, withSuricata);
            join(logs, fromZeek, fromCapture, zeekWithCapture);
            join(logs, fromZeek, fromSuricata, zeekWithSuricata);
        }
        assertThat(differences).isEmpty();
        assertThat(withSuricata).isEqualTo(Map.of(JOINED, 1_323, TO_ITSELF, 2, OTHER_START, 2));
        assertThat(zeekWithCapture)
                .isEqualTo(
                        Map.of(
                                JOINED, 1_269,
                                TURNED, 43,
                                TURNED_LATE, 2,
                                TO_ITSELF, 2,
                                OUTER_PACKET, 1,
                                OTHER_START, 187));
        assertThat(zeekWithSuricata)
                .isEqualTo(
                        Map.of(
                                JOINED, 1_273,
                                TURNED, 43,
                                TURNED_LATE, 2,
                                OUTER_PACKET, 1,
                                OTHER_START, 185));
    }

    private static List<Path> logs() throws IOException {
        try (Stream<Path> folders = Files.list(SharedTraffic.folder().resolve("zeek-logs"))) {
            return folders.sorted().toList();
        }
    }

    private void join(
            final Path capture,
            final Map<String, FlowRecord> ones,
            final Map<String, FlowRecord> others,
            final Map<String, Integer> tally) {
        ones.forEach(
                (key, one) -> {
                    final FlowRecord other = others.get(key);
                    final FlowTuple tuple = one.tuple();
                    if (other != null
                            && other.tunnel().isPresent()
                            && one.packets().length(0) > other.packets().length(0)) {
                        count(tally, OUTER_PACKET);
                    } else if (other != null) {
                        final String how = roles(one, other);
                        count(tally, how);
                        compare(
                                capture.getFileName() + " " + key,
                                packetOne(one, how.equals(TURNED)),
                                packetOne(other, false));
                    } else if (tuple.originator().equals(tuple.responder())) {
                        count(tally, TO_ITSELF);
                    } else {
                        count(tally, OTHER_START);
                    }
                });
    }

    private static String roles(final FlowRecord one, final FlowRecord other) {
        if (one.tuple().equals(other.tuple())) {
            return JOINED;
        }
        final boolean sameSender =
                one.packets().fromOriginator(0) == other.packets().fromOriginator(0);
        return sameSender ? TURNED_LATE : TURNED;
    }

    private void compare(final String flow, final FlowRecord one, final FlowRecord other) {
        for (final FeatureEncoder encoder : ENCODERS) {
            if (!row(encoder, one).equals(row(encoder, other))) {
                differences.add(
                        flow + ": " + encoder.columns().get(0) + one.packets() + other.packets());
            }
        }
    }

    private static FloatBuffer row(final FeatureEncoder encoder, final FlowRecord record) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(record, row);
        return row.flip();
    }

    /**
     * The record of a flow's first packet, without what Ethernet padded behind its end, and from
     * the other side if that is asked.
     */
    private static FlowRecord packetOne(final FlowRecord record, final boolean turned) {
        final Packets packets = record.packets();
        final int end = Math.min(packets.length(0), ipLength(packets.bytes(), packets.length(0)));
        return new FlowRecord(
                new FlowId("lab", "C"),
                record.tuple(),
                record.communityId(),
                record.startMicros(),
                record.stage(),
                record.end(),
                new Packets.Builder()
                        .add(
                                0,
                                packets.fromOriginator(0) != turned,
                                end,
                                packets.bytes(),
                                0,
                                Math.min(end, packets.end(0)))
                        .build(),
                0);
    }

    private static int ipLength(final byte[] packet, final int otherwise) {
        final boolean ipv4 = packet[0] >>> 4 == 4;
        final int at = ipv4 ? 2 : 4;
        final int stated = (packet[at] & 0xff) << 8 | packet[at + 1] & 0xff;
        return stated == 0 ? otherwise : stated + (ipv4 ? 0 : 40);
    }

    private static Map<String, FlowRecord> firstRecords(final Path file) throws IOException {
        final List<DeadLetter> deadLetters = new ArrayList<>();
        final Map<String, FlowRecord> records = new LinkedHashMap<>();
        for (final FlowRecord record :
                AllRecords.of(
                        SensorInput.open(
                                file,
                                SensorFormats.installed(),
                                FlowAssembler.Options.defaults("lab"),
                                new Ledger(),
                                deadLetters::add))) {
            if (record.stage() == FlowRecord.Stage.FIRST) {
                records.putIfAbsent(record.communityId() + " " + record.startMicros(), record);
            }
        }
        assertThat(deadLetters).isEmpty();
        return records;
    }

    private static void count(final Map<String, Integer> tally, final String what) {
        tally.merge(what, 1, Integer::sum);
    }
}
