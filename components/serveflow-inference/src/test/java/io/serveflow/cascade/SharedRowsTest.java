/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.serveflow.batch.FlowBatch;
import io.serveflow.feature.FeatureEncoders;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.SampleFlows;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.LaterScorer;
import io.serveflow.model.TinyBundles;
import io.serveflow.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiers that read the same features of the same records, in one bundle or in several. */
class SharedRowsTest {

    /** More than a scorer takes at once. */
    private static final int FLOWS = 300;

    @TempDir private Path folder;

    private final SharedRows rows = new SharedRows();
    private Bundle bundle;
    private Bundle other;

    @BeforeEach
    void load() throws IOException {
        bundle = Bundle.load(TinyBundles.write(folder.resolve("one")));
        other = Bundle.load(TinyBundles.writeVersion(folder.resolve("other"), "2.0.0"));
    }

    @AfterEach
    void close() {
        bundle.close();
        other.close();
    }

    @Test
    void shouldMakeARowOnceForTiersOfSeveralBundles() {
        final FlowBatch batch = firsts(0);
        try (CascadeTier one = tier(bundle, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            final FlowBatch answered = one.decide(batch);

            assertThat(answers(answered)).isEqualTo(alone(bundle, "fastest", batch));
            assertThat(answers(two.decide(answered))).isEqualTo(alone(other, "fastest", batch));
            assertThat(rows.made()).isEqualTo(FLOWS);
            assertThat(rows.reused()).isEqualTo(FLOWS);
        }
    }

    @Test
    void shouldMakeOnlyTheRowsThatAreMissing() {
        final FlowBatch batch = firsts(0);
        final FlowBatch some = batch.where(i -> i % 7 < 3);
        try (CascadeTier one = tier(bundle, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            final FlowBatch answered = one.decide(some);

            assertThat(answers(answered)).isEqualTo(alone(bundle, "fastest", some));
            assertThat(rows.made()).isEqualTo(some.size());
            assertThat(answers(two.decide(batch))).isEqualTo(alone(other, "fastest", batch));
            assertThat(rows.made()).isEqualTo(FLOWS);
            assertThat(rows.reused()).isEqualTo(some.size());
        }
    }

    @Test
    void shouldReuseTheRowsOfTheFlowsThatALaterTierIsAskedAbout() {
        final FlowBatch batch = firsts(0);
        try (CascadeTier one = tier(bundle, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            final FlowBatch uncertain = one.decide(batch).uncertain();

            assertThat(uncertain.size()).isBetween(1, FLOWS - 1);
            assertThat(answers(two.decide(uncertain)))
                    .isEqualTo(
                            alone(other, "fastest", batch.where(i -> isOf(uncertain, batch, i))));
            assertThat(rows.made()).isEqualTo(FLOWS);
            assertThat(rows.reused()).isEqualTo(uncertain.size());
        }
    }

    @Test
    void shouldMakeRowsOfItsOwnForTiersWithOtherFeatures() {
        final FlowBatch batch = contexts(0);
        try (CascadeTier fastest = tier(bundle, "fastest");
                CascadeTier slow = tier(bundle, "slow");
                CascadeTier otherSlow = tier(other, "slow")) {
            assertThat(answers(fastest.decide(batch))).isEqualTo(alone(bundle, "fastest", batch));
            assertThat(answers(slow.decide(batch))).isEqualTo(alone(bundle, "slow", batch));
            assertThat(rows.reused()).isZero();
            assertThat(answers(otherSlow.decide(batch))).isEqualTo(alone(other, "slow", batch));
            assertThat(rows.made()).isEqualTo(2 * FLOWS);
            assertThat(rows.reused()).isEqualTo(FLOWS);
        }
    }

    @Test
    void shouldNotAnswerForAContextRecordWithTheRowOfTheFirstRecord() {
        final FlowBatch firsts = firsts(0);
        final FlowBatch contexts = contexts(0);
        try (CascadeTier one = tier(bundle, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            one.decide(firsts);

            assertThat(answers(two.decide(contexts))).isEqualTo(alone(other, "fastest", contexts));
            assertThat(rows.made()).isEqualTo(2 * FLOWS);
            assertThat(rows.reused()).isZero();
        }
    }

    @Test
    void shouldNotAnswerForABatchWithTheRowsOfAnotherOneOfTheSameSize() {
        try (CascadeTier one = tier(bundle, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            one.decide(firsts(0));

            assertThat(answers(two.decide(firsts(1))))
                    .isEqualTo(alone(other, "fastest", firsts(1)))
                    .isNotEqualTo(alone(other, "fastest", firsts(0)));
            assertThat(rows.reused()).isZero();
        }
    }

    @Test
    void shouldKeepTheRowsOfTheLatestBatchesInMemoryThatIsUsedAgain() {
        final List<FlowBatch> batches =
                IntStream.rangeClosed(0, SharedRows.BATCHES)
                        .mapToObj(SharedRowsTest::firsts)
                        .toList();
        try (CascadeTier one = tier(bundle, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            batches.subList(0, SharedRows.BATCHES).forEach(one::decide);
            final long bytes = rows.bytes();
            one.decide(batches.get(SharedRows.BATCHES));

            assertThat(rows.bytes()).isPositive().isEqualTo(bytes);
            two.decide(batches.get(SharedRows.BATCHES));
            two.decide(batches.get(1));
            assertThat(rows.reused()).isEqualTo(2 * FLOWS);
            assertThat(answers(two.decide(batches.get(0))))
                    .isEqualTo(alone(other, "fastest", batches.get(0)));
            assertThat(rows.reused()).isEqualTo(2 * FLOWS);
        }
    }

    @Test
    void shouldMakeRowsAgainThatDoNotFitIntoItsMemory() {
        final int width = FeatureEncoders.of(TinyBundles.FASTEST.features()).width();
        final SharedRows small = new SharedRows((long) FLOWS * width * Float.BYTES - 1);
        final FlowBatch batch = firsts(0);
        try (CascadeTier one = tier(bundle, "fastest", small);
                CascadeTier two = tier(other, "fastest", small)) {
            one.decide(batch);

            assertThat(answers(two.decide(batch))).isEqualTo(alone(other, "fastest", batch));
            assertThat(small.made()).isEqualTo(2 * FLOWS);
            assertThat(small.bytes()).isZero();
        }
    }

    @Test
    void shouldKeepNoRowsThatOnlyOneTierReads() {
        try (CascadeTier fastest = tier(bundle, "fastest");
                CascadeTier slow = tier(bundle, "slow")) {
            fastest.decide(contexts(0));
            slow.decide(contexts(0));

            assertThat(rows.bytes()).isZero();
        }
    }

    @Test
    void shouldLetGoOfRowsWhenOneTierIsLeft() {
        try (CascadeTier one = tier(bundle, "fastest")) {
            final CascadeTier two = tier(other, "fastest");
            two.decide(one.decide(firsts(0)));
            assertThat(rows.bytes()).isPositive();
            two.close();
            two.close();

            assertThat(rows.bytes()).isZero();
            assertThat(answers(one.decide(firsts(0))))
                    .isEqualTo(alone(bundle, "fastest", firsts(0)));
        }
    }

    @Test
    void shouldMakeARowOnceWhereTwoThreadsAskAtOnce() throws Exception {
        final int rounds = 50;
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        final CyclicBarrier together = new CyclicBarrier(2);
        try (CascadeTier one = tier(bundle, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            for (int round = 0; round < rounds; round++) {
                final FlowBatch batch = firsts(round);
                final Future<FlowBatch> first = threads.submit(asked(one, batch, together));
                final Future<FlowBatch> second = threads.submit(asked(two, batch, together));

                assertThat(answers(first.get())).isEqualTo(alone(bundle, "fastest", batch));
                assertThat(answers(second.get())).isEqualTo(alone(other, "fastest", batch));
            }
            assertThat(rows.made()).isEqualTo((long) rounds * FLOWS);
            assertThat(rows.reused()).isEqualTo((long) rounds * FLOWS);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldKeepRowsThatAScorerStillReadsHoweverManyBatchesComeMeanwhile() throws Exception {
        final Deque<Runnable> later = new ArrayDeque<>();
        try (Bundle slow =
                        Bundle.load(
                                BundleFiles.in(TinyBundles.write(folder.resolve("later"))),
                                LaterScorer.provider(
                                        task -> {
                                            if (Thread.currentThread().getName().equals("asks")) {
                                                later.add(task);
                                            } else {
                                                task.run();
                                            }
                                        },
                                        row -> false));
                CascadeTier one = tier(slow, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            final List<FlowBatch> asked =
                    IntStream.range(0, SharedRows.BATCHES)
                            .mapToObj(SharedRowsTest::firsts)
                            .toList();
            final List<CompletableFuture<CascadeTier.Decision>> decided = new ArrayList<>();
            final Thread asks =
                    new Thread(
                            () -> {
                                for (final FlowBatch batch : asked) {
                                    final CompletableFuture<CascadeTier.Decision> end =
                                            new CompletableFuture<>();
                                    decided.add(end);
                                    one.decide(batch, end::complete);
                                }
                            },
                            "asks");
            asks.start();
            asks.join();
            final long bytes = rows.bytes();
            for (int i = 0; i < 2 * SharedRows.BATCHES; i++) {
                final FlowBatch batch = firsts(100 + i);
                assertThat(answers(two.decide(batch))).isEqualTo(alone(other, "fastest", batch));
            }
            assertThat(rows.bytes()).isEqualTo(bytes);
            while (!later.isEmpty()) {
                later.remove().run();
            }

            for (int i = 0; i < asked.size(); i++) {
                assertThat(answers(decided.get(i).get().batch()))
                        .isEqualTo(alone(bundle, "fastest", asked.get(i)));
            }
        }
    }

    @Test
    void shouldGiveRowsBackWhereATierIsClosed() {
        final Bundle closed = Bundle.load(folder.resolve("one"));
        try (CascadeTier one = tier(closed, "fastest");
                CascadeTier two = tier(other, "fastest")) {
            closed.close();
            for (int i = 0; i < 2 * SharedRows.BATCHES; i++) {
                final FlowBatch batch = firsts(i);
                assertThatIllegalStateException()
                        .isThrownBy(() -> one.decide(batch))
                        .withMessage("tier fastest is closed");
            }
            final FlowBatch batch = firsts(0);
            two.decide(batch);
            two.decide(batch);

            assertThat(rows.reused()).isEqualTo(FLOWS);
        }
    }

    private static Callable<FlowBatch> asked(
            final CascadeTier tier, final FlowBatch batch, final CyclicBarrier together) {
        return () -> {
            together.await();
            return tier.decide(batch);
        };
    }

    private static boolean isOf(final FlowBatch part, final FlowBatch whole, final int row) {
        return IntStream.range(0, part.size())
                .anyMatch(i -> part.originIndex(i) == whole.originIndex(row));
    }

    private CascadeTier tier(final Bundle of, final String name) {
        return tier(of, name, rows);
    }

    private static CascadeTier tier(final Bundle of, final String name, final SharedRows shared) {
        return new CascadeTier(
                of, name, shared, System::nanoTime, new Ledger(), (flow, verdict) -> {});
    }

    /** What a tier answers that shares nothing. */
    private static List<Answer> alone(final Bundle of, final String name, final FlowBatch batch) {
        try (CascadeTier tier = tier(of, name, new SharedRows())) {
            return answers(tier.decide(batch));
        }
    }

    private static List<Answer> answers(final FlowBatch batch) {
        return IntStream.range(0, batch.size()).mapToObj(i -> Answer.of(batch.verdict(i))).toList();
    }

    /**
     * A verdict without the times that it took; with the probabilities of all labels, bit by bit.
     */
    private record Answer(String label, List<String> probabilities) {

        private static Answer of(final Verdict verdict) {
            return new Answer(
                    verdict.label(),
                    verdict.top().stream()
                            .map(top -> top.label() + Float.floatToRawIntBits(top.probability()))
                            .toList());
        }
    }

    private static FlowBatch firsts(final int seed) {
        return FlowBatch.of(records(seed).map(SampleFlows::randomFirst).toList());
    }

    private static FlowBatch contexts(final int seed) {
        return FlowBatch.of(
                records(seed).<FlowRecord>map(at -> SampleFlows.randomContext(at, 5)).toList());
    }

    private static Stream<Long> records(final int seed) {
        return LongStream.range((long) seed * FLOWS, (seed + 1L) * FLOWS).boxed();
    }
}
