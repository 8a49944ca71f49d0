/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serveflow.batch.FlowBatch;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.host.HostVotes;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.Bundles;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierSpec;
import io.serveflow.model.VoteRule;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.LabelProbability;
import io.serveflow.verdict.VerdictStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostVotingTest {

    private static final long WINDOW = 600_000_000;
    private static final BundleRef BUNDLE =
            new BundleRef("tiny", "1.0.0", "device", "ab".repeat(32));
    private static final BundleManifest MANIFEST =
            new BundleManifest(
                    "tiny",
                    "1.0.0",
                    "device",
                    "2026-11-22T00:00:00Z",
                    List.of("cam", "hub"),
                    List.of(
                            new TierSpec(
                                    "fast",
                                    "fast.onnx",
                                    new FeatureSpec("header", 1, 1, Set.of()),
                                    TierCalibration.NONE,
                                    "cpu")),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    JsonNodeFactory.instance.objectNode(),
                    JsonNodeFactory.instance.objectNode(),
                    Map.of());

    private static final BundleManifest VOTING =
            MANIFEST.withVote(Optional.of(new VoteRule(VoteRule.Combination.PRODUCT, 1, 0.5, 600)));

    private final Ledger ledger = new Ledger();
    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() throws Exception {
        context.close();
    }

    @Test
    void shouldGiveOutAWindowInARouteWhenALaterOneBegins() throws Exception {
        final HostVoting voting =
                voting(
                        MANIFEST.withVote(
                                Optional.of(
                                        new VoteRule(VoteRule.Combination.PRODUCT, 1, 0.5, 600))));
        context.getRegistry().bind("hostVoting", voting);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:hosts").setBody().method("hostVoting", "count");
                    }
                });
        context.start();

        assertThat(count(batch(0, "cam"))).isEmpty();
        assertThat(count(batch(WINDOW, "hub")))
                .singleElement()
                .isInstanceOfSatisfying(
                        HostVerdict.class, host -> assertThat(host.label()).isEqualTo("cam"));
        assertThat(voting.takeAll()).extracting(HostVerdict::label).containsExactly("hub");
        assertThat(voting.takeAll()).isEmpty();
        assertThat(ledger.byDetail(Ledger.Entry.HOST_VERDICTS))
                .containsExactly(Map.entry("device", 2L));
    }

    @Test
    void shouldCountNothingForABundleWithoutAVote() {
        final HostVoting voting = voting(MANIFEST);

        assertThat(voting.count(batch(0, "cam"))).isEmpty();
        assertThat(voting.takeAll()).isEmpty();
    }

    @Test
    void shouldCountForABundleThatComesIntoUseAgainAfterALateVerdict() {
        final AtomicReference<Optional<BundleManifest>> inUse =
                new AtomicReference<>(Optional.empty());
        final HostVoting voting =
                new HostVoting(
                        ref -> inUse.get(),
                        new HostVotes.Options(10, 0, true),
                        ledger,
                        System::nanoTime);
        voting.count(batch(0, "cam"));
        inUse.set(
                Optional.of(
                        MANIFEST.withVote(
                                Optional.of(
                                        new VoteRule(VoteRule.Combination.PRODUCT, 1, 0.5, 600)))));

        voting.count(batch(0, "cam"));

        assertThat(voting.takeAll()).extracting(HostVerdict::label).containsExactly("cam");
    }

    @Test
    void shouldForgetTheVotesOfABundleThatGoesOutOfUseWhileTheyAreOpened() {
        final List<Runnable> retiring = new ArrayList<>();
        final AtomicInteger asked = new AtomicInteger();
        final HostVoting voting =
                new HostVoting(
                        ref -> {
                            final boolean inUse = asked.getAndIncrement() == 0;
                            retiring.forEach(Runnable::run);
                            retiring.clear();
                            return Optional.of(VOTING).filter(own -> inUse);
                        },
                        new HostVotes.Options(10, 0, true),
                        ledger,
                        System::nanoTime);
        try (Bundle bundle = Bundle.load(ProjectFiles.bundle("device"))) {
            retiring.add(
                    () -> {
                        voting.retired(new Bundles.Generation("device", 1, bundle));
                        voting.takeAll();
                    });
            voting.count(batch(bundle.ref(), 0, "cam"));
            assertThat(voting.takeAll()).extracting(HostVerdict::label).containsExactly("cam");
            final int before = asked.get();

            voting.count(batch(bundle.ref(), 0, "cam"));

            assertThat(asked).hasValueGreaterThan(before);
            assertThat(voting.takeAll()).isEmpty();
        }
    }

    private List<?> count(final FlowBatch batch) {
        return context.createProducerTemplate().requestBody("direct:hosts", batch, List.class);
    }

    private HostVoting voting(final BundleManifest manifest) {
        return new HostVoting(
                ref -> Optional.of(manifest).filter(own -> ref.equals(BUNDLE)),
                new HostVotes.Options(10, 0, true),
                ledger,
                System::nanoTime);
    }

    private static FlowBatch batch(final long micros, final String label) {
        return batch(BUNDLE, micros, label);
    }

    private static FlowBatch batch(final BundleRef bundle, final long micros, final String label) {
        final FlowBatch batch =
                FlowBatch.of(
                        new FlowRecord(
                                new FlowId("sensor", "C" + micros),
                                new FlowTuple(
                                        Transport.TCP, "10.0.0.7", 50_000, "203.0.113.9", 443),
                                "",
                                micros,
                                FlowRecord.Stage.FIRST,
                                FlowRecord.End.DEPTH,
                                new Packets.Builder().add(0, true, 40, new byte[40], 0, 40).build(),
                                0));
        return batch.withVerdicts(
                i ->
                        new Verdict(
                                bundle,
                                "fast",
                                VerdictStage.FINAL,
                                label,
                                0.9,
                                0.1,
                                "certain",
                                1,
                                new Verdict.Latency(0, 0, 0),
                                List.of(new LabelProbability(label, 0.9f))));
    }
}
