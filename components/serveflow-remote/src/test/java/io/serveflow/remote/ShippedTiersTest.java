/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.TierModel;
import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;
import io.serveflow.remote.client.RemoteOptions;
import io.serveflow.remote.client.RemoteOptions.Address;
import io.serveflow.remote.client.RemoteScorer;
import io.serveflow.remote.server.Batching;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedModel;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped bundles, every tier of which is scored by a server, on the flows of the samples. */
class ShippedTiersTest {

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** Loading compares the golden vectors of the bundle, which go over the network here. */
    @ParameterizedTest
    @ValueSource(strings = {"service", "device"})
    void shouldGiveBitByBitWhatItGivesInTheProcess(final String task) throws Exception {
        final Path folder = ProjectFiles.bundle(task);
        final List<FlowRecord> flows = flows();
        try (Bundle here = Bundle.load(folder);
                Bundle there = Bundle.load(BundleFiles.in(folder), new Elsewhere())) {
            for (final TierModel tier : here.tiers()) {
                final List<FlowRecord> answered =
                        flows.stream().filter(tier.spec()::answers).toList();

                assertThat(answered).hasSizeGreaterThan(100);
                assertThat(score(there.tier(tier.spec().name()), answered))
                        .as(tier.spec().name())
                        .containsExactly(score(tier, answered));
            }
        }
    }

    private static float[] score(final TierModel tier, final List<FlowRecord> flows) {
        final float[] probabilities = new float[flows.size() * tier.classes()];
        tier.score(flows.size(), flows::get, probabilities);
        return probabilities;
    }

    private static List<FlowRecord> flows() throws IOException {
        final List<FlowRecord> records = new ArrayList<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        ProjectFiles.records("mixed"),
                        SensorFormats.installed().only("zeek"),
                        FlowAssembler.Options.defaults("serveflow"),
                        new Ledger(),
                        letter -> {
                            throw new IllegalStateException(letter.detail());
                        })) {
            for (Optional<FlowRecord> next = source.next();
                    next.isPresent();
                    next = source.next()) {
                records.add(next.get());
            }
        }
        return records;
    }

    /** Starts a server for each tier, and asks it. */
    private final class Elsewhere implements TierScorer.Provider {

        @Override
        public boolean opens(final TierSpec tier) {
            return true;
        }

        @Override
        public TierScorer open(final TierSpec tier, final int classes, final byte[] model) {
            try {
                final TierScorer scorer = TierScorer.Provider.INSTALLED.open(tier, classes, model);
                opened.add(scorer);
                final RemoteModel served =
                        new RemoteModel(tier.name(), scorer.columns(), classes, "");
                final InferenceServer server =
                        InferenceServer.start(
                                new InetSocketAddress("127.0.0.1", 0),
                                List.of(new ServedModel(served, "1", scorer)),
                                Batching.defaults(),
                                "test");
                opened.add(server);
                return RemoteScorer.open(
                        served,
                        RemoteOptions.of(List.of(new Address("127.0.0.1", server.port())))
                                .withDeadline(Duration.ofSeconds(30)));
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
