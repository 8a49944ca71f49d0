/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Handshake;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hellos in the samples; how many there are, and how many have a name, is what tshark says. */
class SampleHellosTest {

    private static final int SERVER_NAME = 0;

    private final HandshakeReader reader = new HandshakeReader();

    @ParameterizedTest
    @CsvSource({
        "https.pcap.gz,TLS,22,20",
        "quic.pcap,QUIC,24,24",
        "dns_secure.pcap,TLS,28,12",
        "postgresql.pcap,TLS,14,14",
        "xmpp.pcap,TLS,16,16",
        "imap_pop3.pcap,TLS,12,12",
        "smtp.pcap,TLS,11,0",
        "coap.pcap,DTLS,3,3"
    })
    void shouldReadTheHellosOfACapture(
            final String capture,
            final Handshake.Protocol protocol,
            final int hellos,
            final int names)
            throws IOException {
        final List<Handshake> found = read(capture, protocol);

        assertThat(found).hasSize(hellos);
        assertThat(found).filteredOn(handshake -> !handshake.name().isEmpty()).hasSize(names);
        assertThat(found)
                .allMatch(handshake -> handshake.hello().filter(ClientHello::complete).isPresent())
                .allMatch(
                        handshake ->
                                handshake.name().isEmpty()
                                        != handshake
                                                .hello()
                                                .orElseThrow()
                                                .extensions()
                                                .contains(SERVER_NAME));
    }

    private List<Handshake> read(final String capture, final Handshake.Protocol protocol)
            throws IOException {
        final FlowAssembler.Options options =
                FlowAssembler.Options.defaults("lab")
                        .withDepth(40)
                        .withSnap(FlowAssembler.Options.MAX_SNAP);
        final List<Handshake> found = new ArrayList<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        ProjectFiles.capture(capture),
                        SensorFormats.installed().only("pcap"),
                        options,
                        new Ledger(),
                        letter -> {})) {
            Optional<FlowRecord> record = source.next();
            while (record.isPresent()) {
                if (record.get().stage() == FlowRecord.Stage.CONTEXT) {
                    reader.read(record.get())
                            .filter(handshake -> handshake.protocol() == protocol)
                            .ifPresent(found::add);
                }
                record = source.next();
            }
        }
        return found;
    }
}
