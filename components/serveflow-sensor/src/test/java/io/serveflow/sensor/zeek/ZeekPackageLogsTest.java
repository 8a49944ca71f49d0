/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Packets;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.AllRecords;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.sensor.WholeCapture;
import io.serveflow.testing.samples.Gzip;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The logs that a Zeek 8.0.10 with the package wrote of 75 captures, 40 of them the samples,
 * against the records that the captures make here.
 */
@EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
class ZeekPackageLogsTest {

    private static final String SAME = "records of both, the same but for the uid";

    /** Zeek counts what comes after both FINs, which begins and continues no flow here. */
    private static final String LAST_ACK =
            "records of both, Zeek's with packets after the end of the flow";

    /** The package looks at its wait once a second. */
    private static final String WAITED_LONGER =
            "records of both, Zeek's with packets of the second after the wait";

    /** For Zeek a server's port makes its host the responder, whoever sent packet 1. */
    private static final String TURNED =
            "records of both, with the roles that Zeek turned at packet 1";

    /** Zeek ends a DNS connection 10 s after the query. */
    private static final String DNS_END = "records of both, with another reason for the end";

    /** 8.0.10 orders the ports by their bytes in memory. */
    private static final String TO_ITSELF =
            "records of a host to itself under another Community ID";

    private static final int TEREDO = 3_544;

    /** The connection that carries Teredo is one for Zeek, and none here. */
    private static final String CARRIER = "records of Zeek of what carries a tunnel";

    /** Zeek does not open a tunnel's packet that the capture cut. */
    private static final String CUT = "records of both in a tunnel, with fewer packets in Zeek";

    private static final String BEGUN_BY_ZEEK = "records of flows that begin anew for Zeek";
    private static final String BEGUN_HERE = "records of flows that begin anew here";

    /** Time that steps back ends all waits and timeouts for Zeek. */
    private static final String OUT_OF_ORDER = "captures that step back in time";

