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
import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.testing.samples.SharedTraffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the rules make a real Suricata report, against the captures themselves.
 *
 * <p>Suricata says which flows there are and when each began; which packets they have is counted
 * from the capture. What is left out of the comparison is in the tally, with its reason.
 */
@EnabledIf("io.serveflow.sensor.Suricata#present")
class SuricataRulesTest {

    private static final int DEPTH = 10;
    private static final int ONE_IN = 12;

    private static final String CAPTURES = "captures";
    private static final String NOT_READABLE = "captures that Suricata cannot read or date";
    private static final String NO_FLOW = "frames that are no TCP or UDP packet, or a broken one";
    private static final String FLOWS = "flows";
    private static final String PACKETS = "packets";
    private static final String COUNTED_ANEW = "flows that Suricata turned round and counted anew";
    private static final String OTHER_COMMUNITY_ID =
            "flows of a host to itself with a wrong Community ID";
    private static final String IN_TUNNELS = "flows inside tunnels";
    private static final String SAME = "records of both";

    /** Suricata waits up to 600 s for a flow that is silent, the capture's reader 60 s for any. */
    private static final String SPLIT = "records of flows that both split differently";

    private static final String SURICATA_ONLY = "records of flows that begin for Suricata only";
    private static final String CAPTURE_ONLY = "records of flows that begin for the capture only";

    private static final List<FeatureEncoder> ENCODERS =
            Stream.of("nprint", "sequence", "nprint+sequence")
                    .flatMap(
                            name ->
                                    Stream.of(1, DEPTH)
                                            .map(n -> new FeatureSpec(name, 1, n, Set.of())))
                    .map(FeatureEncoders::of)
                    .toList();

    private final List<String> differences = new ArrayList<>();
    private final Map<String, Integer> packets = new TreeMap<>();
    private final Map<String, Integer> features = new TreeMap<>();

    @TempDir private Path folder;
    private Suricata suricata;

    @BeforeEach
    void configure() throws IOException {
        suricata = new Suricata(folder);
    }

    @Test
    void shouldReportTheFirstPacketsOfEachFlowOfTheSamplesAndGiveTheirFeatures() throws Exception {
        compare(oneIn(1, samples()));

        assertThat(differences).as("%s %s", packets, features).isEmpty();
        assertThat(packets)
                .isEqualTo(Map.of(CAPTURES, 40, FLOWS, 1_408, PACKETS, 10_103, NO_FLOW, 683));
        assertThat(features).isEqualTo(Map.of(SAME, 2_816));
    }

    @Test
    @EnabledIf("io.serveflow.testing.samples.SharedTraffic#present")
    void shouldReportTheFirstPacketsOfEachFlowOfRealTrafficAndGiveTheirFeatures() throws Exception {
        compare(realTraffic());

        assertThat(differences).as("%s %s", packets, features).isEmpty();
        assertThat(packets)
                .isEqualTo(
                        Map.of(
                                CAPTURES, 191,
                                NOT_READABLE, 4,
                                NO_FLOW, 576,
                                FLOWS, 1_692,
                                PACKETS, 11_247,
                                COUNTED_ANEW, 9,
                                IN_TUNNELS, 1,
                                OTHER_COMMUNITY_ID, 42));
        assertThat(features)
                .isEqualTo(
                        Map.of(
                                SAME, 3_372,
                                SURICATA_ONLY, 14,
                                CAPTURE_ONLY, 4));
    }

    private void compare(final List<Path> files) throws IOException, InterruptedException {
        for (final Path file : files) {
            final WholeCapture capture = WholeCapture.of(file);
            if (!capture.readableForSuricata()) {
                count(packets, NOT_READABLE, 1);
                continue;
            }
            count(packets, CAPTURES, 1);
            suricata.read(capture.write(folder.resolve("whole.pcap"), frame -> true));
            comparePackets(file, capture);
            compareFeatures(file, capture);
        }
    }

    private static Path samples() {
        return ProjectFiles.captures();
    }

    private static List<Path> realTraffic() throws IOException {
        return Stream.of("svc/pcap", "iotdev/pcap")
                .flatMap(set -> oneIn(ONE_IN, SharedTraffic.folder().resolve(set)).stream())
                .toList();
    }

