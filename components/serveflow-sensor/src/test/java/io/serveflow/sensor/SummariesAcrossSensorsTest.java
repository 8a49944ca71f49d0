/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The IP bytes that the summaries of a real Suricata have of 105 captures, against those of Zeek's
 * {@code conn.log} of the same: one number for each side of a TCP or UDP flow of which both counted
 * as many packets.
 */
@EnabledIf("io.serveflow.sensor.Suricata#present")
class SummariesAcrossSensorsTest {

    private static final String SAME = "sides with the same IP bytes";
    private static final String PADDED = "sides with up to 18 bytes a packet more in Suricata";

    /** Padding of Ethernet: a frame of 60 bytes with the shortest packet, UDP without payload. */
    private static final int LONGEST_PADDING = 60 - 14 - 28;

    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final Map<String, Integer> tally = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    @EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
    void shouldCountTheIpBytesThatZeekCounts() throws Exception {
        final Suricata suricata = new Suricata(folder);
        for (final Path log : logs()) {
            final WholeCapture capture = WholeCapture.of(captureOf(log));
            if (capture.readableForSuricata()) {
                suricata.read(capture.write(folder.resolve("whole.pcap"), frame -> true));
                compare(log, summaries(log), summaries(suricata.flowLog()));
            }
        }
        assertThat(deadLetters).isEmpty();
        assertThat(differences).as("%s", tally).isEmpty();
        assertThat(tally).isEqualTo(Map.of(SAME, 4_504, PADDED, 196));
    }

    private void compare(
            final Path log,
            final Map<String, FlowRecord> ofZeek,
            final Map<String, FlowRecord> ofSuricata) {
        ofSuricata.forEach(
                (key, record) -> {
                    final FlowRecord other = ofZeek.get(key);
                    if (other == null) {
                        return;
                    }
                    compare(
                            log + " " + key,
                            record.summary().originatorPackets(),
                            record.summary().originatorIpBytes(),
                            other.summary().originatorPackets(),
                            other.summary().originatorIpBytes());
                    compare(
                            log + " " + key,
                            record.summary().responderPackets(),
                            record.summary().responderIpBytes(),
                            other.summary().responderPackets(),
                            other.summary().responderIpBytes());
                });
    }

    private void compare(
            final String flow,
            final long packets,
            final long bytes,
            final long packetsOfZeek,
            final long bytesOfZeek) {
        if (packets == 0 || packets != packetsOfZeek) {
            return;
        }
        final long more = bytes - bytesOfZeek;
        if (more == 0) {
            count(SAME);
        } else if (more > 0 && more <= LONGEST_PADDING * packets) {
            count(PADDED);
        } else {
            differences.add(
                    "%s: %d packets, %d and %d".formatted(flow, packets, bytes, bytesOfZeek));
        }
    }

    private void count(final String what) {
        tally.merge(what, 1, Integer::sum);
    }

    private static List<Path> logs() throws IOException {
        final List<Path> logs = new ArrayList<>();
        for (final String set : List.of("zeek-logs", "zeek-8.0.10")) {
            try (Stream<Path> folders = Files.list(SharedTraffic.folder().resolve(set))) {
                for (final Path captured : folders.sorted().toList()) {
                    logs.add(
                            set.equals("zeek-logs")
                                    ? captured.resolve("json/conn.log")
                                    : captured.resolve("conn.log.gz"));
                }
            }
        }
        return logs;
    }

    private static Path captureOf(final Path log) throws IOException {
        final Path parent = log.getParent();
        final Path captured = parent.endsWith("json") ? parent.getParent() : parent;
        return SharedTraffic.captureOf(captured.getFileName().toString());
    }

    /** By transport, endpoints and start, which both have. */
    private Map<String, FlowRecord> summaries(final Path log) throws IOException {
        final Map<String, FlowRecord> summaries = new HashMap<>();
        for (final FlowRecord record :
                AllRecords.of(
                        SensorInput.open(
                                log,
                                SensorFormats.installed(),
                                FlowAssembler.Options.defaults("lab"),
                                new Ledger(),
                                deadLetters::add))) {
            final Transport transport = record.tuple().transport();
            if (transport == Transport.TCP || transport == Transport.UDP) {
                final String originator = record.tuple().originator();
                summaries.put(
                        record.communityId()
                                + " "
                                + record.startMicros()
                                + " "
                                + record.tuple().originatorPort()
                                + (originator.indexOf(':') < 0 ? "" : " IPv6"),
                        record);
            }
        }
        return summaries;
    }
}
