/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many flows of each Community ID a real Suricata, with the times-out that it ships, finds in
 * real captures, and how many the reader of captures does.
 *
 * <p>Where they differ, what the capture itself shows of the endpoints has to explain it; {@code
 * docs/reference/flows-compared.md} says how often each reason is, and looks at examples. Takes one
 * capture in twelve, or as the system property {@code serveflow.flowSets.oneIn} says; one that is
 * named {@code serveflow.flowSets.report} is the file that every difference is written to.
 */
@EnabledIf("io.serveflow.sensor.Suricata#present")
class FlowSetsTest {

    private static final int ONE_IN = Integer.getInteger("serveflow.flowSets.oneIn", 12);
    private static final String REPORT = System.getProperty("serveflow.flowSets.report", "");

    /** The shortest times-out of either for endpoints that do not speak. */
    private static final long SHORTEST_TIMEOUT_MICROS = 30_000_000;

    /** GTP-U, Teredo, VXLAN, GENEVE. */
    private static final Set<Integer> TUNNEL_PORTS = Set.of(2_152, 3_544, 4_789, 6_081);

    private static final String CAPTURES = "captures";
    private static final String NOT_READABLE = "captures that Suricata cannot read or date";
    private static final String SAME = "flows of both";
    private static final String ONLY_HERE = "flows here only";
    private static final String ONLY_SURICATA = "flows of Suricata only";

    /** Each difference is a Community ID of a capture. */
    private enum Reason {
        /** Fragments that do not make a datagram, and headers that state lengths that are not. */
        BROKEN("of fragments alone or broken packets, which Suricata does not take"),
        /** There is only what is inside here; Suricata has the outer flow as well. */
        CARRIER("of what carries a tunnel, which is no flow here"),
        INSIDE("inside tunnels that one of the two does not open"),
        LINK("behind a link layer that Suricata does not read"),
        VLANS("of the same endpoints in several VLANs, which are one flow here"),
        PAUSE("with a pause after which one of the two begins a new flow"),
        ANEW("that a SYN begins anew for one of the two");

        private final String words;

        Reason(final String words) {
            this.words = "Community IDs " + words;
        }
    }

    /**
     * What the capture shows of two endpoints.
     *
     * @param vlans the different lists of VLANs that their packets had
     * @param times when their packets came, microseconds
     */
    private record Traffic(Set<String> vlans, List<Long> times) {

        static final Traffic NONE = new Traffic(Set.of(), List.of());

        boolean pauses() {
            return IntStream.range(1, times.size())
                    .anyMatch(i -> times.get(i) - times.get(i - 1) >= SHORTEST_TIMEOUT_MICROS);
        }
    }

