/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.handshake.HandshakeReader;
import io.serveflow.ledger.Ledger;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sensors say of how flows begin, against what is read from the packets of the same flows. */
class SaidAndReadTest {

    private static final FlowAssembler.Options WHOLE =
            FlowAssembler.Options.defaults("lab").withSnap(FlowAssembler.Options.MAX_SNAP);

    private final HandshakeReader reader = new HandshakeReader();

    @TempDir private Path folder;

    /** The expected values of the Zeek package were worked out without either. */
    @ParameterizedTest
    @ValueSource(strings = {"beginnings", "quic"})
    void shouldReadFromPacketsWhatTheZeekPackageIsExpectedToSay(final String test)
            throws IOException {
        final Path testing = ProjectFiles.path("zeek-scripts/testing");
        final Map<String, Optional<Handshake>> said = new TreeMap<>();
        contexts(testing.resolve("Baseline/tests." + test + "/serveflow.log"))
                .forEach(flow -> said.put(flow.communityId(), flow.handshake()));
        final Map<String, Optional<Handshake>> read = new TreeMap<>();
        contexts(testing.resolve("Traces/" + test + ".pcap"))
                .forEach(flow -> read.put(flow.communityId(), reader.read(flow)));
        // Of half a hello Zeek says nothing.
        read.replaceAll((id, found) -> found.filter(handshake -> isWhole(handshake)));

        assertThat(said).isNotEmpty().isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quic.pcap", "dns.pcap", "ssh.pcapng"})
    @EnabledIf("io.serveflow.sensor.Suricata#present")
    void shouldReadFromPacketsWhatSuricataSays(final String capture) throws Exception {
        final Suricata suricata = new Suricata(folder);
        suricata.read(ProjectFiles.samples().resolve("captures").resolve(capture));
        final List<FlowRecord> said =
                contexts(suricata.eve()).stream()
                        .filter(flow -> flow.handshake().isPresent())
                        .toList();
        final List<String> names =
                contexts(suricata.eve(), WHOLE).stream()
                        .filter(flow -> flow.handshake().isPresent())
                        .map(flow -> name(reader.read(flow)))
                        .collect(Collectors.toCollection(ArrayList::new));

        assertThat(said).extracting(flow -> name(flow.handshake())).isEqualTo(names);
    }

    private static String name(final Optional<Handshake> handshake) {
        return handshake.map(found -> found.protocol() + " " + found.name()).orElse("nothing");
    }

    private static boolean isWhole(final Handshake handshake) {
        return handshake.hello().isEmpty() || handshake.hello().get().complete();
    }

    private static List<FlowRecord> contexts(final Path file) throws IOException {
        return contexts(file, WHOLE);
    }

    private static List<FlowRecord> contexts(final Path file, final FlowAssembler.Options options)
            throws IOException {
        return AllRecords.of(
                        SensorInput.open(
                                file,
                                SensorFormats.installed(),
                                options,
                                new Ledger(),
                                letter -> assertThat(letter).isNull()))
                .stream()
                .filter(flow -> flow.stage() == FlowRecord.Stage.CONTEXT)
                .toList();
    }
}
