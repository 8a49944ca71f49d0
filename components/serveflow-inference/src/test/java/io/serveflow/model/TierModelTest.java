/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import static io.serveflow.model.TinyBundles.FASTEST;
import static io.serveflow.model.TinyBundles.SLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.SampleFlows;
import io.serveflow.model.onnx.OnnxScorer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TierModelTest {

    private static final int CLASSES = 3;
    private static final int FLOWS = 300;

    private static final List<FlowRecord> FIRSTS =
            IntStream.range(0, FLOWS).mapToObj(SampleFlows::randomFirst).toList();
    private static final List<FlowRecord> MANY =
            IntStream.range(0, 5 * FLOWS).mapToObj(i -> FIRSTS.get(i % FLOWS)).toList();
    private static final byte[] FASTEST_ONNX = TinyModels.trees(896, CLASSES, 1);

    @Test
    void shouldGiveTheProbabilitiesOfTheModel() {
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX)) {
            final float[] probabilities = score(tier, FIRSTS);

            for (int flow = 0; flow < FLOWS; flow++) {
                assertThat(sum(probabilities, flow)).isCloseTo(1, within(1e-5));
            }
            assertThat(Arrays.copyOf(probabilities, CLASSES))
                    .isNotEqualTo(Arrays.copyOfRange(probabilities, CLASSES, 2 * CLASSES));
        }
    }

    @Test
    void shouldApplyTheTemperature() {
        final TierSpec warm =
                new TierSpec("fastest", "fastest.onnx", FASTEST.features(), 2.5, "cpu");
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX);
                TierModel warmTier = TierModel.open(warm, CLASSES, FASTEST_ONNX)) {
            final float[] expected = score(tier, FIRSTS);
            for (int flow = 0; flow < FLOWS; flow++) {
                Temperature.apply(expected, flow * CLASSES, CLASSES, 2.5);
            }

            assertThat(score(warmTier, FIRSTS)).isEqualTo(expected);
        }
    }

    @Test
    void shouldMapTheConfidence() {
        final TierCalibration calibration =
                new TierCalibration(2.5, Optional.of(TierCalibrationTest.map(0.5, 0.9)));
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX);
                TierModel mapped =
                        TierModel.open(
                                FASTEST.withCalibration(calibration), CLASSES, FASTEST_ONNX)) {
            final float[] expected = score(tier, FIRSTS);
            for (int flow = 0; flow < FLOWS; flow++) {
                calibration.apply(expected, flow * CLASSES, CLASSES);
            }

            final float[] answers = score(mapped, FIRSTS);

            assertThat(answers).isEqualTo(expected).contains(0.9f);
        }
    }

    @Test
    void shouldGiveTheSameForOneFlowAsForABatch() {
        try (TierModel one = open(1);
                TierModel all = open(256);
                TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX)) {
            final float[] expected = score(all, FIRSTS);

            assertThat(score(one, FIRSTS)).isEqualTo(expected);
            assertThat(score(tier, FIRSTS)).isEqualTo(expected);
        }
    }

    @Test
    void shouldGiveTheSameWhenItsScorerAnswersLater() {
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX);
                TierModel later =
                        TierModel.of(
                                FASTEST,
                                new LaterScorer(
                                        OnnxScorer.open(FASTEST, CLASSES, FASTEST_ONNX),
                                        threads,
                                        row -> false))) {
            assertThat(score(later, MANY)).isEqualTo(score(tier, MANY));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldSayWhichRowsHaveNoAnswer() {
        final List<TierScorer.Outcome> outcomes = new ArrayList<>();
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX);
                TierModel some =
                        TierModel.of(
                                FASTEST,
                                new LaterScorer(
                                        OnnxScorer.open(FASTEST, CLASSES, FASTEST_ONNX),
                                        Runnable::run,
                                        row -> row == 30))) {
            final float[] expected = score(tier, FIRSTS);
            final float[] answers = new float[expected.length];
            some.score(FLOWS, FIRSTS::get, answers, outcomes::add);

            assertThat(outcomes).hasSize(1);
            assertThat(outcomes.get(0).failed().stream().boxed()).isNotEmpty().contains(30);
            assertThat(outcomes.get(0).nanos()).isPositive();
            for (int row = 0; row < FLOWS; row++) {
                if (!outcomes.get(0).failed().get(row)) {
                    assertThat(Arrays.copyOfRange(answers, row * CLASSES, (row + 1) * CLASSES))
                            .isEqualTo(
                                    Arrays.copyOfRange(
                                            expected, row * CLASSES, (row + 1) * CLASSES));
                }
            }
        }
    }

    @Test
    void shouldNotRememberTheRowsOfALargerBatch() {
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX)) {
            final float[] all = score(tier, FIRSTS);

            assertThat(score(tier, FIRSTS.subList(7, 8)))
                    .isEqualTo(Arrays.copyOfRange(all, 7 * CLASSES, 8 * CLASSES));
        }
    }

    @Test
    void shouldScoreNoFlows() {
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX)) {
            final float[] untouched = {7};

            tier.score(0, i -> FIRSTS.get(i), untouched);

            assertThat(untouched).containsExactly(7);
        }
    }

    @Test
    void shouldRefuseTooLittleRoom() {
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tier.score(2, FIRSTS::get, new float[5]))
                    .withMessageContaining("2 flows of 3 classes do not fit into 5");
        }
    }

    @Test
    void shouldGiveManyThreadsTheSameResults() throws Exception {
        final int threads = 8;
        final byte[] onnx = TinyModels.trees(3 * (1024 + 12), CLASSES, 2);
        final List<FlowRecord> flows =
                IntStream.range(0, FLOWS)
                        .mapToObj(seed -> SampleFlows.randomContext(seed, 1 + seed % 4))
                        .toList();
        final ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (TierModel tier = TierModel.open(SLOW, CLASSES, onnx)) {
            final float[] expected = score(tier, flows);
            final CountDownLatch together = new CountDownLatch(threads);
            final List<Future<Boolean>> same = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                same.add(
                        executor.submit(
                                () -> {
                                    together.countDown();
                                    together.await();
                                    boolean equal = true;
                                    for (int round = 0; round < 20; round++) {
                                        equal &= Arrays.equals(score(tier, flows), expected);
                                    }
                                    return equal;
                                }));
            }
            for (final Future<Boolean> result : same) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void shouldGoOnScoringAfterAFlowThatCannotBeEncoded() {
        try (TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX)) {
            final float[] expected = score(tier, FIRSTS);
            final IllegalArgumentException broken = new IllegalArgumentException("broken");

            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    tier.score(
                                            2,
                                            i -> {
                                                throw broken;
                                            },
                                            new float[2 * CLASSES]))
                    .isSameAs(broken);
            assertThat(score(tier, FIRSTS)).isEqualTo(expected);
        }
    }

    @Test
    void shouldRefuseToScoreOnceClosed() {
        final TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX);
        tier.close();
        tier.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> score(tier, FIRSTS))
                .withMessage("tier fastest is closed");
    }

    @Test
    void shouldLetAScoringThreadFinishWhenClosed() throws Exception {
        final TierModel tier = TierModel.open(FASTEST, CLASSES, FASTEST_ONNX);
        final float[] expected = score(tier, FIRSTS);
        final CountDownLatch scoring = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);
        final ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            final Future<float[]> result =
                    executor.submit(
                            () -> {
                                final float[] probabilities = new float[FLOWS * CLASSES];
                                tier.score(
                                        FLOWS,
                                        i -> {
                                            scoring.countDown();
                                            await(closed);
                                            return FIRSTS.get(i);
                                        },
                                        probabilities);
                                return probabilities;
                            });
            scoring.await();
            tier.close();
            assertThatIllegalStateException().isThrownBy(() -> score(tier, FIRSTS));
            closed.countDown();

            assertThat(result.get()).isEqualTo(expected);
            assertThatIllegalStateException().isThrownBy(() -> score(tier, FIRSTS));
        } catch (final ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void shouldRefuseAModelOfAnotherWidth() {
        refuses(
                FASTEST,
                CLASSES,
                TinyModels.trees(895, CLASSES, 1),
                "fastest.onnx",
                "tier fastest",
                "x has 895 columns, the encoder writes 896");
    }

    @Test
    void shouldRefuseAModelOfAnotherNumberOfClasses() {
        refuses(
                FASTEST,
                CLASSES,
                TinyModels.trees(896, 4, 1),
                "probabilities has 4 columns, the bundle has 3 labels");
    }

    @Test
    void shouldRefuseAModelWhoseTensorsHaveOtherNames() {
        refuses(
                FASTEST,
                CLASSES,
                TinyModels.treesNamed("input", "probabilities", 896, CLASSES),
                "has no tensor x");
        refuses(
                FASTEST,
                CLASSES,
                TinyModels.treesNamed("x", "scores", 896, CLASSES),
                "has no tensor probabilities");
    }

    @Test
    void shouldRefuseBytesThatAreNoModel() {
        refuses(
                FASTEST,
                CLASSES,
                new byte[] {1, 2, 3},
                "fastest.onnx",
                "cannot be read by ONNX Runtime");
        refuses(FASTEST, CLASSES, new byte[0], "cannot be read by ONNX Runtime");
    }

    @Test
    void shouldRefuseAnUnknownEncoder() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new TierSpec(
                                        "fast",
                                        "fast.onnx",
                                        new FeatureSpec("bytes", 1, 1, Set.of()),
                                        1,
                                        "cpu"))
                .withMessageContaining("'bytes' is unknown");
    }

    @Test
    void shouldRefuseAModelThatNobodyScoresWith() {
        final TierSpec other = new TierSpec("fast", "fast.bin", FASTEST.features(), 1, "cpu");

        refuses(other, CLASSES, FASTEST_ONNX, "nothing here scores with a file like fast.bin");
    }

    @Test
    void shouldCloseAScorerWhoseRowsAreNotThoseOfTheTier() {
        final AtomicInteger closed = new AtomicInteger();
        final TierScorer narrow =
                new TierScorer() {
                    @Override
                    public int columns() {
                        return 1;
                    }

                    @Override
                    public int classes() {
                        return CLASSES;
                    }

                    @Override
                    public int rows() {
                        return 1;
                    }

                    @Override
                    public void score(
                            final int n,
                            final FloatBuffer features,
                            final FloatBuffer probabilities,
                            final End end) {
                        throw new IllegalStateException("nothing is scored");
                    }

                    @Override
                    public void close() {
                        closed.incrementAndGet();
                    }
                };

        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> TierModel.of(FASTEST, narrow));
        assertThat(closed).hasValue(1);
    }

    private static TierModel open(final int batch) {
        return TierModel.of(FASTEST, OnnxScorer.open(FASTEST, CLASSES, FASTEST_ONNX, batch));
    }

    private static void refuses(
            final TierSpec spec, final int classes, final byte[] onnx, final String... why) {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(() -> TierModel.open(spec, classes, onnx))
                .satisfies(e -> assertThat(e.getMessage()).contains(why));
    }

    private static float[] score(final TierModel tier, final List<FlowRecord> flows) {
        final float[] probabilities = new float[flows.size() * tier.classes()];
        tier.score(flows.size(), flows::get, probabilities);
        return probabilities;
    }

    private static double sum(final float[] probabilities, final int flow) {
        double sum = 0;
        for (int label = 0; label < CLASSES; label++) {
            sum += probabilities[flow * CLASSES + label];
        }
        return sum;
    }

    private static void await(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
