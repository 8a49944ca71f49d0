/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.eve;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.AllRecords;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.sensor.Suricata;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What a real Suricata with the shipped output says of the beginnings of the samples' flows. */
@EnabledIf("io.serveflow.sensor.Suricata#present")
class SuricataNamesTest {

    /** So that the events have the lists of the hello. */
    private static final String WITH_JA3 =
            """
            app-layer:
              protocols:
                tls:
                  enabled: yes
                  ja3-fingerprints: yes
                  detection-ports:
                    dp: 443
            """;

    private final List<DeadLetter> deadLetters = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    void shouldNameTheServersOfTls() throws Exception {
        final List<Handshake> handshakes = handshakes(unpacked("https.pcap.gz"));
        assertThat(handshakes).hasSize(22);
        assertThat(handshakes)
                .allSatisfy(
                        handshake -> {
                            assertThat(handshake.protocol()).isEqualTo(Handshake.Protocol.TLS);
                            assertThat(handshake.hello().orElseThrow().ciphers())
                                    .hasSizeGreaterThan(3);
                            // One client asks for no name.
                            assertThat(handshake.hello().orElseThrow().extensions().contains(0))
                                    .isEqualTo(handshake.name().endsWith(".lab.example"));
                        });
    }

    @Test
    void shouldNameTheServersOfQuic() throws Exception {
        final List<Handshake> handshakes = handshakes(capture("quic.pcap"));
        assertThat(handshakes)
                .filteredOn(handshake -> handshake.name().equals("localhost"))
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        handshake -> {
                            assertThat(handshake.protocol()).isEqualTo(Handshake.Protocol.QUIC);
                            assertThat(handshake.hello().orElseThrow().quicVersion()).isEqualTo(1);
                            assertThat(handshake.hello().orElseThrow().protocols())
                                    .containsExactly("h3");
                        });
    }

    @Test
    void shouldNameWhatDnsAsksFor() throws Exception {
        final List<Handshake> handshakes = handshakes(capture("dns.pcap"));
        assertThat(handshakes)
                .hasSizeGreaterThan(50)
                .allMatch(handshake -> handshake.protocol() == Handshake.Protocol.DNS)
                .anyMatch(handshake -> handshake.name().equals("host2.lab.example"));
    }

    private List<Handshake> handshakes(final Path capture) throws Exception {
        final Suricata suricata = new Suricata(folder, WITH_JA3);
        suricata.read(capture);
        final List<FlowRecord> records =
                AllRecords.of(
                        SensorInput.open(
                                suricata.eve(),
                                SensorFormats.installed(),
                                FlowAssembler.Options.defaults("lab"),
                                new Ledger(),
                                deadLetters::add));
        assertThat(deadLetters).isEmpty();
        return records.stream().flatMap(record -> record.handshake().stream()).toList();
    }

    private static Path capture(final String name) {
        return ProjectFiles.samples().resolve("captures").resolve(name);
    }

    private Path unpacked(final String name) throws IOException {
        final Path file = folder.resolve("capture.pcap");
        try (InputStream packed = new GZIPInputStream(Files.newInputStream(capture(name)))) {
            Files.copy(packed, file);
        }
        return file;
    }
}
