/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.KnownDifferences.Key;
import io.serveflow.sensor.KnownDifferences.Known;
import io.serveflow.sensor.KnownDifferences.Numbers;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many flows of each Community ID a real Suricata 7.0.10, with the timeouts that it ships,
 * finds in public captures, and how many the reader of captures does.
 *
 * <p>They have to be the same but for those of {@link KnownDifferences}, which must still differ as
 * they did. Takes one capture in twelve, or as the system property {@code serveflow.flowSets.oneIn}
 * says; one that is named {@code serveflow.flowSets.report} is the file that every difference is
 * written to.
 */
@EnabledIf("io.serveflow.sensor.Suricata#present")
class FlowSetsTest {

    private static final int ONE_IN = Integer.getInteger("serveflow.flowSets.oneIn", 12);
    private static final String REPORT = System.getProperty("serveflow.flowSets.report", "");

    private static final String CAPTURES = "captures";
    private static final String DATED_ANEW = "captures dated anew, or without their link layer";
    private static final String SAME = "flows of both";
    private static final String ONLY_HERE = "flows here only";
    private static final String ONLY_SURICATA = "flows of Suricata only";
    private static final String TO_ITSELF = "flows of a host to itself with a wrong Community ID";

    private final Map<String, Integer> tally = new TreeMap<>();
    private final Map<Key, Numbers> different = new TreeMap<>();
    private final List<String> report = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    @EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
    void shouldFindTheFlowsThatSuricataFinds() throws Exception {
        final Suricata suricata = new Suricata(folder, Suricata.SHIPPED_TIMEOUTS);
        final Set<String> seen = new TreeSet<>();
        for (final Path file : captures()) {
            final WholeCapture capture = WholeCapture.of(file);
            final boolean readable = capture.readableForSuricata();
            count(CAPTURES, 1);
            count(DATED_ANEW, readable ? 0 : 1);
            seen.add(file.getFileName().toString());
            compare(
                    suricata,
                    file.getFileName().toString(),
                    readable ? capture : capture.madeReadableForSuricata());
        }
        final Map<Key, Numbers> known = known(seen);
        report.add(tally.toString());
        if (!REPORT.isEmpty()) {
            Files.write(Path.of(REPORT), report);
        }
        assertThat(deadLetters).isEmpty();
        assertThat(without(different, known)).as("not known: %s", report).isEmpty();
        assertThat(without(known, different)).as("known, and not so: %s", report).isEmpty();
        assertThat(tally.get(SAME)).as("%s", tally).isGreaterThan(20 * different.size());
    }

    private static List<Path> captures() throws IOException {
        final List<Path> captures = new ArrayList<>();
        for (final String set : List.of("svc/pcap", "iotdev/pcap")) {
            try (Stream<Path> files = Files.list(SharedTraffic.folder().resolve(set))) {
                final List<Path> sorted = files.sorted().toList();
                IntStream.range(0, sorted.size())
                        .filter(i -> i % ONE_IN == 0)
                        .mapToObj(sorted::get)
                        .forEach(captures::add);
            }
        }
        return captures;
    }

    /** Those of the captures that were looked at; all of them if every capture was. */
    private Map<Key, Numbers> known(final Set<String> captures) throws IOException {
        final Map<Key, Numbers> known = new TreeMap<>();
        for (final Map.Entry<Key, Known> row : KnownDifferences.read().entrySet()) {
            if (ONE_IN == 1 || captures.contains(row.getKey().capture())) {
                known.put(row.getKey(), row.getValue().numbers());
                count("Community IDs " + row.getValue().reason(), 1);
            }
        }
        return known;
    }

    private static Map<Key, Numbers> without(
            final Map<Key, Numbers> some, final Map<Key, Numbers> others) {
        final Map<Key, Numbers> rest = new TreeMap<>(some);
        rest.entrySet().removeAll(others.entrySet());
        return rest;
    }

    private void compare(final Suricata suricata, final String name, final WholeCapture capture)
            throws IOException, InterruptedException {
        final Path whole = capture.write(folder.resolve("whole.pcap"), frame -> true);
        suricata.read(whole);
        final Map<String, List<Suricata.Flow>> theirs = new HashMap<>();
        for (final Suricata.Flow flow : suricata.flows()) {
            theirs.computeIfAbsent(idOf(flow), id -> new ArrayList<>()).add(flow);
        }
        final Map<String, List<FlowRecord>> ours = firstRecords(whole);
        final Set<String> ids = new TreeSet<>(ours.keySet());
        ids.addAll(theirs.keySet());
        for (final String id : ids) {
            final List<FlowRecord> here = ours.getOrDefault(id, List.of());
            final List<Suricata.Flow> there = theirs.getOrDefault(id, List.of());
            count(SAME, Math.min(here.size(), there.size()));
            if (here.size() != there.size()) {
                different.put(new Key(name, id), new Numbers(here.size(), there.size()));
                count(
                        here.size() > there.size() ? ONLY_HERE : ONLY_SURICATA,
                        Math.abs(here.size() - there.size()));
                report.add(
                        "%s\t%s\t%d\t%d\t%s\t%s"
                                .formatted(
                                        name,
                                        id,
                                        here.size(),
                                        there.size(),
                                        here.stream().map(FlowSetsTest::describe).toList(),
                                        there));
            }
        }
    }

    private static String describe(final FlowRecord record) {
        return record.tuple() + " " + record.startMicros() + " " + record.tunnel();
    }

    /**
     * The Community ID of a flow of Suricata's, worked out from its addresses and ports: its own is
     * the same, but that of a host to itself may have the ports the wrong way round.
     */
    private String idOf(final Suricata.Flow flow) {
        final String id = flow.endpoints().replaceFirst("\\[.*", "");
        if (!id.equals(flow.communityId())) {
            assertThat(flow.toItself()).as("%s", flow).isTrue();
            assertThat(flow.communityId()).as("%s", flow).isEqualTo(idWithPortsSwapped(flow));
            count(TO_ITSELF, 1);
        }
        return id;
    }

    /** What Suricata 7 hashes for a host to itself: the ports ordered by their swapped bytes. */
    private static String idWithPortsSwapped(final Suricata.Flow flow) {
        final byte[] address = IpAddress.parse(flow.ends().iterator().next());
        final ByteBuffer hashed = ByteBuffer.allocate(2 + 2 * address.length + 2 + 4);
        hashed.putShort((short) 0).put(address).put(address);
        hashed.put((byte) (flow.tcp() ? Transport.TCP : Transport.UDP).number()).put((byte) 0);
        flow.ports().stream()
                .map(port -> Short.reverseBytes(port.shortValue()) & 0xffff)
                .sorted()
                .forEach(swapped -> hashed.putShort(Short.reverseBytes(swapped.shortValue())));
        try {
            return "1:"
                    + Base64.getEncoder()
                            .encodeToString(
                                    MessageDigest.getInstance("SHA-1").digest(hashed.array()));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, List<FlowRecord>> firstRecords(final Path capture) throws IOException {
        final Map<String, List<FlowRecord>> records = new HashMap<>();
        for (final FlowRecord record :
                AllRecords.of(
                        SensorInput.open(
                                capture,
                                SensorFormats.installed(),
                                FlowAssembler.Options.defaults("lab"),
                                new Ledger(),
                                deadLetters::add))) {
            if (record.stage() == FlowRecord.Stage.FIRST) {
                records.computeIfAbsent(record.communityId(), id -> new ArrayList<>()).add(record);
            }
        }
        return records;
    }

    private void count(final String what, final int n) {
        if (n > 0) {
            tally.merge(what, n, Integer::sum);
        }
    }
}