    private static List<Path> oneIn(final int n, final Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            final List<Path> captures = files.sorted().toList();
            return IntStream.range(0, captures.size())
                    .filter(i -> i % n == 0)
                    .mapToObj(captures::get)
                    .toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void comparePackets(final Path file, final WholeCapture capture) throws IOException {
        final Map<String, List<WholeCapture.Frame>> frames = new HashMap<>();
        for (final WholeCapture.Frame frame : capture.frames()) {
            capture.endpoints(frame)
                    .ifPresentOrElse(
                            endpoints ->
                                    frames.computeIfAbsent(endpoints, e -> new ArrayList<>())
                                            .add(frame),
                            () -> count(packets, NO_FLOW, 1));
        }
        final Map<String, List<Suricata.Event>> events = new HashMap<>();
        for (final Suricata.Event event : suricata.events()) {
            events.computeIfAbsent(event.flow(), id -> new ArrayList<>()).add(event);
        }
        final Map<String, List<Suricata.Flow>> flows = new LinkedHashMap<>();
        suricata.flows().stream()
                .sorted(Comparator.comparingLong(Suricata.Flow::startMicros))
                .forEach(
                        flow ->
                                flows.computeIfAbsent(flow.endpoints(), e -> new ArrayList<>())
                                        .add(flow));
        frames.forEach(
                (endpoints, sent) ->
                        compare(
                                file.getFileName().toString(),
                                sent,
                                flows.getOrDefault(endpoints, List.of()),
                                events));
        flows.keySet().removeAll(frames.keySet());
        flows.values().forEach(inTunnel -> count(packets, IN_TUNNELS, inTunnel.size()));
    }

    /** A flow has what its endpoints sent from its start until the start of the next. */
    private void compare(
            final String capture,
            final List<WholeCapture.Frame> sent,
            final List<Suricata.Flow> flows,
            final Map<String, List<Suricata.Event>> events) {
        if (flows.isEmpty() || sent.get(0).micros() != flows.get(0).startMicros()) {
            differences.add(capture + ": no flow begins with frame " + sent.get(0).number());
            return;
        }
        int at = 0;
        for (int i = 0; i < flows.size(); i++) {
            int end = at + 1;
            while (end < sent.size()
                    && (i + 1 == flows.size()
                            || sent.get(end).micros() != flows.get(i + 1).startMicros())) {
                end++;
            }
            if (at >= sent.size()) {
                differences.add(capture + ": no frame begins " + flows.get(i));
                return;
            }
            compare(
                    capture,
                    flows.get(i),
                    sent.subList(at, Math.min(end, at + DEPTH)),
                    events.getOrDefault(flows.get(i).id(), List.of()));
            at = end;
        }
    }

    private void compare(
            final String capture,
            final Suricata.Flow flow,
            final List<WholeCapture.Frame> expected,
            final List<Suricata.Event> reported) {
        count(packets, FLOWS, 1);
        if (!flow.endpoints().startsWith(flow.communityId())) {
            assertThat(flow.toItself()).as("%s %s", capture, flow).isTrue();
            count(packets, OTHER_COMMUNITY_ID, 1);
        }
        count(packets, PACKETS, expected.size());
        if (reported.size() < expected.size()) {
            differences.add(
                    "%s %s: %d packets of %d"
                            .formatted(capture, flow, reported.size(), expected.size()));
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            final WholeCapture.Frame frame = expected.get(i);
            final Suricata.Event event = reported.get(i);
            if (event.number() != frame.number()
                    || event.micros() != frame.micros()
                    || !Arrays.equals(event.frame(), frame.bytes())) {
                differences.add(
                        "%s %s: packet %d is not frame %d but %d"
                                .formatted(capture, flow, i + 1, frame.number(), event.number()));
                return;
            }
        }
        if (reported.size() > expected.size()) {
            count(packets, COUNTED_ANEW, 1);
            if (!inOrder(reported)
                    || reported.stream().noneMatch(e -> e.count() == 1 && e != reported.get(0))) {
                differences.add(
                        capture
                                + " "
                                + flow
                                + ": packets beyond the first ones, though not counted anew");
            }
        }
    }

    private static boolean inOrder(final List<Suricata.Event> reported) {
        return IntStream.range(1, reported.size())
                .allMatch(i -> reported.get(i - 1).number() < reported.get(i).number());
    }

    private void compareFeatures(final Path file, final WholeCapture capture) throws IOException {
        final Map<String, FlowRecord> fromCapture =
                records(
                        capture.write(
                                folder.resolve("sound.pcap"),
                                frame -> capture.endpoints(frame).isPresent()));
        final Map<String, FlowRecord> fromEve = records(suricata.eve());
        fromEve.forEach(
                (key, record) -> {
                    final FlowRecord other = fromCapture.remove(key);
                    if (other == null) {
                        count(features, SURICATA_ONLY, 1);
                    } else if (record.packets().count() != other.packets().count()) {
                        count(features, SPLIT, 1);
                    } else {
                        count(features, SAME, 1);
                        compare(file.getFileName() + " " + key, record, other);
                    }
                });
        fromCapture.values().forEach(record -> count(features, CAPTURE_ONLY, 1));
    }

    private void compare(final String flow, final FlowRecord record, final FlowRecord other) {
        for (final FeatureEncoder encoder : ENCODERS) {
            if (!row(encoder, record).equals(row(encoder, other))) {
                differences.add(flow + ": " + encoder.width() + " columns differ");
            }
        }
    }

    private static FloatBuffer row(final FeatureEncoder encoder, final FlowRecord record) {
        final FloatBuffer row = FloatBuffer.allocate(encoder.width());
        encoder.encode(record, row);
        return row.flip();
    }

    /** The records by what both paths know of them, each flow's start and endpoints. */
    private Map<String, FlowRecord> records(final Path file) throws IOException {
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
            final String key =
                    CommunityId.v1(record.tuple())
                            + " "
                            + record.startMicros()
                            + " "
                            + record.stage();
            int same = 1;
            while (records.putIfAbsent(key + " " + same, record) != null) {
                same++;
            }
        }
        assertThat(deadLetters).isEmpty();
        return records;
    }

    private static void count(final Map<String, Integer> tally, final String what, final int n) {
        tally.merge(what, n, Integer::sum);
    }
}
