/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.SharedTraffic;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf("io.serveflow.sensor.Suricata#present")
class FlowSetsTest {

    private final Map<String, Integer> tally = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    @EnabledIf("io.serveflow.SharedTraffic#present")
    void shouldFindTheFlowsThatSuricataFinds() throws Exception {
        final Suricata suricata = new Suricata(folder, Suricata.SHIPPED_TIMEOUTS);
        final int oneIn = Integer.getInteger("serveflow.flowsets.oneIn", 12);
        for (final Path file : captures(oneIn)) {
            try {
                compare(suricata, file);
            } catch (IOException | RuntimeException e) {
                differences.add("FAILED " + file.getFileName() + " " + e);
            }
        }
        final Path out =
                Path.of(
                        System.getProperty(
                                "serveflow.flowsets.out", folder.toString() + "/out.txt"));
        differences.add(tally.toString());
        Files.write(out, differences);
        assertThat(tally).isEmpty();
    }

    private static List<Path> captures(final int oneIn) throws IOException {
        final List<Path> all = new ArrayList<>();
        for (final String set : List.of("svc/pcap", "iotdev/pcap")) {
            try (Stream<Path> files = Files.list(SharedTraffic.folder().resolve(set))) {
                final List<Path> sorted = files.sorted().toList();
                IntStream.range(0, sorted.size())
                        .filter(i -> i % oneIn == 0)
                        .mapToObj(sorted::get)
                        .forEach(all::add);
            }
        }
        return all;
    }

    private void compare(final Suricata suricata, final Path file)
            throws IOException, InterruptedException {
        final WholeCapture capture = WholeCapture.of(file);
        count("captures", 1);
        if (!capture.readableForSuricata()) {
            count("captures that Suricata cannot read or date", 1);
            return;
        }
        final Path whole = capture.write(folder.resolve("whole.pcap"), f -> true);
        suricata.read(whole);
        final Map<String, List<Suricata.Flow>> theirs = new TreeMap<>();
        for (final Suricata.Flow flow : suricata.flows()) {
            final String id = flow.endpoints().replaceFirst("\\[.*", "");
            theirs.computeIfAbsent(id, k -> new ArrayList<>()).add(flow);
        }
        final Map<String, List<FlowRecord>> ours = new TreeMap<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        whole,
                        Optional.empty(),
                        FlowAssembler.Options.defaults("lab"),
                        new Ledger(),
                        d -> count("dead letters " + d.reason(), 1))) {
            for (Optional<FlowRecord> next = source.next();
                    next.isPresent();
                    next = source.next()) {
                if (next.get().stage() == FlowRecord.Stage.FIRST) {
                    ours.computeIfAbsent(next.get().communityId(), k -> new ArrayList<>())
                            .add(next.get());
                }
            }
        }
        final Map<String, List<WholeCapture.Frame>> packets = new HashMap<>();
        final Map<String, TreeSet<String>> vlans = new HashMap<>();
        for (final WholeCapture.Frame frame : capture.frames()) {
            capture.endpoints(frame)
                    .ifPresent(
                            e -> {
                                final String id = e.replaceFirst("\\[.*", "");
                                packets.computeIfAbsent(id, k -> new ArrayList<>()).add(frame);
                                vlans.computeIfAbsent(id, k -> new TreeSet<>())
                                        .add(e.substring(id.length()));
                            });
        }
        final TreeSet<String> ids = new TreeSet<>(ours.keySet());
        ids.addAll(theirs.keySet());
        for (final String id : ids) {
            final List<FlowRecord> a = ours.getOrDefault(id, List.of());
            final List<Suricata.Flow> b = theirs.getOrDefault(id, List.of());
            count("ours", a.size());
            count("theirs", b.size());
            if (a.size() == b.size()) {
                count("same ids", 1);
                count("same flows", a.size());
                continue;
            }
            count("differing ids", 1);
            final List<WholeCapture.Frame> p = packets.getOrDefault(id, List.of());
            long gap = 0;
            for (int i = 1; i < p.size(); i++) {
                gap = Math.max(gap, p.get(i).micros() - p.get(i - 1).micros());
            }
            differences.add(
                    "%s %s ours=%d theirs=%d packets=%d gap=%.1f vlans=%s tuple=%s oursAt=%s theirsAt=%s"
                            .formatted(
                                    file.getFileName(),
                                    id,
                                    a.size(),
                                    b.size(),
                                    p.size(),
                                    gap / 1e6,
                                    vlans.getOrDefault(id, new TreeSet<>()),
                                    a.isEmpty() ? "" : a.get(0).tuple(),
                                    a.stream()
                                            .map(
                                                    r ->
                                                            r.startMicros() / 1e6
                                                                    + (r.tuple()
                                                                                    .equals(
                                                                                            a.get(0)
                                                                                                    .tuple())
                                                                            ? ""
                                                                            : "T"))
                                            .toList(),
                                    b));
        }
    }

    private void count(final String what, final int n) {
        tally.merge(what, n, Integer::sum);
    }
}