    private final Ledger ledger = new Ledger();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("logs")
    void shouldReadEveryLineOfThePackage(final Path logs) throws IOException {
        final Path log = logs.resolve("serveflow.log.gz");
        final List<FlowRecord> records = read(log);
        assertThat(deadLetters).isEmpty();
        assertThat(records).isNotEmpty();
        assertThat(records.size() + ledger.total(Ledger.Entry.SKIPPED)).isEqualTo(lines(log));
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED).keySet()).isSubsetOf("other_transport");
    }

    @ParameterizedTest
    @MethodSource("logs")
    void shouldReadEveryLineOfTheConnLog(final Path logs) throws IOException {
        final Path log = logs.resolve("conn.log.gz");
        final List<FlowRecord> records = read(log);
        assertThat(deadLetters).isEmpty();
        assertThat(records.size() + ledger.total(Ledger.Entry.SKIPPED)).isEqualTo(lines(log));
        assertThat(ledger.byDetail(Ledger.Entry.SKIPPED).keySet())
                .isSubsetOf("not_a_flow_protocol");
    }

    @Test
    void shouldMakeTheRecordsThatTheCapturesMake() throws IOException {
        final Map<String, Integer> tally = new TreeMap<>();
        final List<String> differences = new ArrayList<>();
        for (final Path logs : logs().toList()) {
            final Path capture = SharedTraffic.captureOf(logs.getFileName().toString());
            if (!WholeCapture.of(capture).timeGoesOn()) {
                tally.merge(OUT_OF_ORDER, 1, Integer::sum);
                continue;
            }
            final Map<String, FlowRecord> here = byKey(read(capture));
            final Map<String, FlowRecord> ofZeek = byKey(read(logs.resolve("serveflow.log.gz")));
            final Set<Set<String>> tunnels = tunnels(here.values());
            ofZeek.forEach(
                    (key, record) -> {
                        final FlowRecord other = here.remove(key);
                        final String what =
                                other == null ? alone(record, tunnels) : both(record, other);
                        tally.merge(what, 1, Integer::sum);
                        if (what.isEmpty()) {
                            differences.add(logs.getFileName() + " " + key);
                        }
                    });
            here.values()
                    .forEach(
                            record ->
                                    tally.merge(
                                            toItself(record) ? TO_ITSELF : BEGUN_HERE,
                                            1,
                                            Integer::sum));
        }
        assertThat(deadLetters).isEmpty();
        assertThat(differences).as("%s", tally).isEmpty();
        assertThat(tally)
                .isEqualTo(
                        Map.ofEntries(
                                Map.entry(SAME, 2_909),
                                Map.entry(LAST_ACK, 134),
                                Map.entry(WAITED_LONGER, 6),
                                Map.entry(TURNED, 52),
                                Map.entry(DNS_END, 10),
                                Map.entry(TO_ITSELF, 4),
                                Map.entry(CARRIER, 6),
                                Map.entry(CUT, 1),
                                Map.entry(BEGUN_BY_ZEEK, 4),
                                Map.entry(OUT_OF_ORDER, 1)));
    }

    private static String alone(final FlowRecord ofZeek, final Set<Set<String>> tunnels) {
        if (toItself(ofZeek)) {
            return TO_ITSELF;
        }
        return ofZeek.tuple().responderPort() == TEREDO
                        || tunnels.contains(
                                ends(ofZeek.tuple().originator(), ofZeek.tuple().responder()))
                ? CARRIER
                : BEGUN_BY_ZEEK;
    }

    /** The ends of the tunnels that flows were found in. */
    private static Set<Set<String>> tunnels(final Collection<FlowRecord> records) {
        return records.stream()
                .flatMap(record -> record.tunnel().stream())
                .map(tunnel -> ends(tunnel.source(), tunnel.destination()))
                .collect(Collectors.toSet());
    }

    private static Set<String> ends(final String one, final String other) {
        return new TreeSet<>(List.of(one, other));
    }

    private static String both(final FlowRecord ofZeek, final FlowRecord here) {
        final boolean turned = !ofZeek.tuple().equals(here.tuple());
        final List<String> packets = describe(ofZeek, turned);
        final List<String> common = describe(here, false);
        if (packets.equals(common)) {
            if (turned) {
                return TURNED;
            }
            return ofZeek.end() == here.end() ? SAME : DNS_END;
        }
        if (here.tunnel().isPresent()
                && common.size() > packets.size()
                && common.subList(0, packets.size()).equals(packets)) {
            return CUT;
        }
        final boolean longer =
                packets.size() > common.size() && packets.subList(0, common.size()).equals(common);
        if (!longer || turned || here.end() == FlowRecord.End.DEPTH) {
            return "";
        }
        return here.end() == FlowRecord.End.END ? LAST_ACK : WAITED_LONGER;
    }

    private static boolean toItself(final FlowRecord record) {
        return record.tuple().originator().equals(record.tuple().responder());
    }

    /** All there is of each packet; from the other side if that is asked. */
    private static List<String> describe(final FlowRecord record, final boolean turned) {
        final Packets packets = record.packets();
        return IntStream.range(0, packets.count())
                .mapToObj(
                        i ->
                                packets.offsetMicros(i)
                                        + " "
                                        + (packets.fromOriginator(i) != turned)
                                        + " "
                                        + packets.length(i)
                                        + " "
                                        + HexFormat.of()
                                                .formatHex(
                                                        packets.bytes(),
                                                        packets.start(i),
                                                        packets.end(i)))
                .toList();
    }

    /** Records by what is the same for both, with a number where that is not enough. */
    private static Map<String, FlowRecord> byKey(final List<FlowRecord> records) {
        final Map<String, FlowRecord> byKey = new LinkedHashMap<>();
        for (final FlowRecord record : records) {
            final String key =
                    record.communityId() + " " + record.startMicros() + " " + record.stage();
            int same = 1;
            while (byKey.putIfAbsent(key + " " + same, record) != null) {
                same++;
            }
        }
        return byKey;
    }

    private static long lines(final Path log) throws IOException {
        return Gzip.text(log).lines().count();
    }

    static Stream<Path> logs() throws IOException {
        try (Stream<Path> folders = Files.list(SharedTraffic.folder().resolve("zeek-8.0.10"))) {
            return folders.sorted().toList().stream();
        }
    }

    private List<FlowRecord> read(final Path file) throws IOException {
        return AllRecords.of(
                SensorInput.open(
                        file,
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("lab").withHelloSnap(0),
                        ledger,
                        deadLetters::add));
    }
}
