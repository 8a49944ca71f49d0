/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.serveflow.batch.FlowBatch;
import io.serveflow.candidate.CandidateListener;
import io.serveflow.cascade.CascadeTier;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.Bundles;
import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a canary is blamed for, with scorers that fail, wait, compute or are closed. */
class CanaryAnswersTest {

    private static final int FLOWS = 2_000;

    @TempDir private Path work;

    private final Ledger ledger = new Ledger();
    private final List<FlowRecord> flows = new ArrayList<>();

    /** Whether scorers do what they are made to do; not while their bundles are loaded. */
    private final AtomicBoolean armed = new AtomicBoolean();

    @BeforeEach
    void makeFlows() throws Exception {
        final List<FlowRecord> records = Samples.records(FlowRecord.Stage.FIRST);
        while (flows.size() < FLOWS) {
            flows.addAll(records);
        }
    }

    @Test
    void shouldNotBeBlamedForAnOutageThatTheBundleInUseHasToo() throws Exception {
        final AtomicBoolean outage = new AtomicBoolean(true);
        try (Pair pair =
                pair(
                        () -> requireNot(outage.get(), "the server is away"),
                        () -> requireNot(outage.get(), "the server is away"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(pair.decide().failed().cardinality()).isEqualTo(flows.size());
            }
            assertThat(pair.isOn()).isTrue();

            outage.set(false);
            assertThat(pair.decide().isComplete()).isTrue();
            assertThat(pair.isOn()).isTrue();
        }
    }

    @Test
    void shouldBeRolledBackWhereItAloneHasNoAnswer() throws Exception {
        try (Pair pair = pair(() -> {}, () -> requireNot(true, "no memory"))) {
            assertThat(pair.decide().isComplete()).isTrue();
            assertThat(pair.isOn()).isFalse();
        }
    }

    /** As on a machine whose processors others use. */
    @Test
    void shouldNotBeBlamedForTimeInWhichItDoesNotRun() throws Exception {
        try (Pair pair = pair(() -> {}, () -> LockSupport.parkNanos(10_000_000))) {
            while (pair.compared() < Canary.LEAST_TIMED) {
                pair.decide();
            }
            assertThat(pair.isOn()).isTrue();
        }
    }

    @Test
    void shouldBeRolledBackWhereItTakesMoreProcessorTime() throws Exception {
        try (Pair pair = pair(() -> {}, CanaryAnswersTest::compute)) {
            while (pair.isOn() && pair.compared() < 2 * Canary.LEAST_TIMED) {
                pair.decide();
            }
            assertThat(pair.isOn()).isFalse();
            assertThat(ledger.byDetail(Ledger.Entry.CANARY_ROLLBACKS))
                    .containsOnlyKeys("service/canary_slow");
        }
    }

    /** With scorers that answer on threads of their own, where nobody would see an exception. */
    @Test
    void shouldEndWithAFailureWhereItsTierIsClosedMeanwhile() throws Exception {
        final ExecutorService threads = Executors.newSingleThreadExecutor();
        final AtomicReference<Bundle> used = new AtomicReference<>();
        try (Pair pair =
                pair(
                        () -> {},
                        () -> {
                            used.get().close();
                            throw new IllegalStateException("not this one");
                        },
                        threads)) {
            used.set(pair.used);
            final CompletableFuture<CascadeTier.Decision> decision = new CompletableFuture<>();

            pair.tier.decide(
                    pair.usedTier,
                    pair.candidateTier,
                    FlowBatch.of(flows),
                    CascadeTier.Rows.ALL,
                    decision::complete);

            final CascadeTier.Decision failed = decision.get(30, TimeUnit.SECONDS);
            assertThat(failed.failed().cardinality()).isEqualTo(flows.size());
            assertThat(failed.failure().orElseThrow()).hasMessageContaining("is closed");
            assertThat(pair.isOn()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldGiveItsAnswerOnceWhereThatIsTakenBadly() throws Exception {
        final AtomicInteger given = new AtomicInteger();
        try (Pair pair = pair(() -> {}, () -> {})) {
            assertThatIllegalStateException()
                    .isThrownBy(
                            () ->
                                    pair.tier.decide(
                                            pair.usedTier,
                                            pair.candidateTier,
                                            FlowBatch.of(flows),
                                            CascadeTier.Rows.ALL,
                                            decision -> {
                                                given.incrementAndGet();
                                                throw new IllegalStateException("not today");
                                            }))
                    .withMessage("not today");
            assertThat(given).hasValue(1);
            assertThat(pair.isOn()).isTrue();
        }
    }

    private static void requireNot(final boolean wrong, final String why) {
        if (wrong) {
            throw new IllegalStateException(why);
        }
    }

    /** Takes some milliseconds of a processor. */
    private static void compute() {
        double sum = 0;
        for (int i = 1; i < 1_000_000; i++) {
            sum += Math.sqrt(sum + i);
        }
        assertThat(sum).isPositive();
    }

    private Pair pair(final Runnable ofUsed, final Runnable ofCandidate) throws IOException {
        return pair(ofUsed, ofCandidate, Runnable::run);
    }

    /**
     * The shipped bundle in use, and again as a canary that gets all flows.
     *
     * @param ofUsed what each scoring by the one does first
     * @param ofCandidate and by the other
     * @param executor what the canary is scored on
     */
    private Pair pair(final Runnable ofUsed, final Runnable ofCandidate, final Executor executor)
            throws IOException {
        return new Pair(
                Bundle.load(
                        BundleFiles.in(ProjectFiles.bundle("service")),
                        new Scorers(ofUsed, Runnable::run)),
                Bundle.load(BundleFiles.in(canary()), new Scorers(ofCandidate, executor)));
    }

    /** A tier in two bundles. */
    private final class Pair implements AutoCloseable {

        private final Bundles bundles = new Bundles();
        private final Canary canary = new Canary(1, ledger);
        private final Ledger comparisons = new Ledger();
        private final Bundle used;
        private final Bundle candidate;
        private final CascadeTier usedTier;
        private final CascadeTier candidateTier;
        private final CanaryTier tier;

        private Pair(final Bundle used, final Bundle candidate) {
            this.used = used;
            this.candidate = candidate;
            usedTier = tier(used);
            candidateTier = tier(candidate);
            final ShadowTier reference =
                    new ShadowTier("fast", Runnable::run, comparisons, CandidateListener.SILENT);
            reference.begin(bundles.open("used", used, BundleTrust.ANYBODY, reference));
            tier =
                    new CanaryTier(
                            "fast",
                            canary,
                            new LiveTier(
                                    bundle -> {
                                        throw new AssertionError();
                                    }),
                            reference);
            armed.set(true);
        }

        private CascadeTier tier(final Bundle bundle) {
            return new CascadeTier(
                    bundle, "fast", System::nanoTime, new Ledger(), (flow, verdict) -> {});
        }

        private boolean isOn() {
            return canary.isOn(candidate.ref());
        }

        private long compared() {
            return comparisons.total(Ledger.Entry.SHADOW_FLOWS);
        }

        private CascadeTier.Decision decide() {
            final AtomicReference<CascadeTier.Decision> decided = new AtomicReference<>();
            tier.decide(
                    usedTier,
                    candidateTier,
                    FlowBatch.of(flows),
                    CascadeTier.Rows.ALL,
                    decided::set);
            return decided.get();
        }

        @Override
        public void close() {
            tier.close();
            usedTier.close();
            candidateTier.close();
            used.close();
            candidate.close();
        }
    }

    private Path canary() throws IOException {
        final Path folder = Files.createDirectories(work.resolve("canary"));
        try (Stream<Path> files = Files.list(ProjectFiles.bundle("service"))) {
            for (final Path file : files.toList()) {
                Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        final Path manifest = folder.resolve("bundle.json");
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replaceFirst("\"version\" : \"[^\"]*\"", "\"version\" : \"canary\""));
        return folder;
    }

    /** The shipped scorers, which do something before each scoring. */
    private final class Scorers implements TierScorer.Provider {

        private final Runnable first;
        private final Executor executor;

        private Scorers(final Runnable first, final Executor executor) {
            this.first = first;
            this.executor = executor;
        }

        @Override
        public boolean opens(final TierSpec tier) {
            return true;
        }

        @Override
        public TierScorer open(final TierSpec tier, final int classes, final byte[] model) {
            final TierScorer scorer = TierScorer.Provider.INSTALLED.open(tier, classes, model);
            return new TierScorer() {
                @Override
                public int columns() {
                    return scorer.columns();
                }

                @Override
                public int classes() {
                    return scorer.classes();
                }

                @Override
                public int rows() {
                    return scorer.rows();
                }

                @Override
                public void score(
                        final int n,
                        final FloatBuffer features,
                        final FloatBuffer probabilities,
                        final End end) {
                    if (armed.get()) {
                        executor.execute(() -> prepared(n, features, probabilities, end));
                    } else {
                        scorer.score(n, features, probabilities, end);
                    }
                }

                private void prepared(
                        final int n,
                        final FloatBuffer features,
                        final FloatBuffer probabilities,
                        final End end) {
                    try {
                        first.run();
                    } catch (final RuntimeException e) {
                        end.scored(Outcome.failure(0, n, e));
                        return;
                    }
                    scorer.score(n, features, probabilities, end);
                }

                @Override
                public void close() {
                    scorer.close();
                }
            };
        }
    }
}
