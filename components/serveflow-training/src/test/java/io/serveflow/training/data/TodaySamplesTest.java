/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Handshake.Protocol;
import io.serveflow.flow.Transport;
import io.serveflow.handshake.HandshakeReader;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.training.NotedListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The samples of today's clients: labels, captures and the names of the servers belong together.
 */
class TodaySamplesTest {

    /** The packets of a flow that the captures hold whole. */
    private static final int WHOLE = 14;

    private static final int PRE_SHARED_KEY = 41;
    private static final int EARLY_DATA = 42;
    private static final int ECH = 0xfe0d;
    private static final int X25519_MLKEM768 = 0x11ec;

    private static final Path FOLDER = ProjectFiles.path("samples/today");

    /** Names by the address that each has for itself; a cover and what is behind it share one. */
    private static final Map<String, Set<String>> NAMES = new HashMap<>();

    private static LabelledCaptures samples;

    @BeforeAll
    static void read() throws IOException {
        samples =
                LabelledCaptures.read(
                        FOLDER.resolve("labels.csv"),
                        FOLDER.resolve("captures"),
                        LabelChoice.PLAIN,
                        FlowAssembler.Options.defaults("lab")
                                .withDepth(WHOLE)
                                .withSnap(FlowAssembler.Options.MAX_SNAP),
                        new NotedListener());
        for (final String[] row : rows(FOLDER.resolve("names.csv")).toList()) {
            final String address = new FlowTuple(Transport.TCP, row[2], 0, row[2], 0).responder();
            NAMES.computeIfAbsent(address, any -> new HashSet<>()).add(row[0]);
        }
    }

    @Test
    void shouldHaveARowForEachFlowAndAFlowForEachRow() throws IOException {
        try (Stream<Path> captures = Files.list(FOLDER.resolve("captures"))) {
            assertThat(samples.counts())
                    .isEqualTo(
                            new LabelledCaptures.Counts(
                                    201, 0, 0, (int) captures.count(), 0, 0, 0, 0, 0));
        }
        assertThat(samples.flows()).hasSize(201);
    }

    @Test
    void shouldHaveLabelsThatTheOtherSamplesHave() throws IOException {
        final Set<String> labels =
                rows(ProjectFiles.path("samples/labels.csv"))
                        .map(row -> row[9])
                        .collect(Collectors.toSet());
        assertThat(samples.flows()).extracting(LabelledFlow::label).allMatch(labels::contains);
    }

    @Test
    void shouldNameTheServerInEveryHelloButThoseOfCalls() {
        final HandshakeReader reader = new HandshakeReader();
        final Map<Protocol, Integer> hellos = new TreeMap<>();
        final List<String> silent = new ArrayList<>();
        for (final LabelledFlow flow : samples.flows()) {
            final Handshake said = reader.read(flow.context()).orElse(null);
            final Set<String> names =
                    NAMES.getOrDefault(flow.context().tuple().responder(), Set.of());
            if (said == null) {
                silent.add(names + " " + flow.context().packets().count());
                continue;
            }
            hellos.merge(said.protocol(), 1, Integer::sum);
            assertThat(said.hello()).as("%s", flow).map(ClientHello::complete).contains(true);
            if (said.protocol() == Protocol.DTLS) {
                assertThat(said.name()).as("%s", flow).isEmpty();
            } else {
                assertThat(names).as("%s", flow).contains(said.name());
            }
        }
        assertThat(hellos)
                .isEqualTo(Map.of(Protocol.TLS, 159, Protocol.QUIC, 37, Protocol.DTLS, 2));
        assertThat(silent)
                .as("a connection opened for nothing, and calls over another path")
                .containsExactlyInAnyOrder("[www.shop.example] 3", "[] 4", "[] 4");
    }

    @Test
    void shouldShowWhatClientsOfTodaySend() {
        final HandshakeReader reader = new HandshakeReader();
        final Map<String, Integer> seen = new TreeMap<>();
        for (final LabelledFlow flow : samples.flows()) {
            reader.read(flow.context())
                    .flatMap(Handshake::hello)
                    .ifPresent(
                            hello ->
                                    kinds(hello)
                                            .forEach(kind -> seen.merge(kind, 1, Integer::sum)));
        }
        assertThat(seen)
                .isEqualTo(
                        Map.of(
                                "longer than a segment", 103,
                                "post-quantum key share", 104,
                                "ECH", 74,
                                "resumed", 25,
                                "early data", 16));
    }

    private static Stream<String> kinds(final ClientHello hello) {
        final Map<String, Boolean> kinds =
                Map.of(
                        "longer than a segment", hello.length() > 1_460,
                        "post-quantum key share", hello.groups().contains(X25519_MLKEM768),
                        "ECH", hello.extensions().contains(ECH),
                        "resumed", hello.extensions().contains(PRE_SHARED_KEY),
                        "early data", hello.extensions().contains(EARLY_DATA));
        return kinds.keySet().stream().filter(kinds::get);
    }

    private static Stream<String[]> rows(final Path csv) throws IOException {
        final List<String> lines = Files.readAllLines(csv);
        return lines.stream().skip(1).map(line -> line.split(","));
    }
}