    private final Map<String, Integer> tally = new TreeMap<>();
    private final List<String> report = new ArrayList<>();
    private final List<String> unexplained = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    @EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
    void shouldFindTheFlowsThatSuricataFinds() throws Exception {
        final Suricata suricata = new Suricata(folder, Suricata.SHIPPED_TIMEOUTS);
        for (final Path file : captures()) {
            final WholeCapture capture = WholeCapture.of(file);
            if (capture.readableForSuricata()) {
                count(CAPTURES, 1);
                compare(suricata, file.getFileName().toString(), capture);
            } else {
                count(NOT_READABLE, 1);
            }
        }
        if (!REPORT.isEmpty()) {
            report.add(tally.toString());
            Files.write(Path.of(REPORT), report);
        }
        assertThat(deadLetters).isEmpty();
        assertThat(unexplained).as("%s", tally).isEmpty();
        final int different =
                tally.getOrDefault(ONLY_HERE, 0) + tally.getOrDefault(ONLY_SURICATA, 0);
        assertThat(tally.get(SAME)).as("%s", tally).isGreaterThan(20 * different);
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

    private void compare(final Suricata suricata, final String name, final WholeCapture capture)
            throws IOException, InterruptedException {
        final Path whole = capture.write(folder.resolve("whole.pcap"), frame -> true);
        suricata.read(whole);
        final Map<String, List<Suricata.Flow>> theirs = new HashMap<>();
        for (final Suricata.Flow flow : suricata.flows()) {
            theirs.computeIfAbsent(idOf(flow.endpoints()), id -> new ArrayList<>()).add(flow);
        }
        final Map<String, List<FlowRecord>> ours = firstRecords(whole);
        final Map<String, Traffic> traffic = traffic(capture);
        final Set<Set<String>> tunnels = tunnels(ours);
        final Set<String> ids = new TreeSet<>(ours.keySet());
        ids.addAll(theirs.keySet());
        for (final String id : ids) {
            final List<FlowRecord> here = ours.getOrDefault(id, List.of());
            final List<Suricata.Flow> there = theirs.getOrDefault(id, List.of());
            count(SAME, Math.min(here.size(), there.size()));
            if (here.size() == there.size()) {
                continue;
            }
            count(
                    here.size() > there.size() ? ONLY_HERE : ONLY_SURICATA,
                    Math.abs(here.size() - there.size()));
            final Optional<Reason> reason =
                    reason(here, there, traffic.getOrDefault(id, Traffic.NONE), tunnels);
            reason.ifPresent(r -> count(r.words, 1));
            final String line =
                    "%s %s %s: %d here, %d in Suricata: %s %s"
                            .formatted(
                                    reason.map(Reason::name).orElse("UNEXPLAINED"),
                                    name,
                                    id,
                                    here.size(),
                                    there.size(),
                                    here.isEmpty() ? "" : here.get(0).tuple(),
                                    there);
            report.add(line);
            if (reason.isEmpty()) {
                unexplained.add(line);
            }
        }
    }

    private static Optional<Reason> reason(
            final List<FlowRecord> here,
            final List<Suricata.Flow> there,
            final Traffic traffic,
            final Set<Set<String>> tunnels) {
        if (here.isEmpty() && there.stream().anyMatch(flow -> carries(flow, tunnels))) {
            return Optional.of(Reason.CARRIER);
        }
        if (here.stream().anyMatch(record -> record.tunnel().isPresent())
                || there.size() > here.size() && traffic.times().isEmpty()) {
            return Optional.of(Reason.INSIDE);
        }
        if (there.isEmpty()) {
            return Optional.of(traffic.times().isEmpty() ? Reason.BROKEN : Reason.LINK);
        }
        if (traffic.vlans().size() > 1) {
            return Optional.of(Reason.VLANS);
        }
        if (traffic.pauses()) {
            return Optional.of(Reason.PAUSE);
        }
        return there.get(0).tcp() ? Optional.of(Reason.ANEW) : Optional.empty();
    }

    /** Whether there is a flow in it, or it is on a tunnel's port with ICMP or nothing in it. */
    private static boolean carries(final Suricata.Flow flow, final Set<Set<String>> tunnels) {
        return tunnels.contains(flow.ends())
                || !flow.tcp() && flow.ports().stream().anyMatch(TUNNEL_PORTS::contains);
    }

    private Map<String, List<FlowRecord>> firstRecords(final Path capture) throws IOException {
        final Map<String, List<FlowRecord>> records = new HashMap<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        capture,
                        Optional.empty(),
                        FlowAssembler.Options.defaults("lab"),
                        new Ledger(),
                        deadLetters::add)) {
            for (Optional<FlowRecord> next = source.next();
                    next.isPresent();
                    next = source.next()) {
                if (next.get().stage() == FlowRecord.Stage.FIRST) {
                    records.computeIfAbsent(next.get().communityId(), id -> new ArrayList<>())
                            .add(next.get());
                }
            }
        }
        return records;
    }

    private static Map<String, Traffic> traffic(final WholeCapture capture) {
        final Map<String, Traffic> traffic = new HashMap<>();
        for (final WholeCapture.Frame frame : capture.frames()) {
            capture.endpoints(frame)
                    .ifPresent(
                            endpoints -> {
                                final Traffic of =
                                        traffic.computeIfAbsent(
                                                idOf(endpoints),
                                                id ->
                                                        new Traffic(
                                                                new HashSet<>(),
                                                                new ArrayList<>()));
                                of.vlans().add(endpoints.substring(idOf(endpoints).length()));
                                of.times().add(frame.micros());
                            });
        }
        return traffic;
    }

    /** The ends of the tunnels that flows were found in here. */
    private static Set<Set<String>> tunnels(final Map<String, List<FlowRecord>> records) {
        final Set<Set<String>> tunnels = new HashSet<>();
        for (final List<FlowRecord> ofId : records.values()) {
            for (final FlowRecord record : ofId) {
                record.tunnel().map(FlowSetsTest::ends).ifPresent(tunnels::add);
            }
        }
        return tunnels;
    }

    private static Set<String> ends(final FlowTunnel tunnel) {
        return new TreeSet<>(List.of(tunnel.source(), tunnel.destination()));
    }

    /** The Community ID of endpoints, without the VLANs. */
    private static String idOf(final String endpoints) {
        final int vlans = endpoints.indexOf('[');
        return vlans < 0 ? endpoints : endpoints.substring(0, vlans);
    }

    private void count(final String what, final int n) {
        tally.merge(what, n, Integer::sum);
    }
}
